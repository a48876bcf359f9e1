using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Mcp;

/// <summary>A snapshot as an answer, with what to call next.</summary>
internal sealed class StateText(DeploymentText text)
{
    public StateAnswer Of(DeploymentSnapshot snapshot) => new()
    {
        DeploymentId = snapshot.Id,
        Name = snapshot.Name,
        Url = snapshot.Url,
        TerminalUrl = snapshot.TerminalUrl,
        Status = snapshot.Status.ToWire(),
        Progress = snapshot.Progress,
        Message = text.CurrentStep(snapshot),
        PlaceInLine = snapshot.PlaceInLine,
        PlaceInDokploy = snapshot.PlaceInDokploy,
        KeptVolumes = snapshot.KeptVolumes.Count == 0 ? null : snapshot.KeptVolumes,
        ErrorCode = snapshot.Failure?.Code.ToWire(),
        Remedy = snapshot.Failure is { } failure ? text.Remedy(failure.Code) : null,
        Next = Next(snapshot),
    };

    public static string Next(DeploymentSnapshot snapshot) => snapshot switch
    {
        { Phase: DeploymentPhase.Completed, Kind: DeploymentKind.Delete } => "Deleted: the name is free.",
        { Phase: DeploymentPhase.Completed } => "Done: open url.",
        { Phase: DeploymentPhase.Cancelled } => "Ended. deploy_stack makes a new one.",
        { Failure: not null, IsTerminal: true } => "Call diagnose_deployment.",
        { Failure: not null } => "It failed and is being removed. Call diagnose_deployment.",
        _ => "Not ended. Call wait_for_deployment.",
    };
}
