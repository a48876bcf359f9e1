namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the words of the logs page for <c>IStringLocalizer&lt;LogTexts&gt;</c>.</summary>
public sealed class LogTexts;
