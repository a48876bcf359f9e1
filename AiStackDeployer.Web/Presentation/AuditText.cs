using AiStackDeployer.Core.Audit;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>The audit log's codes in words.</summary>
public sealed class AuditText(IStringLocalizer<AuditTexts> texts)
{
    /// <summary>An operation that came later is shown by its code.</summary>
    public string Action(string code) => texts["action-" + code] is { ResourceNotFound: false, Value: var words } ? words : code;

    public string Way(AuditWay way) => texts["way-" + WireNames.Of(way)];

    public string Outcome(AuditOutcome outcome) => texts["outcome-" + WireNames.Of(outcome)];

    public static Tone ToneOf(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => Tone.Quiet,
        AuditOutcome.Refused => Tone.Waiting,
        AuditOutcome.Failed => Tone.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
