namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences about names for <c>IStringLocalizer&lt;NameTexts&gt;</c>. The keys are the codes of
/// <c>NameFaultCodes</c> and <c>NameAvailability.Code</c>, and a few the form needs around them.
/// </summary>
public sealed class NameTexts;
