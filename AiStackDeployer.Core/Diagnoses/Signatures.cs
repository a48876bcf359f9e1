using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>
/// Every known cause, the most certain first: a state that somebody wanted, a text that says it, a fact that excludes others, and at the
/// end what is only likely. Their sentences are <c>sign-{code}</c> in the texts of a diagnosis.
/// </summary>
public static partial class Signatures
{
    private static readonly EvidenceSource[] Pulling = [EvidenceSource.DeployLog];
    private static readonly EvidenceSource[] Starting = [EvidenceSource.Tasks, EvidenceSource.DeployLog];
    private static readonly EvidenceSource[] Inside = [EvidenceSource.Container];
    private static readonly EvidenceSource[] Anywhere = [EvidenceSource.Tasks, EvidenceSource.DeployLog, EvidenceSource.Container, EvidenceSource.Operation];

    /// <summary>Makes again what is missing, with the portal's own settings.</summary>
    private static readonly Operation[] Repair = [OperationCatalog.Redeploy];
    private static readonly Operation[] RestartIt = [OperationCatalog.Restart, OperationCatalog.Start];

    public static IReadOnlyList<Signature> All { get; } =
        [.. States, .. Images, .. Containers, .. Missing, .. Addresses, .. Dokploys, .. Swarms, .. Layers, .. Whispers];

    private static Signature Text(string code, CureBy by, EvidenceSource[] where, IReadOnlyList<string> signs, IReadOnlyList<string>? except = null) =>
        new(code, by, evidence => evidence.Find(where, signs, except) is { } line ? new Sign(line) : null);

    /// <summary>A text, or a failure of the newest operation that means the same.</summary>
    private static Signature Text(string code, CureBy by, FailureCode failure, EvidenceSource[] where, IReadOnlyList<string> signs, IReadOnlyList<string>? except = null) =>
        new(code, by, evidence => evidence.Find(where, signs, except) is { } line ? new Sign(line) : Failed(evidence, failure));

    private static Sign? Failed(Evidence evidence, FailureCode failure) => evidence.Failure == failure ? Noted(evidence, failure) : null;

    private static Sign Noted(Evidence evidence, FailureCode failure) => Fact(
        EvidenceSource.Operation, $"{evidence.Last.Operation.Name}: {failure.ToWire()}{(evidence.Last.Failure?.Subject is { } subject ? $" ({subject})" : "")}");

    private static Sign Fact(EvidenceSource source, string text, string? subject = null) => new(new EvidenceLine(source, text), subject);
}
