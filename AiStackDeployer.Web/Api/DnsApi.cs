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
            WildcardChange.None => TypedResults.Ok(new DnsRepairAnswer { Outcome = "already-right", Message = message }),
            WildcardChange.Write write => TypedResults.Ok(new DnsRepairAnswer
            {
                Outcome = write.IsNew ? "created" : "changed", Message = message,
                Zone = write.Zone, Name = write.Name, From = write.IsNew ? null : write.From, To = write.To,
            }),
            WildcardChange.Failed failed => Problems.Of(
                StatusCodes.Status502BadGateway, failed.Why.Cause.ToWire(), message,
                new Dictionary<string, object?> { ["mayHaveHappened"] = failed.MayHaveHappened }),
            WildcardChange.NotPossible notPossible => Problems.Of(StatusCodes.Status409Conflict, notPossible.Why.Cause.ToWire(), message),
            _ => throw new ArgumentOutOfRangeException(nameof(wildcard), result.GetType().Name, null),
        };
    }
}
