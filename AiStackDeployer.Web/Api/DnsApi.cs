using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DnsApi
{
    public static void MapDns(this RouteGroupBuilder api)
    {
        api.MapGet("/dns", GetAsync)
            .RequireAuthorization(Policies.ViewAdmin)
            .WithName("GetDns")
            .WithTags("Connections")
            .WithSummary("The wildcard record of the stacks: where it leads, where it should, and what Hetzner has.")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapPost("/dns/repair", RepairAsync)
            .RequireAuthorization(Policies.RepairDns)
            .WithName("RepairDns")
            .WithTags("Connections")
            .WithSummary("Makes the wildcard record at Hetzner, or gives it the address in TRAEFIK_IP.")
            .WithDescription(
                "Looks first and changes at most this one record; GET /api/dns says what it would do. 409 = not possible, nothing was changed; "
                + "502 = Hetzner failed, with mayHaveHappened when the record may have been written all the same.")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task<Ok<DnsAnswer>> GetAsync(
        HttpContext context, IWildcardRecord wildcard, ConnectionMapper mapper, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(mapper.Whole(await wildcard.LookAsync(cancellationToken)));
    }

    private static async Task<Results<Ok<DnsRepairAnswer>, ProblemHttpResult>> RepairAsync(IWildcardRecord wildcard, ConnectionText text)
    {
        // Not cancelled by a caller who leaves: a change that was sent is followed to its end.
        var result = await wildcard.RepairAsync(CancellationToken.None);
        var message = text.Repaired(result);
        return result switch
        {
            WildcardRepairResult.AlreadyRight => TypedResults.Ok(new DnsRepairAnswer { Outcome = "already-right", Message = message }),
            WildcardRepairResult.Created created => TypedResults.Ok(new DnsRepairAnswer
            {
                Outcome = "created", Message = message, Zone = created.Zone, Name = created.Name, To = created.Address,
            }),
            WildcardRepairResult.Changed changed => TypedResults.Ok(new DnsRepairAnswer
            {
                Outcome = "changed", Message = message, Zone = changed.Zone, Name = changed.Name, From = changed.From, To = changed.Address,
            }),
            WildcardRepairResult.NotPossible notPossible => Problems.Of(StatusCodes.Status409Conflict, notPossible.Why.Cause.ToWire(), message),
            WildcardRepairResult.Failed failed => Problems.Of(
                StatusCodes.Status502BadGateway, failed.Why.Cause.ToWire(), message,
                new Dictionary<string, object?> { ["mayHaveHappened"] = failed.MayHaveHappened }),
            _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
        };
    }
}
