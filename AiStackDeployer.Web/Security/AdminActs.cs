using System.Globalization;
using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.SignIn;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// What an administrator does beside acting on stacks, for pages and REST: the policy is asked at each act, and what came of it is recorded.
/// </summary>
internal sealed class AdminActs(IPeople people, LiveSessions live, IWildcardRecord wildcard, IReconciler reconciler, VisibleDeployments visible, AuditTrail audit, TimeProvider time)
{
    /// <summary>Ends all sessions and tokens of a person, and all that is open with them; null = not allowed.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int?> SignOutAsync(Actor actor, Person person)
    {
        if (!await IsAllowedAsync(actor, AuditActions.SignOutPerson, Policies.ManagePeople, person))
        {
            return null;
        }
        var ended = await people.EndAllAsync(person.Id, time.GetUtcNow(), CancellationToken.None);
        live.End(ended);
        await audit.RecordAsync(actor, AuditActions.SignOutPerson, AuditOutcome.Done, person.Id, person.Name, person.Id, $"{ended.Count} ended");
        return ended.Count;
    }

    /// <summary>Lifts or lowers how many stacks a person may have.</summary>
    /// <param name="limit">Null = what the settings say.</param>
    /// <returns>False when it is not allowed, or there is no such person.</returns>
    public async Task<bool> SetLimitAsync(Actor actor, Person person, int? limit)
    {
        if (!await IsAllowedAsync(actor, AuditActions.SetLimit, Policies.ManagePeople, person))
        {
            return false;
        }
        var detail = $"from {WordOf(person.StackLimit)} to {WordOf(limit)}";
        var isDone = await people.SetStackLimitAsync(person.Id, limit, CancellationToken.None);
        await audit.RecordAsync(
            actor, AuditActions.SetLimit, isDone ? AuditOutcome.Done : AuditOutcome.Failed, person.Id, person.Name, person.Id, detail);
        return isDone;
    }

    /// <inheritdoc cref="IReconciler.RemoveOrphanAsync"/>
    /// <param name="name">The project's name, for the record.</param>
    /// <returns>False also when it is not allowed.</returns>
    public async Task<bool> RemoveOrphanAsync(Actor actor, string name, string projectId)
    {
        if (!await IsAllowedAsync(actor, AuditActions.RemoveOrphan, Policies.ManagePeople))
        {
            return false;
        }
        var isGone = await reconciler.RemoveOrphanAsync(projectId, CancellationToken.None);
        await audit.RecordAsync(actor, AuditActions.RemoveOrphan, isGone ? AuditOutcome.Done : AuditOutcome.Failed, targetName: name, detail: projectId);
        return isGone;
    }

    /// <summary>Repairs the DNS record that leads to all stacks; null = not allowed.</summary>
    public async Task<WildcardChange?> RepairDnsAsync(Actor actor)
    {
        if (!await IsAllowedAsync(actor, AuditActions.RepairDns, Policies.RepairDns))
        {
            return null;
        }
        // Not cancelled by who leaves: a change that was sent is followed to its end.
        var change = await wildcard.RepairAsync(CancellationToken.None);
        var (outcome, target, detail) = change switch
        {
            WildcardChange.Write write => (AuditOutcome.Done, $"{write.Name} in {write.Zone}", $"from {string.Join(", ", write.From)} to {write.To}"),
            WildcardChange.NotPossible { Why.Cause: var cause } => (AuditOutcome.Failed, null, JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString())),
            _ => (AuditOutcome.Done, (string?)null, "already right"),
        };
        await audit.RecordAsync(actor, AuditActions.RepairDns, outcome, targetName: target, detail: detail);
        return change;
    }

    private static string WordOf(int? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "default";

    private async Task<bool> IsAllowedAsync(Actor actor, string action, string policy, Person? of = null)
    {
        var isAllowed = await visible.MayAsync(actor.User, null, policy);
        if (!isAllowed)
        {
            await audit.RecordAsync(actor, action, AuditOutcome.Refused, of?.Id, of?.Name, of?.Id);
        }
        return isAllowed;
    }
}
