namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the texts of the pages themselves for <c>IStringLocalizer&lt;PageTexts&gt;</c>: headings, buttons, notices.</summary>
public sealed class PageTexts;
