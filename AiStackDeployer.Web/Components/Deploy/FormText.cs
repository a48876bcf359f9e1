using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>What the strip under the name says in each state of the form, and in which colour.</summary>
public sealed class FormText(IStringLocalizer<NameTexts> names, IStringLocalizer<PageTexts> pages, DurationText durations, CareText care)
{
    public static Tone ToneOf(FormState state) => state switch
    {
        FormState.Editing { Verdict: null } => Tone.Quiet,
        FormState.Editing => Tone.Failed,
        FormState.Checking => Tone.Quiet,
        FormState.Answered answered => ToneOf(answered.Answer),
        FormState.CheckFailed => Tone.Waiting,
        FormState.Submitting or FormState.Gone => Tone.Working,
        FormState.Refused { Reason: BeginResult.NameTaken { BeingChosen: true } or BeginResult.TooMany or BeginResult.UnderMaintenance } => Tone.Waiting,
        FormState.Refused or FormState.SubmitFailed or FormState.Forbidden => Tone.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, null),
    };

    /// <summary>The sentence as seen, which leads over to the names beside it.</summary>
    public string Shown(FormState state) => OffersFreeNames(state) ? $"{Sentence(state)} {names["name-suggestions"]}" : Sentence(state);

    /// <summary>The sentence as read out.</summary>
    public string Said(FormState state) => state switch
    {
        // Every key leads here; said aloud it would drown what matters.
        FormState.Checking or FormState.Editing { Verdict: null } => "",
        _ => Sentence(state),
    };

    /// <summary>Names to choose instead.</summary>
    public static IReadOnlyList<StackName> Offers(FormState state) => state switch
    {
        FormState.Editing { Verdict.LegalForm: { } legal } => [legal],
        FormState.Answered answered => answered.Answer.Suggestions,
        FormState.Refused { Reason: BeginResult.NameTaken taken } => taken.Suggestions,
        _ => [],
    };

    /// <summary>Whether the offers are free names beside one that cannot be had, and not the corrected form of what was typed.</summary>
    public static bool OffersFreeNames(FormState state) => state is not FormState.Editing && Offers(state).Count > 0;

    public string Try(StackName offer) => names["name-try", offer.Value];

    public string OwnDeploymentLink => pages["new-yours-link"];

    /// <summary>The caller's own deployment of this name, where that is the obstacle.</summary>
    public static string? OwnDeployment(FormState state) => state switch
    {
        FormState.Answered { Answer: NameAvailability.TakenByYou yours } => yours.DeploymentId,
        FormState.Refused { Reason: BeginResult.NameYours yours } => yours.DeploymentId,
        _ => null,
    };

    private static Tone ToneOf(NameAvailability answer) => answer switch
    {
        NameAvailability.Available => Tone.Ready,
        NameAvailability.UpstreamUnreachable or NameAvailability.BeingChosen => Tone.Waiting,
        NameAvailability.TakenByYou or NameAvailability.TakenByOther or NameAvailability.Invalid or NameAvailability.Reserved => Tone.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.Code, null),
    };

    private string Sentence(FormState state) => state switch
    {
        FormState.Editing { Verdict: null } => names["name-empty"],
        FormState.Editing { Verdict: { } verdict } => Sentence(verdict),
        FormState.Checking => names["name-checking"],
        FormState.Answered answered => Sentence(answered.Answer),
        FormState.CheckFailed => names["name-check-failed"],
        FormState.Submitting or FormState.Gone => pages["new-submitting"],
        FormState.SubmitFailed => pages["refused-fault"],
        FormState.Forbidden => pages["refused-forbidden"],
        FormState.Refused refused => Sentence(refused.Reason),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, null),
    };

    private string Sentence(BeginResult reason) => reason switch
    {
        BeginResult.NameYours => names["name-taken-by-you"],
        BeginResult.NameTaken taken => names[taken.BeingChosen ? "name-being-chosen" : "name-taken"],
        BeginResult.RequestIdReused reused => pages["refused-reused", reused.OtherName],
        BeginResult.QuotaReached { Limit: 0 } => pages["refused-no-quota"],
        BeginResult.QuotaReached full => pages["refused-quota", full.Limit],
        BeginResult.TooMany { Wait: var wait } => pages["refused-too-many", durations.Words(wait)],
        BeginResult.UnderMaintenance held => care.Maintenance(held),
        BeginResult.StorageUnavailable => pages["refused-storage"],
        BeginResult.NameRefused refused => Sentence(refused.Verdict),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason.GetType().Name, null),
    };

    private string Sentence(NameAvailability answer) => answer switch
    {
        NameAvailability.Available { IsHeld: true } => names["name-held"],
        NameAvailability.UpstreamUnreachable { IsHeld: true, IsRefused: false } => names["name-unreachable-held"],
        NameAvailability.UpstreamUnreachable { IsRefused: true } => names["name-upstream-refused"],
        NameAvailability.Invalid invalid => Sentence(invalid.Verdict),
        _ => names[answer.Code],
    };

    /// <summary>The first broken rule: one thing to mend at a time.</summary>
    private string Sentence(NameVerdict verdict) => verdict.Faults is [var first, ..] ? names[first.ToCode()] : names["name-invalid"];
}
