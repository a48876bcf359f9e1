namespace AiStackDeployer.Core.Stacks;

/// <summary>
/// What an operation is to give a stack. It is the stack's only when the operation has completed; until then what the stack has stays
/// written beside it, so that a failure can put it back.
/// </summary>
/// <param name="Image">Null = as it is.</param>
/// <param name="ProtectedPassword">Encrypted by <see cref="ISecretProtector"/>; null = as it is.</param>
/// <param name="ProtectedEnvironment">The owner's own variables, encrypted; empty = none; null = as they are.</param>
/// <param name="RemoveAt">When it is to be removed for good.</param>
public sealed record StackChange(
    string? Image = null, string? ProtectedPassword = null, string? ProtectedEnvironment = null, DateTimeOffset? RemoveAt = null)
{
    /// <summary>Without the secrets: a record's own text would print them.</summary>
    public override string ToString() => nameof(StackChange);
}
