namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences about the health of stacks for <c>IStringLocalizer&lt;HealthTexts&gt;</c>. Read through
/// <c>Presentation.HealthText</c>, which knows the keys.
/// </summary>
public sealed class HealthTexts;
