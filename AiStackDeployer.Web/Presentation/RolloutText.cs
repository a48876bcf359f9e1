using System.Globalization;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Roll-outs in words, for pages and REST, in the current UI culture.</summary>
public sealed class RolloutText(IStringLocalizer<RolloutTexts> texts, DeploymentText deployments)
{
    public (string Word, Tone Tone) Chip(RolloutPhase phase) => (texts["phase-" + WireNames.Of(phase)], phase switch
    {
        RolloutPhase.Running or RolloutPhase.GoingBack => Tone.Working,
        RolloutPhase.Paused => Tone.Waiting,
        RolloutPhase.Stopped => Tone.Failed,
        RolloutPhase.Completed => Tone.Ready,
        RolloutPhase.Cancelled or RolloutPhase.WentBack => Tone.Quiet,
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    });

    public (string Word, Tone Tone) Chip(RolloutStack stack) => stack is { State: RolloutStackState.Waiting, WaitsSince: not null }
        ? (texts["stack-in_use"], Tone.Waiting)
        : (texts["stack-" + WireNames.Of(stack.State)], stack.State switch
        {
            RolloutStackState.Waiting or RolloutStackState.LeftOut or RolloutStackState.Returned => Tone.Quiet,
            RolloutStackState.Updating or RolloutStackState.Comparing or RolloutStackState.Returning => Tone.Working,
            RolloutStackState.Updated => Tone.Ready,
            RolloutStackState.Failed or RolloutStackState.ReturnFailed => Tone.Failed,
            _ => throw new ArgumentOutOfRangeException(nameof(stack), stack.State, null),
        });

    /// <summary>Why it has halted itself; null = it has not.</summary>
    public string? Stopped(Rollout rollout) => rollout.Stopped is { } stop ? texts["stop-" + WireNames.Of(stop)].Value : null;

    /// <summary>What there is to say of one stack beside its state; null = nothing.</summary>
    public string? Why(RolloutStack stack) => stack switch
    {
        { Reason: RolloutReason.SessionsLost, SessionsAfter: { } after } => texts["reason-sessions_lost-counted", stack.SessionsBefore ?? 0, after],
        { Failure: { } failure } => deployments.Failure(failure),
        { Reason: { } reason } => texts["reason-" + WireNames.Of(reason)],
        _ => null,
    };

    public string Refused(RolloutRefusal why) => texts["refused-" + WireNames.Of(why)];

    /// <summary>What a press came to that was not done; null = it was.</summary>
    public string? Refused(RolloutResult result) => result switch
    {
        RolloutResult.Done => null,
        RolloutResult.Refused refused => Refused(refused.Why),
        RolloutResult.NotNow or RolloutResult.NotFound => texts["not-now"],
        RolloutResult.NotAllowed => texts["not-allowed"],
        _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
    };

    public string Count(string key, int count) => texts[count == 1 ? key + "-one" : key + "-many", count.ToString("N0", CultureInfo.CurrentCulture)];
}
