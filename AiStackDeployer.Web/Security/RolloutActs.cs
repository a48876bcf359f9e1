using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Rollouts;

namespace AiStackDeployer.Web.Security;

/// <summary>Roll-outs of an image, for pages and REST: the policy is asked at each act, and what came of it is recorded.</summary>
/// <exception cref="StorageUnavailableException">Any of these: nothing was changed.</exception>
internal sealed class RolloutActs(RolloutService rollouts, VisibleDeployments visible, AuditTrail audit)
{
    public async Task<RolloutResult> StartAsync(Actor actor, RolloutWish wish)
    {
        if (!await IsAllowedAsync(actor, AuditActions.StartRollout))
        {
            return new RolloutResult.NotAllowed();
        }
        var result = await rollouts.StartAsync(wish, actor.User.PersonId(), actor.Name ?? "", CancellationToken.None);
        await RecordAsync(actor, AuditActions.StartRollout, result, wish.Image);
        return result;
    }

    public async Task<RolloutResult> ActAsync(Actor actor, string rolloutId, RolloutAct act)
    {
        var action = AuditActions.Of(act);
        if (!await IsAllowedAsync(actor, action))
        {
            return new RolloutResult.NotAllowed();
        }
        var result = await rollouts.ActAsync(rolloutId, act, actor.User.PersonId(), CancellationToken.None);
        await RecordAsync(actor, action, result, null);
        return result;
    }

    private Task RecordAsync(Actor actor, string action, RolloutResult result, string? image) => result switch
    {
        RolloutResult.Done { Rollout: var rollout } => audit.RecordAsync(actor, action, AuditOutcome.Done, rollout.Id, rollout.Plan.Image, detail: Words(rollout)),
        RolloutResult.Refused { Why: var why } => audit.RecordAsync(actor, action, AuditOutcome.Failed, targetName: image, detail: CodeOf(why.ToString())),
        _ => audit.RecordAsync(actor, action, AuditOutcome.Failed, targetName: image, detail: CodeOf(result.GetType().Name)),
    };

    private static string Words(Rollout rollout) => string.Join(", ",
        $"{rollout.Stacks.Count} stacks", $"canary {rollout.Canary.Name}", $"waves of {rollout.Plan.WaveSize}", rollout.Plan.Migrates ? "copies of state volumes made" : "no migration");

    private static string CodeOf(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private async Task<bool> IsAllowedAsync(Actor actor, string action)
    {
        var isAllowed = await visible.MayAsync(actor.User, null, Policies.ManagePortal);
        if (!isAllowed)
        {
            await audit.RecordAsync(actor, action, AuditOutcome.Refused);
        }
        return isAllowed;
    }
}
