namespace AiStackDeployer.Core.Stacks;

/// <summary>How many stacks a person may have. Failed and deleted ones do not count.</summary>
/// <param name="perPerson">Of whoever has no limit of their own; null = any number.</param>
/// <param name="limits">By role or group.</param>
public sealed class StackQuota(int? perPerson, IReadOnlyDictionary<string, int?> limits)
{
    /// <summary>Null = any number.</summary>
    /// <param name="lifted">What an administrator has granted this person; null = nothing of their own.</param>
    public int? LimitOf(string role, IEnumerable<string> groups, int? lifted)
    {
        if (lifted is not null)
        {
            return lifted;
        }
        var own = groups.Append(role).Where(limits.ContainsKey).Select(name => limits[name]).ToList();
        // Of several the most: nobody loses by a group.
        return own.Count == 0 ? perPerson : own.Contains(null) ? null : own.Max();
    }
}
