using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

/// <summary>What administrators decide for the whole portal, and what they see of it in the morning.</summary>
internal static class CareApi
{
    private const int LongestText = 500;
    private const int MostImages = 100;

    public static void MapCare(this RouteGroupBuilder portal)
    {
        portal.MapGroup("").WithTags("Portal").MapGet("/trouble", ListTroubleAsync).WithName("listTrouble").RequireAuthorization(Policies.ViewAdmin)
            .WithSummary("List what is wrong with stacks")
            .WithDescription("Stacks whose newest operation failed, by reason, and stacks that do not answer, by how far a browser comes; the largest group first. For operators.")
            .ProducesProblems(ProblemKinds.NotAllowed).ProducesProblems(ProblemKinds.Always);
        var api = portal.MapGroup("/care").WithTags("Portal").RequireAuthorization(Policies.ManagePortal)
            .ProducesProblems(ProblemKinds.NotAllowed).ProducesProblems(ProblemKinds.Always);
        api.MapGet("", GetAsync).WithName("getCare")
            .WithSummary("Read what holds for the whole portal")
            .WithDescription("Maintenance, the notice on every page, the policies of each role, and notices to people that could not be delivered. For administrators.");
        Change(api.MapPut("/maintenance", BeginMaintenanceAsync)).WithName("beginMaintenance")
            .WithSummary("Begin maintenance")
            .WithDescription("Until it ends nobody but administrators can begin anything; what runs goes on. Also changes the text and the end of one that is on. For administrators.");
        api.MapDelete("/maintenance", EndMaintenanceAsync).WithName("endMaintenance")
            .WithSummary("End maintenance").WithDescription("Also where there is none. For administrators.");
        Change(api.MapPut("/notice", SetNoticeAsync)).WithName("setNotice")
            .WithSummary("Put a notice on every page").WithDescription("In the place of the one there is. For administrators.");
        api.MapDelete("/notice", RemoveNoticeAsync).WithName("removeNotice")
            .WithSummary("Take the notice away").WithDescription("Also where there is none. For administrators.");
        Change(api.MapPut("/policies", SetPoliciesAsync)).WithName("setPolicies")
            .WithSummary("Set the policies of all roles")
            .WithDescription("What is left out is as the settings say. An image must be among `images`, each with a tag or a digest. For administrators.");

        static RouteHandlerBuilder Change(RouteHandlerBuilder route) =>
            route.ProducesProblems(ProblemKinds.MalformedRequest, ProblemKinds.ParameterInvalid, ProblemKinds.TooLarge, ProblemKinds.UnsupportedMediaType);
    }

    private static async Task<Ok<TroubleAnswer>> ListTroubleAsync(DeploymentService deployments, CancellationToken cancellationToken)
    {
        var trouble = await deployments.ReadTroubleAsync(cancellationToken);
        return TypedResults.Ok(new TroubleAnswer(
            [.. trouble.Failures.Select(group => new FailureGroupAnswer(group.Cause, group.Since, NamesOf(group)))],
            [.. trouble.Silent.Select(group => new SilentGroupAnswer(group.Health.State, group.Health.Layer, group.Health.Missing, group.Since, NamesOf(group)))]));

        static IReadOnlyList<string> NamesOf(TroubleGroup group) => [.. group.Stacks.Select(stack => stack.Name.Value)];
    }

    private static async Task<Ok<CareAnswer>> GetAsync(PortalCare care, NoticeStore notices, CancellationToken cancellationToken)
    {
        var boxes = await notices.ListBoxesAsync(cancellationToken);
        var policies = await care.ReadPoliciesAsync(cancellationToken);
        return TypedResults.Ok(new CareAnswer(
            await care.FindMaintenanceAsync(cancellationToken) is { } maintenance ? new MaintenanceBody(maintenance.Text.En, maintenance.Text.Nl, maintenance.Until) : null,
            await care.FindNoticeAsync(cancellationToken) is { } notice ? new NoticeBody(notice.Text.En, notice.Text.Nl, notice.Severity, notice.From, notice.Until) : null,
            new PoliciesBody(policies.Images, BodyOf(policies.Of(Role.User)), BodyOf(policies.Of(Role.Operator)), BodyOf(policies.Of(Role.Admin))),
            boxes.Values.Sum(box => box.Waiting.Count),
            [
                .. boxes.SelectMany(box => box.Value.Dead.Select(dead => new UndeliveredAnswer(box.Key, dead.Way, dead.At, dead.Notices, dead.Fault, dead.Detail)))
                    .OrderByDescending(dead => dead.At),
            ]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> BeginMaintenanceAsync(MaintenanceBody body, HttpContext context, CareActs acts, TimeProvider time)
    {
        var length = body.Until - time.GetUtcNow();
        return TextOf(body.En, body.Nl) is not { } text ? Invalid(nameof(body.En))
            : length <= TimeSpan.Zero || length > TimeSpan.FromDays(7) ? Invalid(nameof(body.Until))
            : Done(await acts.BeginMaintenanceAsync(Actor.Of(context), text, length));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndMaintenanceAsync(HttpContext context, CareActs acts) =>
        Done(await acts.EndMaintenanceAsync(Actor.Of(context)));

    private static async Task<Results<NoContent, ProblemHttpResult>> SetNoticeAsync(NoticeBody body, HttpContext context, CareActs acts, TimeProvider time)
    {
        var from = body.From ?? time.GetUtcNow();
        return TextOf(body.En, body.Nl) is not { } text ? Invalid(nameof(body.En))
            : body.Until <= from || body.Until <= time.GetUtcNow() ? Invalid(nameof(body.Until))
            : Done(await acts.SetNoticeAsync(Actor.Of(context), text, body.Severity, from, body.Until));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveNoticeAsync(HttpContext context, CareActs acts) => Done(await acts.RemoveNoticeAsync(Actor.Of(context)));

    private static async Task<Results<NoContent, ProblemHttpResult>> SetPoliciesAsync(PoliciesBody body, HttpContext context, CareActs acts)
    {
        var images = body.Images?.Distinct().ToList() ?? [];
        if (images.Count > MostImages || images.Any(image => !ImageName.IsLegal(image) || !ImageName.IsPinned(image)))
        {
            return Invalid(nameof(body.Images));
        }
        var roles = new Dictionary<Role, RolePolicy>();
        foreach (var (role, wanted) in new[] { (Role.User, body.User), (Role.Operator, body.Operator), (Role.Admin, body.Admin) })
        {
            if (wanted is null)
            {
                continue;
            }
            if (wanted.StopAfterHours is < 0 or > 8760 || wanted.DeleteAfterDays is < 0 or > 3650 || wanted.StacksPerPerson is < 0 or > 10_000
                || (wanted.Image is { } image && !images.Contains(image)))
            {
                return Invalid(role.ToString());
            }
            var policy = new RolePolicy(wanted.StopAfterHours, wanted.DeleteAfterDays, wanted.StacksPerPerson, wanted.Image);
            if (policy != RolePolicy.AsSet)
            {
                roles[role] = policy;
            }
        }
        return Done(await acts.SetPoliciesAsync(Actor.Of(context), new StackPolicies(images, roles)));
    }

    private static RolePolicyBody BodyOf(RolePolicy policy) => new(policy.StopAfterHours, policy.DeleteAfterDays, policy.StacksPerPerson, policy.Image);

    private static BilingualText? TextOf(string? en, string? nl) =>
        string.IsNullOrWhiteSpace(en) || string.IsNullOrWhiteSpace(nl) || en.Length > LongestText || nl.Length > LongestText ? null : new BilingualText(en.Trim(), nl.Trim());

    private static ProblemHttpResult Invalid(string member) => Problems.Of(ProblemKinds.ParameterInvalid, parameter: char.ToLowerInvariant(member[0]) + member[1..]);

    private static Results<NoContent, ProblemHttpResult> Done(bool isDone) => isDone ? TypedResults.NoContent() : Problems.Of(ProblemKinds.NotAllowed);
}

/// <summary>Nothing new begins until it ends.</summary>
/// <param name="En">What whoever is refused reads in English, at most 500 characters.</param>
/// <param name="Nl">The same in Dutch.</param>
/// <param name="Until">When it ends by itself, at most seven days from now.</param>
public sealed record MaintenanceBody(string En, string Nl, DateTimeOffset Until);

/// <summary>What stands at the top of every page for a time.</summary>
/// <param name="En">In English, at most 500 characters.</param>
/// <param name="Nl">The same in Dutch.</param>
/// <param name="Severity">What is more than `info` cannot be dismissed.</param>
/// <param name="From">From when on; left out = from now on.</param>
/// <param name="Until">Until when.</param>
public sealed record NoticeBody(string En, string Nl, NoticeSeverity Severity, DateTimeOffset? From, DateTimeOffset Until);

/// <summary>What holds for the stacks of people of one role; what is left out is as the settings say.</summary>
/// <param name="StopAfterHours">Unused for so long, a stack is stopped; 0 = never.</param>
/// <param name="DeleteAfterDays">Unused for so long, a stack is deleted; 0 = never.</param>
/// <param name="StacksPerPerson">How many stacks a person may have who has no limit of their own.</param>
/// <param name="Image">What new stacks are made of.</param>
public sealed record RolePolicyBody(int? StopAfterHours, int? DeleteAfterDays, int? StacksPerPerson, string? Image);

/// <summary>The policies of all roles.</summary>
/// <param name="Images">Those that a role may be given.</param>
/// <param name="User">Of people without a role.</param>
/// <param name="Operator">Of operators.</param>
/// <param name="Admin">Of administrators.</param>
public sealed record PoliciesBody(IReadOnlyList<string>? Images, RolePolicyBody? User, RolePolicyBody? Operator, RolePolicyBody? Admin);

/// <summary>What holds for the whole portal.</summary>
/// <param name="Maintenance">Absent while there is none.</param>
/// <param name="Notice">Absent while there is none; one that has not begun or is over is there.</param>
/// <param name="Policies">Of each role.</param>
/// <param name="NoticesWaiting">How many messages to people wait to be sent, or sent again.</param>
/// <param name="Undelivered">Messages to people that were given up in the last seven days, the newest first.</param>
public sealed record CareAnswer(MaintenanceBody? Maintenance, NoticeBody? Notice, PoliciesBody Policies, int NoticesWaiting, IReadOnlyList<UndeliveredAnswer> Undelivered);

/// <summary>A message to a person that was given up.</summary>
/// <param name="PersonId">To whom.</param>
/// <param name="Way">By which way.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Notices">How many notices were in it.</param>
/// <param name="Fault">Why the last attempt failed.</param>
/// <param name="Detail">The status that it was answered with, where there was one.</param>
public sealed record UndeliveredAnswer(string PersonId, NoticeWay Way, DateTimeOffset At, int Notices, DeliveryFault Fault, string? Detail);

/// <summary>What is wrong with stacks, by cause.</summary>
/// <param name="Failures">Whose newest operation failed, or left something behind.</param>
/// <param name="Silent">Ready ones that do not answer.</param>
public sealed record TroubleAnswer(IReadOnlyList<FailureGroupAnswer> Failures, IReadOnlyList<SilentGroupAnswer> Silent);

/// <summary>Stacks that failed for one reason.</summary>
/// <param name="ErrorCode">The reason; absent when they were cancelled and left something behind.</param>
/// <param name="Since">When the first of them failed.</param>
/// <param name="Stacks">Their names.</param>
public sealed record FailureGroupAnswer(FailureCode? ErrorCode, DateTimeOffset? Since, IReadOnlyList<string> Stacks);

/// <summary>Stacks that do not answer in one way.</summary>
/// <param name="State">What the last look found.</param>
/// <param name="Layer">How far a browser comes.</param>
/// <param name="Missing">What is gone in Dokploy.</param>
/// <param name="Since">Since when the first of them is so.</param>
/// <param name="Stacks">Their names.</param>
public sealed record SilentGroupAnswer(HealthState State, AddressLayer? Layer, MissingPart? Missing, DateTimeOffset? Since, IReadOnlyList<string> Stacks);
