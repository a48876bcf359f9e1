namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the sentences in which people are told what happens to their stacks, for <c>IStringLocalizer&lt;NoticeTexts&gt;</c>.</summary>
public sealed class NoticeTexts;
