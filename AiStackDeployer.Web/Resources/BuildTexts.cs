namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the words of the builds panel for <c>IStringLocalizer&lt;BuildTexts&gt;</c>.</summary>
public sealed class BuildTexts;
