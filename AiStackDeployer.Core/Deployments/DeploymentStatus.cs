using AiStackDeployer.Core.Deployments.Operations;

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

    /// <summary>Another operation on a stack is waiting or under way.</summary>
    InProgress,
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
        DeploymentStatus.InProgress => "in_progress",
        DeploymentStatus.Completed => "completed",
        DeploymentStatus.Failed => "failed",
        DeploymentStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The status that follows from the facts: the phase, and the last step of the plan that was begun.</summary>
    public static DeploymentStatus Of(Operation operation, DeploymentPhase phase, DeploymentStep step) => phase switch
    {
        DeploymentPhase.Completed => DeploymentStatus.Completed,
        DeploymentPhase.Failed => DeploymentStatus.Failed,
        DeploymentPhase.Cancelled => DeploymentStatus.Cancelled,
        DeploymentPhase.Queued => operation.StatusAt(operation.Plan[0].Step),
        DeploymentPhase.Running or DeploymentPhase.Unwinding => operation.StatusAt(step),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
