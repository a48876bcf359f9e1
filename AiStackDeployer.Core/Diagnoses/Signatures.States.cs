using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>What somebody, a policy or the portal itself brought about: certain.</content>
public static partial class Signatures
{
    private static IReadOnlyList<Signature> States =>
    [
        new("keys-lost", CureBy.Operator, e => e.Looks.FirstOrDefault(look => look.End == LookEnd.Unreadable) is { } look
            ? Fact(look.Source, "the stack's password cannot be decrypted") : null) { MattersWhenWell = true },
        new("stopped-idle", CureBy.Owner, e => e.State == StackState.Stopped && e.Last is { Operation.Name: "stop", Cause: OperationCause.Idle } ? Stopped(e) : null)
        {
            Acts = [OperationCatalog.Start],
        },
        new("to-be-deleted", CureBy.Owner, e => e is { State: StackState.ToBeDeleted, Row.Stack.RemoveAt: { } at }
            ? Fact(EvidenceSource.Operation, $"{e.Last.Operation.Name} ({e.Last.Cause}): {Moment(at)}") : null) { Acts = [OperationCatalog.Start] },
        new("stopped", CureBy.Owner, e => e.State == StackState.Stopped && e.Last is { Phase: DeploymentPhase.Completed, Cause: not OperationCause.Idle } ? Stopped(e) : null)
        {
            Acts = [OperationCatalog.Start],
        },
        new("left-behind", CureBy.Operator, e => e.State == StackState.DeleteFailed
            ? Fact(EvidenceSource.Operation, e.Last.Failure?.LeftBehind is { Count: > 0 } left ? string.Join(", ", left) : $"{e.Last.Operation.Name}: {e.Failure?.ToWire()}") : null)
        {
            Command = "docker service ls --filter name={service}",
        },
    ];

    private static Sign Stopped(Evidence evidence) => Fact(
        EvidenceSource.Operation, $"{evidence.Last.Operation.Name} ({evidence.Last.Cause}){(evidence.Row.Stack.StoppedAt is { } at ? ": " + Moment(at) : "")}");

    private static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
