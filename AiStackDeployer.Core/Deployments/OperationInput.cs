namespace AiStackDeployer.Core.Deployments;

/// <summary>From what an operation chooses what it will give the stack.</summary>
/// <param name="DefaultImage">The one that the stack should have.</param>
/// <param name="UndoWindow">How long a deletion can be taken back.</param>
/// <param name="NewProtectedPassword">Makes a password, encrypted.</param>
public sealed record OperationInput(DateTimeOffset Now, string DefaultImage, TimeSpan UndoWindow, Func<string> NewProtectedPassword)
{
    /// <summary>The image that was asked for; null = the default one.</summary>
    public string? Image { get; init; }

    /// <summary>The owner's own variables that were given, encrypted; null = none were.</summary>
    public string? ProtectedEnvironment { get; init; }
}
