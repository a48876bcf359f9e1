using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Mcp;

/// <summary>A snapshot as an answer, with what to call next.</summary>
internal sealed class StateText(DeploymentText text)
{
    public StateToolResult Of(DeploymentSnapshot snapshot) => new()
    {
        DeploymentId = snapshot.Id,
        Name = snapshot.Name,
        Url = snapshot.Url,
        TerminalUrl = snapshot.TerminalUrl,
        Status = snapshot.Status.ToWire(),
        Progress = snapshot.Progress,
        Message = text.CurrentStep(snapshot),
        PlaceInLine = snapshot.QueuePosition,
        PlaceInDokploy = snapshot.DokployQueuePosition,
        Health = HealthOf(snapshot),
        KeptVolumes = snapshot.KeptVolumes.Count == 0 ? null : snapshot.KeptVolumes,
        ErrorCode = snapshot.Failure?.Code.ToWire(),
        Remedy = snapshot.Failure is { } failure && !snapshot.HasLaterTry() ? text.Remedy(failure.Code) : null,
        Next = Next(snapshot),
    };

    public static string Next(DeploymentSnapshot snapshot) => snapshot switch
    {
        { IsTerminal: false, Failure: not null } => "It failed and is being removed. Call diagnose_deployment.",
        { IsTerminal: false } => "Not ended. Call wait_for_deployment.",
        { Phase: DeploymentPhase.Completed, Operation.RemovesStack: true } => "Deleted: the name is free.",
        _ when SinceItsEnd(snapshot) is { } since => since,
        { Phase: DeploymentPhase.Completed, IsFailing: true } => "It does not answer now. Call diagnose_deployment.",
        { Phase: DeploymentPhase.Completed, StackState: StackState.Stopped or StackState.ToBeDeleted } => "Done. The stack does not run; operate_stack with start brings it back.",
        { Phase: DeploymentPhase.Completed } => "Done: open url.",
        { Phase: DeploymentPhase.Cancelled } => $"Ended. To make it after all, {TryAgain(snapshot)}.",
        _ => "Call diagnose_deployment.",
    };

    /// <summary>What has become of the stack after this deployment; null when this is still the last that happened to it.</summary>
    public static string? SinceItsEnd(DeploymentSnapshot snapshot) => snapshot switch
    {
        { StackState: StackState.Deleted, Operation.RemovesStack: false } => "The stack is deleted since. deploy_stack makes a new one.",
        { LastDeploymentId: { } last } when last != snapshot.Id => $"Overtaken: call check_deployment_status for {last}.",
        _ => null,
    };

    /// <summary>Null unless the stack is ready and this deployment is the newest on it.</summary>
    internal static string? HealthOf(DeploymentSnapshot snapshot) =>
        snapshot is { StackState: StackState.Ready, IsNewest: true } ? WireNames.Of(snapshot.Health.State) : null;

    /// <summary>The very call that makes it again.</summary>
    public static string TryAgain(DeploymentSnapshot snapshot) =>
        $$"""call deploy_stack {"name":"{{snapshot.Name}}","retry_of":"{{snapshot.Id}}"}""";
}
