using System.Globalization;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// What an administrator decides for the whole portal: the policy is asked at each act, and what came of it is recorded. Each returns false
/// when it is not allowed.
/// </summary>
/// <exception cref="StorageUnavailableException">Any of these: nothing was changed.</exception>
internal sealed class CareActs(PortalCare care, VisibleDeployments visible, AuditTrail audit, Ids ids, TimeProvider time)
{
    /// <summary>Also changes the text and the end of one that is on.</summary>
    public Task<bool> BeginMaintenanceAsync(Actor actor, BilingualText text, TimeSpan length)
    {
        var until = time.GetUtcNow() + length;
        return ActAsync(actor, AuditActions.BeginMaintenance, $"until {Moment(until)}", by => care.SetMaintenanceAsync(new Maintenance(text, until), by, CancellationToken.None));
    }

    public Task<bool> EndMaintenanceAsync(Actor actor) =>
        ActAsync(actor, AuditActions.EndMaintenance, null, by => care.SetMaintenanceAsync(null, by, CancellationToken.None));

    /// <summary>In the place of the notice there was.</summary>
    public Task<bool> SetNoticeAsync(Actor actor, BilingualText text, NoticeSeverity severity, DateTimeOffset from, DateTimeOffset until) => ActAsync(
        actor, AuditActions.SetNotice, $"{severity}, {Moment(from)} to {Moment(until)}",
        by => care.SetNoticeAsync(new PortalNotice(ids.NewRequestId(), text, severity, from, until), by, CancellationToken.None));

    public Task<bool> RemoveNoticeAsync(Actor actor) =>
        ActAsync(actor, AuditActions.RemoveNotice, null, by => care.SetNoticeAsync(null, by, CancellationToken.None));

    public async Task<bool> SetPoliciesAsync(Actor actor, StackPolicies policies)
    {
        var before = await care.ReadPoliciesAsync(CancellationToken.None);
        var changes = Enum.GetValues<Role>().Where(role => before.Of(role) != policies.Of(role)).Select(role => $"{role}: {Words(before.Of(role))} -> {Words(policies.Of(role))}");
        return await ActAsync(actor, AuditActions.SetPolicies, string.Join("; ", changes), by => care.SetPoliciesAsync(policies, by, CancellationToken.None));
    }

    private async Task<bool> ActAsync(Actor actor, string action, string? detail, Func<string, Task> act)
    {
        var isAllowed = await visible.MayAsync(actor.User, null, Policies.ManagePortal);
        if (isAllowed)
        {
            await act(actor.User.PersonId());
        }
        await audit.RecordAsync(actor, action, isAllowed ? AuditOutcome.Done : AuditOutcome.Refused, detail: isAllowed && detail is not "" ? detail : null);
        return isAllowed;
    }

    private static string Words(RolePolicy policy) => string.Join(", ",
        $"stop {Word(policy.StopAfterHours)} h", $"delete {Word(policy.DeleteAfterDays)} d", $"stacks {Word(policy.StacksPerPerson)}", policy.Image ?? "image default");

    private static string Word(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "default";

    private static string Moment(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);
}
