using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// Whether the key has a rate limit. No call of Dokploy's says so, and a key over its limit is answered exactly like a wrong one:
/// the only evidence is what the calls of this process have met.
/// </summary>
internal static class KeyLimit
{
    /// <summary>The longest window that Dokploy gives by default.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public static ConnectionResult Judge(DokployKeyHistory key, DateTimeOffset now) => key switch
    {
        // Refused now, or accepted and refused by turns. A key that was refused from the first call on says nothing about a limit:
        // when it is accepted later, somebody has replaced it.
        { LastRefusal: { AfterAccepted: > 0 and var calls, At: var at } } when key.AcceptedInARow == 0 || now - at < Window =>
            Of(ConnectionCause.RateLimitLikely, calls, key),
        { AcceptedInARow: > DokployKeyHistory.CallsOfDefaultLimit and var calls } => Of(ConnectionCause.RateLimitExcluded, calls, key),
        { AcceptedInARow: var calls } => Of(ConnectionCause.RateLimitNotKnownYet, calls, key),
    };

    private static ConnectionResult Of(ConnectionCause cause, int calls, DokployKeyHistory key) => new(ConnectionTarget.DokployRateLimit, cause)
    {
        Facts = new ConnectionFacts { Calls = calls, Since = key.LastRefusal?.At },
    };
}
