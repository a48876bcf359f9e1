namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences about what the portal depends on for <c>IStringLocalizer&lt;ConnectionTexts&gt;</c>: causes with their
/// remedies, by their codes. Places are named after the facts they take. Read through <c>Presentation.ConnectionText</c>.
/// </summary>
public sealed class ConnectionTexts;
