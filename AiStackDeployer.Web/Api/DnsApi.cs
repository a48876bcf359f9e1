using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DnsApi
{
    /// <summary>What keeps a repair from being tried.</summary>
    internal static readonly ConnectionCause[] Obstacles =
    [
        ConnectionCause.WildcardLocal, ConnectionCause.HetznerTokenNotSet, ConnectionCause.WildcardWithoutTarget, ConnectionCause.WildcardTargetIsInside,
        ConnectionCause.HetznerZoneMissing, ConnectionCause.HetznerZoneNotDelegated, ConnectionCause.WildcardAliasInTheWay,
    ];

    /// <summary>What a repair may meet at Hetzner.</summary>
    internal static readonly ConnectionCause[] Faults =
    [
        ConnectionCause.HetznerUnreachable, ConnectionCause.HetznerTokenRefused, ConnectionCause.HetznerPermissionDenied, ConnectionCause.HetznerBusy,
        ConnectionCause.HetznerZoneSecondary, ConnectionCause.HetznerZoneMissing, ConnectionCause.HetznerFailing, ConnectionCause.HetznerRejected,
    ];

    public static void MapDns(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/dns").WithTags("Portal").ProducesProblems(ProblemKinds.NotAllowed);
        api.MapGet("", GetAsync).WithName("getDns").RequireAuthorization(Policies.ViewAdmin)
            .WithSummary("Read the wildcard record")
            .WithDescription("Where the stacks' wildcard record leads, where it should, what Hetzner has, and what a repair would do.");
        api.MapPost("/repair", RepairAsync).WithName("repairDns")
            .WithSummary("Repair the wildcard record")
            .WithDescription(
                """
                Makes the wildcard record at Hetzner, or gives it the address in TRAEFIK_IP. Looks first and changes at most this one record;
                `GET /api/dns` says what it would do.
                """)
            .ProducesProblems([.. Obstacles.Select(NotPossible)])
            .ProducesProblems([.. Faults.Select(Failed)]);
    }

    private static async Task<Ok<DnsAnswer>> GetAsync(
        IWildcardRecord wildcard, ConnectionMapper mapper, CancellationToken cancellationToken)
    {
        return TypedResults.Ok(mapper.Whole(await wildcard.LookAsync(cancellationToken)));
    }

    private static async Task<Results<Ok<DnsRepairAnswer>, ProblemHttpResult>> RepairAsync(HttpContext context, AdminActs acts, ConnectionText text)
    {
        if (await acts.RepairDnsAsync(Actor.Of(context)) is not { } result)
        {
            return Problems.Of(ProblemKinds.NotAllowed);
        }
        var message = text.Repaired(result);
        return result switch
        {
            WildcardChange.None => TypedResults.Ok(new DnsRepairAnswer { Outcome = "already-right", Message = message }),
            WildcardChange.Write write => TypedResults.Ok(new DnsRepairAnswer
            {
                Outcome = write.IsNew ? "created" : "changed", Message = message,
                Zone = write.Zone, Name = write.Name, From = write.IsNew ? null : write.From, To = write.To,
            }),
            WildcardChange.Failed failed => Problems.Of(Failed(failed.Why.Cause), message, mayHaveHappened: failed.MayHaveHappened),
            WildcardChange.NotPossible notPossible => Problems.Of(NotPossible(notPossible.Why.Cause), message),
            _ => throw new ArgumentOutOfRangeException(nameof(acts), result.GetType().Name, null),
        };
    }

    private static ProblemKind NotPossible(ConnectionCause cause) => new(409, cause.ToWire(), "Not possible; nothing was changed.");

    private static ProblemKind Failed(ConnectionCause cause) =>
        new(502, cause.ToWire(), "Hetzner failed; `mayHaveHappened` says whether the record may have been written all the same.");
}
