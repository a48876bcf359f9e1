using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Presentation;

namespace AiStackDeployer.Tests.Diagnoses;

/// <summary>Evidence of which a test only says what matters to it.</summary>
internal static class SomeEvidence
{
    public static readonly DateTimeOffset Now = Snapshots.Start + TimeSpan.FromHours(1);

    /// <summary>A stack that was made, and whose proxy says that nothing stands behind it.</summary>
    public static Evidence Broken() => Ready(new AddressFacts(AddressLayer.Http, 502, HasOwnCertificate: false));

    /// <summary>A stack that was made and answers.</summary>
    public static Evidence Well() => Ready(new AddressFacts(null, 200, HasOwnCertificate: false));

    public static Evidence Ready(AddressFacts address) => Of(StackState.Ready, Completed()) with { Address = address };

    public static DeploymentSnapshot Completed() => Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with
    {
        StackState = StackState.Ready, LastDeploymentId = "dep_1", FinishedAt = Snapshots.Start,
    };

    /// <summary>A stack that could not be made, of which nothing is left.</summary>
    public static Evidence Failed(FailureCode code, DeploymentStep step = DeploymentStep.AwaitContainer, params string[] lines) => Of(
        StackState.Failed,
        Snapshots.At(DeploymentPhase.Failed, step) with
        {
            StackState = StackState.Failed, LastDeploymentId = "dep_1", FinishedAt = Snapshots.Start, Failure = new DeploymentFailure(code, step, null, lines),
        });

    public static Evidence Stopped(Operation operation, OperationCause cause, StackState state = StackState.Stopped)
    {
        var evidence = Of(state, Completed() with { Operation = operation, Cause = cause, StackState = state });
        (evidence.Row.Stack.StoppedAt, evidence.Row.Stack.RemoveAt) = (Now, Now.AddDays(1));
        return evidence;
    }

    public static Evidence Of(StackState state, DeploymentSnapshot last)
    {
        var row = Snapshots.Row(state, last.Phase);
        (row.Stack.ProjectId, row.Stack.ApplicationId, row.Stack.AppName, row.Stack.Image) = ("prj", "app", "ai-stack-design-lab-x1y2z3", "registry.test/stack:1");
        return Evidence.Of(row, last, DeploymentDiagnosis.Of(last, [], dokployAnswers: true, Now), Now);
    }

    public static Evidence Says(this Evidence evidence, EvidenceSource source, params string[] lines) => evidence.With(lines.Select(line => new EvidenceLine(source, line)));

    /// <summary>Tasks as the swarm lists them, with their errors among the lines.</summary>
    public static Evidence Has(this Evidence evidence, params TaskFacts[] tasks) =>
        evidence.Says(EvidenceSource.Tasks, [.. tasks.Reverse().Select(t => t.Error).OfType<string>()]) with { Tasks = tasks };

    public static Evidence Checked(this Evidence evidence, params ConnectionCause[] causes) =>
        evidence with { Connections = [.. causes.Select(cause => new ConnectionResult(ConnectionTarget.Dokploy, cause))] };

    public static Evidence Refuses(this Evidence evidence, EvidenceSource source, FailureCode why) =>
        evidence with { Looks = [.. evidence.Looks, new SourceLook(source, LookEnd.Refused, why, TimeSpan.Zero)] };

    public static TaskFacts Runs() => new(IsWanted: true, TaskStage.Running, "Running 2 minutes ago", null);

    public static TaskFacts Ended(string error, TaskStage stage = TaskStage.Failed) => new(IsWanted: false, stage, $"{stage} 6 seconds ago", error);

    public static TaskFacts Waits(string? error = null) => new(IsWanted: true, TaskStage.Waiting, "Pending 34 seconds ago", error);
}

/// <summary>A source as a test wants it.</summary>
internal sealed record KnownSource(EvidenceSource Of, Func<Stack, CancellationToken, Task<EvidenceAnswer>> Ask) : IEvidenceSource
{
    EvidenceSource IEvidenceSource.Source => Of;

    public Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken) => Ask(stack, cancellationToken);
}
