using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DnsApi
{
    /// <summary>Unlike stacks, this is not for whoever comes along: a caller must have been here before (a page or a deployment gives the cookie).</summary>
    public static async Task<Ok<DnsAnswer>> GetAsync(
        HttpContext context, IWildcardRecord wildcard, ConnectionMapper mapper, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(mapper.Whole(await wildcard.LookAsync(cancellationToken)));
    }

    /// <summary>Looks first and changes at most this one record.</summary>
    public static async Task<Results<Ok<DnsRepairAnswer>, ProblemHttpResult>> RepairAsync(IWildcardRecord wildcard, ConnectionText text)
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
