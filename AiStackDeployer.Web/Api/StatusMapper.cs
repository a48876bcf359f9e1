using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>From facts to what goes over the wire. Never a password, never an owner.</summary>
internal sealed class StatusMapper(DeploymentText text, HealthText health)
{
    public StatusAnswer Whole(DeploymentSnapshot snapshot) => new()
    {
        DeploymentId = snapshot.Id,
        StackId = snapshot.StackId,
        Name = snapshot.Name,
        Url = snapshot.Url,
        TerminalUrl = snapshot.TerminalUrl,
        Kind = snapshot.Operation.Name,
        Status = snapshot.Status,
        Progress = snapshot.Progress,
        CurrentStep = text.CurrentStep(snapshot),
        PlaceInLine = snapshot.QueuePosition,
        PlaceInDokploy = snapshot.DokployQueuePosition,
        DokployBusySince = snapshot.DokployBusySince,
        Steps = [.. snapshot.Steps.Select(s => new StepAnswer(s.Step, s.Outcome, s.StartedAt, s.EndedAt))],
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
        var then = Then(e, snapshot);
        return new StatusAnswer
        {
            DeploymentId = e.DeploymentId,
            Name = snapshot.Name,
            Url = snapshot.Url,
            Kind = snapshot.Operation.Name,
            Status = then.Status,
            Progress = e.Progress,
            CurrentStep = text.CurrentStep(then),
            Error = Error(then),
        };
    }

    public EventAnswer Event(DeploymentEvent e, DeploymentSnapshot snapshot)
    {
        var then = Then(e, snapshot);
        return new EventAnswer(
            e.Sequence, e.At, e.Kind, then.Status, e.Step, e.Progress,
            e.Kind == DeploymentEventKind.Log ? text.Log(e) : text.CurrentStep(then), Error(then)?.Code);
    }

    public LogAnswer Log(DeploymentEvent e) => new(e.At, text.Log(e));

    /// <summary>The last line of a log: how it ended.</summary>
    public LogAnswer End(DeploymentEvent e, DeploymentSnapshot snapshot) => new(e.At, text.CurrentStep(Then(e, snapshot)));

    public StackAnswer Stack(StackRow row, string? caller) => new()
    {
        StackId = row.Stack.Id,
        Name = row.Stack.Name,
        Url = row.Stack.Url,
        TerminalUrl = TerminalOf(row),
        State = row.Stack.State,
        Summary = text.Chip(row).Word,
        Health = row.Stack.State == StackState.Ready ? Health(row.Health) : null,
        OpenCodeVersion = row.Stack.OpenCodeVersion,
        Mine = row.Stack.OwnerId == caller,
        Image = row.Stack.Image,
        CreatedAt = row.Stack.CreatedAt,
        ReadyAt = row.Stack.ReadyAt,
        FailedAt = row.Stack.FailedAt,
        StoppedAt = row.Stack.StoppedAt,
        RemoveAt = row.Stack.RemoveAt,
        UsedAt = row.Stack.UsedAt,
        KeepUntil = row.Stack.KeepUntil,
        TerminalAnswers = row.Stack.TerminalAnswers,
        DeploymentId = row.DeploymentId,
        DeploymentStatus = DeploymentStatuses.Of(row.Operation, row.Phase, row.Step),
        Progress = row.Progress,
        ErrorCode = row.FailureCode,
    };

    private StackHealthAnswer Health(StackHealth now) =>
        new(now.State, now.Since, now.SeenAt, now.Layer, now.Missing, health.Cause(now), health.Advice(now));

    public static string? TerminalOf(StackRow row) => row.Stack.TerminalPath is { } path ? row.Stack.Url + path : null;

    private static DeploymentSnapshot Then(DeploymentEvent e, DeploymentSnapshot snapshot) => snapshot with
    {
        Phase = e.Phase, CurrentStep = e.Step, Progress = e.Progress, Failure = e.Failure, QueuePosition = null, DokployQueuePosition = null,
        CancelRequested = false,
    };

    private StatusError? Error(DeploymentSnapshot snapshot) => snapshot switch
    {
        { Failure: { } failure } => new StatusError(
            failure.Code.ToWire(), text.Failure(failure.Code, failure.Subject), snapshot.HasLaterTry() ? null : text.Remedy(failure.Code),
            failure.Step, failure.RawLines, failure.LeftBehind),
        { Phase: DeploymentPhase.Cancelled } => new StatusError("cancelled", text.CurrentStep(snapshot), null, null, null, null),
        _ => null,
    };
}
