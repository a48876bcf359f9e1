namespace AiStackDeployer.Core.Stacks;

/// <summary>A way into a stack, for one person.</summary>
/// <param name="Url">With a ticket in its fragment, which no server sees; else the stack's plain address.</param>
/// <param name="ExpiresAt">Until when the ticket is good, for one use; null = there is none, and the stack asks for its password.</param>
public sealed record StackEntry(string Url, DateTimeOffset? ExpiresAt)
{
    /// <summary>Without the ticket: a record's own text would print it.</summary>
    public override string ToString() => Url.Split('#')[0];
}
