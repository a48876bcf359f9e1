namespace AiStackDeployer.Web.Resources;

/// <summary>
/// Marks the sentences about deployments for <c>IStringLocalizer&lt;DeploymentTexts&gt;</c>: steps, states, failures with their
/// remedies, log lines, durations. Read through <c>Presentation.DeploymentText</c>, which knows the keys.
/// </summary>
public sealed class DeploymentTexts;
