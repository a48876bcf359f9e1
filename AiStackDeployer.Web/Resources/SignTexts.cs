namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences of known causes for <c>IStringLocalizer&lt;SignTexts&gt;</c>: <c>{code}</c> and <c>{code}-cure</c> of each
/// signature. Read through <c>Presentation.SignText</c>.
/// </summary>
public sealed class SignTexts;
