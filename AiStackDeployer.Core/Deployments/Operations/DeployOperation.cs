using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Makes a stack, or makes a failed one again. A stack that failed keeps its name for its owner; one that was cancelled lets it go;
/// one of which something is left behind does neither until it is deleted.
/// </summary>
public sealed class DeployOperation() : Operation("deploy",
[
    // The shares follow the recorded run against a real Dokploy: the calls take a second, the container two, the program in it four to six.
    new(DeploymentStep.ClaimName, 0) { IsDoneWhenAccepted = true },
    new(DeploymentStep.EnsureProject, 3),
    new(DeploymentStep.EnsureApplication, 7),
    new(DeploymentStep.Configure, 12),
    new(DeploymentStep.EnsureVolumes, 16),
    new(DeploymentStep.EnsureDomain, 21),
    new(DeploymentStep.TriggerDeploy, 25),
    new(DeploymentStep.AwaitDokploy, 28),
    new(DeploymentStep.AwaitContainer, 38),
    new(DeploymentStep.AwaitReadiness, 55),
])
{
    public override StackState? During => StackState.Creating;

    public override bool MakesStack => true;

    public override Undo Undo => Undo.RemoveAllMade;

    public override LogCode? AcceptedLog => LogCode.NameClaimed;

    public override bool MayBeginIn(StackState state) => state == StackState.Failed;

    public override DeploymentStatus StatusAt(DeploymentStep current) => current switch
    {
        DeploymentStep.ClaimName => DeploymentStatus.Initializing,
        DeploymentStep.EnsureProject => DeploymentStatus.CreatingProject,
        DeploymentStep.EnsureApplication or DeploymentStep.Configure or DeploymentStep.EnsureVolumes or DeploymentStep.EnsureDomain =>
            DeploymentStatus.CreatingApplication,
        _ => DeploymentStatus.Deploying,
    };

    /// <summary>
    /// Also when its name was let go: the retry claims it again. Not when something is left of it, which has to be deleted first, nor when
    /// its stack was deleted since: what somebody deleted does not come back.
    /// </summary>
    public override bool MayBeRetried(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Failed or DeploymentPhase.Cancelled, StackState: not StackState.DeleteFailed }
        && !now.IsSuperseded() && !now.HasLaterTry();

    public override void OnAccepted(Stack stack) => stack.TerminalAnswers = null;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        deployment.Stack.State = StackState.Ready;
        deployment.Stack.ReadyAt = now;
        deployment.Stack.FailedAt = null;
        // The last step has just seen it answer.
        deployment.Stack.Health = StackHealth.AnsweringSince(now);
        // The volumes of an earlier try are in use again.
        deployment.ForgetRemainingVolumes();
    }

    public override void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        var stack = deployment.Stack;
        stack.FailedAt = now;
        stack.State = leftBehind.Count > 0 ? StackState.DeleteFailed : StackState.Failed;
        if (leftBehind.Count == 0 && deployment.Failure?.Code == FailureCode.NameTakenUpstream)
        {
            // The name never was free: keeping it would only bar its owner from another try.
            stack.ReleasedAt = now;
        }
    }

    public override void OnCancelled(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        var stack = deployment.Stack;
        if (leftBehind.Count > 0)
        {
            stack.State = StackState.DeleteFailed;
            stack.FailedAt = now;
        }
        else if (stack.FailedAt is not null && deployment.StartedAt is null)
        {
            // A retry that never began: the stack is the failed one it was.
            stack.State = StackState.Failed;
        }
        else
        {
            stack.ReleasedAt = now;
        }
    }
}
