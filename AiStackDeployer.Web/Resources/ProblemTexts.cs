namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the sentences of the API's problems for <c>IStringLocalizer&lt;ProblemTexts&gt;</c>. The keys are their codes.</summary>
public sealed class ProblemTexts;
