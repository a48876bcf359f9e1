namespace AiStackDeployer.Core.Stacks;

/// <summary>How many stacks a person may have. Failed and deleted ones do not count.</summary>
/// <param name="perPerson">Of whoever has no limit of their own; null = any number.</param>
/// <param name="limits">By role or group.</param>
public sealed class StackQuota(int? perPerson, IReadOnlyDictionary<string, int?> limits)
{
    /// <summary>Null = any number.</summary>
    /// <param name="lifted">What an administrator has granted this person; null = nothing of their own.</param>
    /// <param name="ofRole">What administrators have decided for the role, in the place of what the settings say of it.</param>
    public int? LimitOf(string role, IEnumerable<string> groups, int? lifted, int? ofRole = null)
    {
        if (lifted is not null)
        {
            return lifted;
        }
        var own = (ofRole is null ? groups.Append(role) : groups).Where(limits.ContainsKey).Select(name => limits[name]).Concat(ofRole is null ? [] : [ofRole]).ToList();
        // Of several the most: nobody loses by a group.
        return own.Count == 0 ? perPerson : own.Contains(null) ? null : own.Max();
    }
}
