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
