namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the sentences of the administrators' overview for <c>IStringLocalizer&lt;AdminTexts&gt;</c>.</summary>
public sealed class AdminTexts;
