namespace AiStackDeployer.Web.Components.Admin;

/// <summary>What a dialog was answered with.</summary>
/// <param name="Value">Null = what the settings say.</param>
internal sealed record StackLimit(int? Value);
