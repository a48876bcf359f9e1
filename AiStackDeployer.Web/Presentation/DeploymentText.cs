using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Everything a deployment tells people, as sentences of the current UI culture. Page, REST and MCP all speak through it.</summary>
public sealed class DeploymentText(IStringLocalizer<DeploymentTexts> texts, HealthText health)
{
    /// <summary>What happens now, or how it ended.</summary>
    public string CurrentStep(DeploymentSnapshot snapshot) => snapshot.Phase switch
    {
        DeploymentPhase.Queued => Waiting(snapshot.QueuePosition),
        DeploymentPhase.Running when snapshot.CancelRequested => texts["state-stopping"],
        DeploymentPhase.Running when snapshot.DokployQueuePosition is { } place => WaitingInDokploy(new DokployWait(place, snapshot.DokployBusySince)),
        DeploymentPhase.Running => Step(snapshot.CurrentStep),
        DeploymentPhase.Unwinding => texts["state-unwinding"],
        DeploymentPhase.Completed when snapshot.IsFailing => health.Failing(snapshot.Health),
        DeploymentPhase.Completed => texts[snapshot.StackState switch
        {
            StackState.Deleting => "state-deleting",
            StackState.DeleteFailed => "state-deletefailed",
            StackState.Deleted => "state-deleted",
            StackState.Ready or StackState.Creating or StackState.Failed => "state-ready",
            var other => StateKey(other),
        }],
        DeploymentPhase.Failed when snapshot.Failure is { } failure => Failure(failure.Code, failure.Subject),
        DeploymentPhase.Failed => texts["state-failed"],
        DeploymentPhase.Cancelled => texts["state-cancelled"],
        _ => throw new ArgumentOutOfRangeException(nameof(snapshot), snapshot.Phase, null),
    };

    public string Step(DeploymentStep step) => texts["step-" + Kebab(step)];

    /// <summary>A row of the step list; the tense follows how far it is.</summary>
    public string Row(StepRow row, StepOutcome outcome) =>
        texts[$"row-{Kebab(row)}-{(outcome == StepOutcome.Done ? "done" : "doing")}"];

    /// <summary>How far a step is, as a word for those who do not see its tick.</summary>
    public string Outcome(StepOutcome outcome) => texts["outcome-" + Kebab(outcome)];

    /// <param name="subject">The thing it is about, e.g. the image; named where the sentence has room for it.</param>
    public string Failure(FailureCode code, string? subject = null)
    {
        var key = "failure-" + code.ToWire();
        if (subject is not null && texts[key + "-of", subject] is { ResourceNotFound: false } named)
        {
            return named;
        }
        return texts[key];
    }

    /// <summary>Two or three words, for a chip.</summary>
    public string FailureShort(FailureCode code) => texts[$"failure-{code.ToWire()}-short"];

    /// <summary>What the reader can do about it.</summary>
    public string Remedy(FailureCode code) => texts[$"failure-{code.ToWire()}-remedy"];

    /// <summary>One line of the log; empty for an event that is none.</summary>
    public string Log(DeploymentEvent e) => e.Log switch
    {
        null => "",
        LogCode.Raw => e.Detail ?? "",
        _ when health.Log(e) is { } line => line,
        LogCode.WaitingInDokploy when DokployWait.Parse(e.Detail) is { } wait => wait.BusySince is { } since
            ? texts["log-waiting-in-dokploy-since", Ordinals.Of(wait.Place), health.Moment(since)]
            : texts["log-waiting-in-dokploy", Ordinals.Of(wait.Place)],
        LogCode.StopAnnounced or LogCode.DeletionAnnounced or LogCode.KeptRunning
            when DateTimeOffset.TryParse(e.Detail, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) =>
            texts["log-" + Kebab(e.Log.Value), health.Moment(at)],
        LogCode.Retrying when FailureCodes.FromWire(e.Detail) is { } code => texts["log-retrying", FailureShort(code)],
        LogCode.TaskState => texts["log-task-state", Known("task-" + e.Detail?.ToLowerInvariant()) ?? e.Detail ?? ""],
        LogCode.AddressNotYet when e.Detail?.Split(' ', 2) is [var layer, .. var status] =>
            texts["log-address-not-yet", Known("layer-" + layer, status.FirstOrDefault() ?? "") ?? e.Detail],
        { } log => texts["log-" + Kebab(log), e.Detail ?? ""],
    };

    /// <summary>A stack's state in one chip: the word, and the colour and shape that go with it.</summary>
    public (string Word, Tone Tone) Chip(StackRow row) => row.Stack.State switch
    {
        StackState.Ready when row.Health.IsFailing() => (health.Failing(row.Health), Tone.Failed),
        StackState.Ready => (texts["state-ready"], Tone.Ready),
        StackState.Failed => (row.FailureCode is { } code ? FailureShort(code) : texts["state-failed"], Tone.Failed),
        StackState.Creating => row.Phase switch
        {
            DeploymentPhase.Queued => (Waiting(null), Tone.Waiting),
            DeploymentPhase.Running => (WithPercent(Step(row.Step), row.Progress), Tone.Working),
            DeploymentPhase.Unwinding => (texts["state-unwinding"], row.FailureCode is null ? Tone.Stopped : Tone.Failed),
            // The stack's and its deployment's rows were read around the moment of its end.
            DeploymentPhase.Completed or DeploymentPhase.Failed or DeploymentPhase.Cancelled => (texts["state-creating"], Tone.Working),
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.Phase, null),
        },
        StackState.Stopped or StackState.ToBeDeleted => (texts[StateKey(row.Stack.State)], Tone.Stopped),
        StackState.Deleting or StackState.Stopping or StackState.Starting or StackState.Updating => row.Phase switch
        {
            DeploymentPhase.Queued => (Waiting(null), Tone.Waiting),
            DeploymentPhase.Running => (WithPercent(Step(row.Step), row.Progress), Tone.Working),
            DeploymentPhase.Unwinding => (texts["state-unwinding"], Tone.Failed),
            _ => (texts[StateKey(row.Stack.State)], Tone.Working),
        },
        StackState.DeleteFailed when row is { Operation.RemovesStack: false, FailureCode: { } code } => (FailureShort(code), Tone.Failed),
        // The short reason of a deletion would read as if it could not be made.
        StackState.DeleteFailed => (texts["state-deletefailed"], Tone.Failed),
        StackState.Deleted => (texts["state-deleted"], Tone.Stopped),
        _ => throw new ArgumentOutOfRangeException(nameof(row), row.Stack.State, null),
    };

    /// <summary>An active deployment in one chip.</summary>
    public (string Word, Tone Tone) Chip(DeploymentSnapshot snapshot)
    {
        var tone = ToneOf(snapshot);
        return snapshot.Phase switch
        {
            DeploymentPhase.Running when snapshot is { CancelRequested: false, DokployQueuePosition: null } =>
                (WithPercent(CurrentStep(snapshot), snapshot.Progress), tone),
            DeploymentPhase.Failed when snapshot.Operation.RemovesStack => (texts["state-deletefailed"], tone),
            DeploymentPhase.Unwinding or DeploymentPhase.Failed when snapshot.Failure is { } failure => (FailureShort(failure.Code), tone),
            _ => (CurrentStep(snapshot), tone),
        };
    }

    /// <summary>How one operation went or goes, whatever became of the stack since.</summary>
    public (string Word, Tone Tone) OutcomeChip(DeploymentSnapshot snapshot) => snapshot.Phase switch
    {
        DeploymentPhase.Completed => (texts["state-done"], Tone.Ready),
        DeploymentPhase.Failed when snapshot.Failure is { } failure => (FailureShort(failure.Code), Tone.Failed),
        DeploymentPhase.Failed => (texts["state-failed"], Tone.Failed),
        DeploymentPhase.Cancelled => (texts["state-cancelled"], Tone.Stopped),
        _ => Chip(snapshot),
    };

    /// <summary>Of a state that a stack rests in or passes through.</summary>
    public static string StateKey(StackState state) => state switch
    {
        // "Stopping" alone is what a deployment says that somebody cancels.
        StackState.Stopping => "state-stopping-stack",
        _ => "state-" + state.ToString().ToLowerInvariant(),
    };

    public string WithPercent(string word, int percent) => string.Create(CultureInfo.CurrentCulture, $"{word} · {percent} %");

    public static Tone ToneOf(DeploymentSnapshot snapshot) => snapshot.Phase switch
    {
        DeploymentPhase.Queued => Tone.Waiting,
        DeploymentPhase.Running when snapshot.CancelRequested => Tone.Stopped,
        DeploymentPhase.Running when snapshot.DokployQueuePosition is not null => Tone.Waiting,
        DeploymentPhase.Running => Tone.Working,
        DeploymentPhase.Unwinding => snapshot.Failure is null ? Tone.Stopped : Tone.Failed,
        // What became of the stack since counts, not how well it once was.
        DeploymentPhase.Completed => snapshot.StackState switch
        {
            StackState.Deleting => Tone.Working,
            StackState.DeleteFailed => Tone.Failed,
            StackState.Deleted or StackState.Stopped or StackState.ToBeDeleted => Tone.Stopped,
            StackState.Stopping or StackState.Starting or StackState.Updating => Tone.Working,
            _ when snapshot.IsFailing => Tone.Failed,
            _ => Tone.Ready,
        },
        DeploymentPhase.Failed => Tone.Failed,
        DeploymentPhase.Cancelled => Tone.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(snapshot), snapshot.Phase, null),
    };

    /// <summary>Null for a key that there is no text for.</summary>
    private string? Known(string key, params object[] arguments) => texts[key, arguments] is { ResourceNotFound: false } known ? known.Value : null;

    private string Waiting(int? place) => place switch
    {
        null => texts["state-queued"],
        1 => texts["state-queued-next"],
        { } n => texts["state-queued-place", Ordinals.Of(n)],
    };

    private string WaitingInDokploy(DokployWait wait)
    {
        var key = wait.Place == 1 ? "state-dokploy-next" : "state-dokploy-place";
        return wait.BusySince is { } since
            ? texts[key + "-since", Ordinals.Of(wait.Place), health.Moment(since)]
            : texts[key, Ordinals.Of(wait.Place)];
    }

    private static string Kebab<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
