namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences of a diagnosis for <c>IStringLocalizer&lt;DiagnosisTexts&gt;</c>: causes, advice, evidence. Read through
/// <c>Presentation.DiagnosisText</c>, which knows the keys.
/// </summary>
public sealed class DiagnosisTexts;
