namespace AiStackDeployer.Core.Stacks;

/// <summary>How to sign in to a stack. Shown to its owner only, never logged.</summary>
public sealed record StackCredentials(string UserName, string Password)
{
    /// <summary>Without the password: a record's own text would print it.</summary>
    public override string ToString() => $"{UserName}:***";
}
