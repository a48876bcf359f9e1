namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the sentences about maintenance, notices and policies for <c>IStringLocalizer&lt;CareTexts&gt;</c>.</summary>
public sealed class CareTexts;
