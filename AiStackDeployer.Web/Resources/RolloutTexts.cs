namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the sentences about roll-outs of an image for <c>IStringLocalizer&lt;RolloutTexts&gt;</c>.</summary>
public sealed class RolloutTexts;
