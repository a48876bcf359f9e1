namespace AiStackDeployer.Core.Deployments;

/// <summary>The steps of a deployment, in their order. Stored by name.</summary>
public enum DeploymentStep
{
    ClaimName,
    EnsureProject,
    EnsureApplication,

    /// <summary>Image, environment and limits, in one call.</summary>
    Configure,

    EnsureVolumes,
    EnsureDomain,
    TriggerDeploy,

    /// <summary>Until Dokploy has handed the service to the swarm. Its "done" is not success.</summary>
    AwaitDokploy,

    /// <summary>Until a swarm task of the service really runs.</summary>
    AwaitContainer,

    /// <summary>Until the stack's own address answers, several times in a row.</summary>
    AwaitReadiness,

    /// <summary>Only when unwinding: removes what this deployment made, and proves it gone.</summary>
    CleanUp,
}

public enum StepOutcome
{
    Pending,
    Running,
    Done,
    Failed,

    /// <summary>Not needed for this stack, or given up because the deployment was cancelled.</summary>
    Skipped,
}

/// <summary>The plan every deployment follows.</summary>
public static class DeploymentPlan
{
    /// <summary>The steps of a run that goes well, in order. <see cref="DeploymentStep.CleanUp"/> is not among them.</summary>
    public static IReadOnlyList<DeploymentStep> Steps { get; } =
    [
        DeploymentStep.ClaimName, DeploymentStep.EnsureProject, DeploymentStep.EnsureApplication, DeploymentStep.Configure,
        DeploymentStep.EnsureVolumes, DeploymentStep.EnsureDomain, DeploymentStep.TriggerDeploy, DeploymentStep.AwaitDokploy,
        DeploymentStep.AwaitContainer, DeploymentStep.AwaitReadiness,
    ];

    /// <summary>
    /// Percentage shown when a step begins. The shares follow the recorded run against a real Dokploy: the calls take a second,
    /// the container two, the program in it four to six. 100 is reserved for a stack that answered.
    /// </summary>
    public static int ProgressAtStart(DeploymentStep step) => step switch
    {
        DeploymentStep.ClaimName => 0,
        DeploymentStep.EnsureProject => 3,
        DeploymentStep.EnsureApplication => 7,
        DeploymentStep.Configure => 12,
        DeploymentStep.EnsureVolumes => 16,
        DeploymentStep.EnsureDomain => 21,
        DeploymentStep.TriggerDeploy => 25,
        DeploymentStep.AwaitDokploy => 28,
        DeploymentStep.AwaitContainer => 38,
        DeploymentStep.AwaitReadiness => 55,
        DeploymentStep.CleanUp => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    /// <summary>The percentage that a step works towards; the page moves inside this range with the learned duration.</summary>
    public static int ProgressAtEnd(DeploymentStep step)
    {
        if (step == DeploymentStep.CleanUp)
        {
            return 0;
        }
        var index = Steps.ToList().IndexOf(step);
        return index + 1 < Steps.Count ? ProgressAtStart(Steps[index + 1]) : 99;
    }
}
