namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// The coarse status that scripts know. It is computed from the phase and the step, never stored on its own.
/// </summary>
public enum DeploymentStatus
{
    Initializing,
    CreatingProject,
    CreatingApplication,
    Deploying,

    /// <summary>Waiting or under way.</summary>
    Deleting,
    Completed,
    Failed,
    Cancelled,
}

public static class DeploymentStatuses
{
    /// <summary>The status' name on the wire, e.g. <c>creating_project</c>.</summary>
    public static string ToWire(this DeploymentStatus status) => status switch
    {
        DeploymentStatus.Initializing => "initializing",
        DeploymentStatus.CreatingProject => "creating_project",
        DeploymentStatus.CreatingApplication => "creating_application",
        DeploymentStatus.Deploying => "deploying",
        DeploymentStatus.Deleting => "deleting",
        DeploymentStatus.Completed => "completed",
        DeploymentStatus.Failed => "failed",
        DeploymentStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The status that follows from the facts: the phase, and the last step of the plan that was begun.</summary>
    public static DeploymentStatus Of(DeploymentPhase phase, DeploymentStep step) => phase switch
    {
        DeploymentPhase.Completed => DeploymentStatus.Completed,
        DeploymentPhase.Failed => DeploymentStatus.Failed,
        DeploymentPhase.Cancelled => DeploymentStatus.Cancelled,
        _ when DeploymentPlan.IsOfDeletion(step) => DeploymentStatus.Deleting,
        DeploymentPhase.Queued => DeploymentStatus.Initializing,
        DeploymentPhase.Running or DeploymentPhase.Unwinding => step switch
        {
            DeploymentStep.ClaimName => DeploymentStatus.Initializing,
            DeploymentStep.EnsureProject => DeploymentStatus.CreatingProject,
            DeploymentStep.EnsureApplication or DeploymentStep.Configure or DeploymentStep.EnsureVolumes
                or DeploymentStep.EnsureDomain => DeploymentStatus.CreatingApplication,
            _ => DeploymentStatus.Deploying,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
