using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>What a person does to a stack from a list or a page. The right is asked again at the press: the button may have been drawn long ago.</summary>
/// <remarks><c>lastId</c> is the newest operation on the stack that the page knows.</remarks>
internal sealed class StackActions(DeploymentService deployments, StackActs acts, Allowances allowances, Ids ids, TimeProvider time, ILogger<StackActions> log)
{
    /// <summary>Begins an operation that needs no typed name.</summary>
    /// <returns>Where its page is; else what to say.</returns>
    public Task<ActionOutcome> BeginAsync(ClaimsPrincipal user, string lastId, Operation operation, EnvironmentChange? change = null) => TryAsync(lastId, async last =>
        await acts.BeginAsync(
            Actor.Of(user), last,
            new OperationRequest
            {
                Operation = operation, StackId = last.StackId, RequestId = ids.NewRequestId(), Allowance = allowances.Of(user), EnvironmentChange = change,
            },
            CancellationToken.None) switch
        {
            BeginResult.Started started => new ActionOutcome(GoTo: DeploymentActions.PathOf(started.Deployment.Id)),
            BeginResult.NotNow => new ActionOutcome(Say: "act-not-now"),
            BeginResult.NotFound => new ActionOutcome(Say: "del-gone"),
            BeginResult.TooMany => new ActionOutcome(Say: "dep-too-many"),
            BeginResult.UnderMaintenance => new ActionOutcome(Say: "dep-maintenance"),
            BeginResult.QuotaReached => new ActionOutcome(Say: "act-quota"),
            BeginResult.NotAllowed => new ActionOutcome(Say: "dep-not-allowed"),
            _ => new ActionOutcome(Say: "dep-action-failed"),
        });

    /// <returns>What to say; nothing when it is stored.</returns>
    public Task<ActionOutcome> DescribeAsync(ClaimsPrincipal user, string lastId, string? label, string? description) => TryAsync(lastId, async last =>
        new ActionOutcome(Say: await acts.DescribeAsync(Actor.Of(user), last, label, description) switch
        {
            DescribeResult.Done => null,
            DescribeResult.TooLong => "label-too-long",
            DescribeResult.NotFound => "del-gone",
            DescribeResult.NotAllowed => "dep-not-allowed",
            var other => throw new InvalidOperationException($"Unknown result {other}."),
        }));

    /// <summary>Neither stopped nor deleted for being unused for so long.</summary>
    /// <returns>What to say; nothing when it is stored.</returns>
    public Task<ActionOutcome> KeepAsync(ClaimsPrincipal user, string lastId, TimeSpan howLong) => TryAsync(lastId, async last =>
        new ActionOutcome(Say: await acts.KeepRunningAsync(Actor.Of(user), last, time.GetUtcNow() + howLong, CancellationToken.None) switch
        {
            true => null,
            false => "act-not-now",
            null => "dep-not-allowed",
        }));

    private async Task<ActionOutcome> TryAsync(string lastId, Func<DeploymentSnapshot, Task<ActionOutcome>> act)
    {
        try
        {
            return await deployments.FindAsync(lastId, CancellationToken.None) is { } last ? await act(last) : new ActionOutcome(Say: "del-gone");
        }
        catch (SecretUnreadableException e)
        {
            log.ActionFailed(e, lastId);
            return new ActionOutcome(Say: "cred-unreadable");
        }
        catch (Exception e)
        {
            // Whatever it is: who pressed must hear of it, and a fault that goes further takes the whole page down.
            log.ActionFailed(e, lastId);
            return new ActionOutcome(Say: "dep-action-failed");
        }
    }
}
