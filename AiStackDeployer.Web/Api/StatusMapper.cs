using System.Text.Json;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>From facts to what goes over the wire. Never a password, never an owner.</summary>
internal sealed class StatusMapper(DeploymentText text)
{
    public StatusAnswer Whole(DeploymentSnapshot snapshot) => new()
    {
        DeploymentId = snapshot.Id,
        Name = snapshot.Name,
        Url = snapshot.Url,
        TerminalUrl = snapshot.TerminalUrl,
        Kind = snapshot.Kind.ToWire(),
        Status = snapshot.Status.ToWire(),
        Progress = snapshot.Progress,
        CurrentStep = text.CurrentStep(snapshot),
        PlaceInLine = snapshot.PlaceInLine,
        PlaceInDokploy = snapshot.PlaceInDokploy,
        Steps = [.. snapshot.Steps.Select(s => new StepAnswer(Wire(s.Step), Wire(s.Outcome), s.StartedAt, s.EndedAt))],
        Error = Error(snapshot),
        CreatedAt = snapshot.CreatedAt,
        StartedAt = snapshot.StartedAt,
        FinishedAt = snapshot.FinishedAt,
        TerminalAnswers = snapshot.TerminalAnswers,
        KeptVolumes = snapshot.KeptVolumes.Count == 0 ? null : snapshot.KeptVolumes,
        StackDeletedAt = snapshot.StackDeletedAt,
        TraceId = snapshot.TraceId,
    };

    /// <summary>The facts as of one event of the past.</summary>
    public StatusAnswer At(DeploymentEvent e, DeploymentSnapshot snapshot)
    {
        var then = snapshot with
        {
            Phase = e.Phase, CurrentStep = e.Step, Progress = e.Progress, Failure = e.Failure, PlaceInLine = null, PlaceInDokploy = null,
            CancelRequested = false,
        };
        return new StatusAnswer
        {
            DeploymentId = e.DeploymentId,
            Name = snapshot.Name,
            Url = snapshot.Url,
            Kind = snapshot.Kind.ToWire(),
            Status = then.Status.ToWire(),
            Progress = e.Progress,
            CurrentStep = text.CurrentStep(then),
            Error = Error(then),
        };
    }

    public LogAnswer Log(DeploymentEvent e) => new(e.At, text.Log(e));

    private StatusError? Error(DeploymentSnapshot snapshot) => snapshot switch
    {
        { Failure: { } failure } => new StatusError(
            failure.Code.ToWire(), text.Failure(failure.Code, failure.Subject), text.Remedy(failure.Code), Wire(failure.Step),
            failure.RawLines, failure.LeftBehind),
        { Phase: DeploymentPhase.Cancelled } => new StatusError("cancelled", text.CurrentStep(snapshot), null, null, null, null),
        _ => null,
    };

    private static string Wire<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
