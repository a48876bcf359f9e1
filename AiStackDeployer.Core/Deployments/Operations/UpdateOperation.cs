using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Gives a stack something new by another deploy of it. The swarm starts the new container beside the old one, so the stack goes on
/// answering until the new one does. What it was given becomes the stack's only with the verified end; a failure puts back what it had.
/// </summary>
public abstract class UpdateOperation(string name, IReadOnlyList<PlanStep> plan) : Operation(name, plan)
{
    protected static readonly PlanStep[] Shortest =
    [
        new(DeploymentStep.Configure, 0),
        new(DeploymentStep.EnsureDomain, 5),
        new(DeploymentStep.TriggerDeploy, 10),
        new(DeploymentStep.AwaitDokploy, 15),
        new(DeploymentStep.AwaitContainer, 30),
        new(DeploymentStep.AwaitReadiness, 60),
    ];

    public override StackState? During => StackState.Updating;

    public override bool CanBeCancelled => false;

    public override Undo Undo => Undo.PutBack;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        var stack = deployment.Stack;
        stack.State = StackState.Ready;
        stack.StoppedAt = null;
        stack.Health = StackHealth.AnsweringSince(now);
        if (deployment.Change is not { } change)
        {
            return;
        }
        stack.Image = change.Image ?? stack.Image;
        stack.ProtectedPassword = change.ProtectedPassword ?? stack.ProtectedPassword;
        if (change.ProtectedEnvironment is { } environment)
        {
            stack.ProtectedEnvironment = environment.Length == 0 ? null : environment;
        }
    }

    public override void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        deployment.RestoreStack();
        if (deployment.TouchedDokploy)
        {
            deployment.Stack.Health = StackHealth.Unknown;
        }
    }
}

/// <summary>
/// Deploys a stack once more, with the image that new stacks get or another one. Everything it needs in Dokploy is made again where it is
/// missing, so this also repairs a stack of which somebody removed a part.
/// </summary>
public sealed class RedeployOperation() : UpdateOperation("redeploy",
[
    new(DeploymentStep.EnsureProject, 0),
    new(DeploymentStep.EnsureApplication, 4),
    new(DeploymentStep.Configure, 8),
    new(DeploymentStep.EnsureVolumes, 12),
    new(DeploymentStep.EnsureDomain, 16),
    new(DeploymentStep.TriggerDeploy, 20),
    new(DeploymentStep.AwaitDokploy, 24),
    new(DeploymentStep.AwaitContainer, 38),
    new(DeploymentStep.AwaitReadiness, 60),
])
{
    public override bool MayBeginIn(StackState state) => state is StackState.Ready or StackState.Stopped;

    public override StackChange Prepare(OperationInput input) => new(Image: input.Image ?? input.DefaultImage);
}

/// <summary>
/// Gives a stack another password. With it end the sessions of everybody who is signed in there, the tickets that are on their way and the
/// token of its log, because all of them are derived from it.
/// </summary>
public sealed class RotatePasswordOperation() : UpdateOperation("rotate-password", Shortest)
{
    public override StackChange Prepare(OperationInput input) => new(ProtectedPassword: input.NewProtectedPassword());
}

/// <summary>Gives a stack its owner's own variables, all of them at once.</summary>
public sealed class ChangeEnvironmentOperation() : UpdateOperation("change-environment", Shortest)
{
    public override bool NeedsEnvironment => true;

    /// <summary>What it was to give is forgotten at its end: another try without it would take away every variable.</summary>
    public override bool MayBeRetried(DeploymentSnapshot now) => false;

    public override StackChange Prepare(OperationInput input) => new(ProtectedEnvironment: input.ProtectedEnvironment ?? "");
}
