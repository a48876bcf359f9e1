namespace AiStackDeployer.Core.People;

/// <summary>What a token may do of what its person may. On the wire lower-case words, separated by spaces, as OAuth has them.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary>See stacks, deployments and their logs.</summary>
    Read = 1,

    /// <summary>Make stacks; cancel and retry their deployments.</summary>
    Deploy = 2,

    /// <summary>Delete stacks and operate on them.</summary>
    Manage = 4,

    /// <summary>Read stacks' passwords.</summary>
    Credentials = 8,

    /// <summary>Act on what is not the person's own, where their role lets them.</summary>
    Admin = 16,
}

public static class ScopeWords
{
    /// <summary>Each single one, in the order in which they are offered.</summary>
    public static IReadOnlyList<Scopes> All { get; } = [Scopes.Read, Scopes.Deploy, Scopes.Manage, Scopes.Credentials, Scopes.Admin];

    /// <summary>Such as <c>read deploy</c>.</summary>
    public static string ToWords(this Scopes scopes) =>
        string.Join(' ', All.Where(scope => scopes.HasFlag(scope)).Select(scope => scope.ToString().ToLowerInvariant()));

    /// <summary>Words that are no scope of ours are left out.</summary>
    public static Scopes Parse(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(Scopes.None, (sum, word) => sum | All.FirstOrDefault(scope => scope.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)));
}
