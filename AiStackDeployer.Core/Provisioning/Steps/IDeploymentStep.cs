using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// One step of the plan. It may be run any number of times: it finds what it would make before it makes it. What it found or
/// made is recorded by the workflow in the same transaction that ends the step.
/// </summary>
internal interface IDeploymentStep
{
    DeploymentStep Step { get; }

    /// <exception cref="StepFailedException">It cannot succeed.</exception>
    /// <exception cref="Dokploy.DokployException">The workflow decides whether it passes, and runs the step again.</exception>
    Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken);
}

/// <summary>How a step ended, and what to record with it.</summary>
internal sealed record StepEnd(StepOutcome Outcome, Action<Deployment, DateTimeOffset>? Record = null)
{
    public static StepEnd Done { get; } = new(StepOutcome.Done);

    public static StepEnd Skipped { get; } = new(StepOutcome.Skipped);

    /// <summary>Not ended: what is in the way may take minutes, and no worker shall stand there for it. A later run goes on.</summary>
    public static StepEnd Later { get; } = new(StepOutcome.Running);

    public static StepEnd DoneWith(Action<Deployment, DateTimeOffset> record) => new(StepOutcome.Done, record);
}
