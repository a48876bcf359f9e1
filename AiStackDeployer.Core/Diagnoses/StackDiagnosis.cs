using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

public enum StackVerdict
{
    /// <summary>A known cause explains it: the first finding.</summary>
    Found,

    /// <summary>Nothing is wrong, or it is on its way: the newest operation's own facts say all there is.</summary>
    AsItSays,

    /// <summary>Something is wrong, and no signature matches.</summary>
    Unexplained,
}

/// <summary>What is the matter with a stack, from the evidence there is so far.</summary>
/// <param name="Findings">Every signature that matches, the most certain first. Of a stack that works only what still matters.</param>
/// <param name="IsWhole">Every source has been asked.</param>
public sealed record StackDiagnosis(Evidence Evidence, IReadOnlyList<Finding> Findings, bool IsWhole)
{
    /// <summary>Lines that are shown when nothing explains it; the last ones tell most.</summary>
    public const int LastLines = 12;

    public StackVerdict Verdict => this switch
    {
        { Evidence.IsWell: true } => StackVerdict.AsItSays,
        { Findings.Count: > 0 } => StackVerdict.Found,
        { Evidence: { Last: { IsTerminal: true } last } evidence } when last.Phase == DeploymentPhase.Failed || (evidence.IsReady && evidence.Address?.Layer is not null)
            || evidence.State == StackState.DeleteFailed => StackVerdict.Unexplained,
        _ => StackVerdict.AsItSays,
    };

    /// <summary>The cause; null = none is known.</summary>
    public Finding? Cause => Verdict == StackVerdict.Found ? Findings[0] : null;

    /// <summary>What else was seen.</summary>
    public IReadOnlyList<Finding> AlsoSeen => Cause is null ? Findings : [.. Findings.Skip(1)];

    public static StackDiagnosis Of(Evidence evidence, bool isWhole) => new(
        evidence,
        [.. Signatures.All.Where(signature => signature.MattersWhenWell || !evidence.IsWell).Select(signature => Finding.Of(signature, evidence)).OfType<Finding>()],
        isWhole);
}
