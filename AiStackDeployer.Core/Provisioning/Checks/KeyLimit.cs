using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>
/// Whether the key has a rate limit. No call tells that, and a key over its limit is answered exactly like a wrong one: all there
/// is is what the calls of this process have met.
/// </summary>
internal static class KeyLimit
{
    /// <summary>A key made without the dialog: ten checks a day, and each call takes two.</summary>
    public const int CallsOfDefaultLimit = 5;

    /// <summary>The longest window that Dokploy gives by default.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Whether more calls would tell anything more.</summary>
    public static bool IsSettled(DokployKeyHistory key) => key.AcceptedInARow is 0 or > CallsOfDefaultLimit;

    public static ConnectionResult Judge(DokployKeyHistory key, DateTimeOffset now) => key switch
    {
        // It is refused now.
        { AcceptedInARow: 0, LastRefusal.AfterAccepted: 0 } => Of(ConnectionCause.RateLimitUntold, 0, key),
        { AcceptedInARow: 0, LastRefusal.AfterAccepted: <= CallsOfDefaultLimit and var calls } => Of(ConnectionCause.RateLimitLikely, calls, key),
        { AcceptedInARow: 0, LastRefusal.AfterAccepted: var calls } => Of(ConnectionCause.RateLimitPossible, calls, key),

        // It is accepted again. When it had been refused from the first call on, somebody has mended it meanwhile.
        { LastRefusal: { AfterAccepted: > 0 and var calls, At: var at } } when now - at < Window => Of(ConnectionCause.RateLimitByTurns, calls, key),
        { AcceptedInARow: > CallsOfDefaultLimit and var calls } => Of(ConnectionCause.RateLimitExcluded, calls, key),

        // Something else came between; the next look goes on counting.
        { AcceptedInARow: var calls } => Of(ConnectionCause.RateLimitNotKnownYet, calls, key),
    };

    private static ConnectionResult Of(ConnectionCause cause, int calls, DokployKeyHistory key) => new(ConnectionTarget.DokployRateLimit, cause)
    {
        Facts = new ConnectionFacts { Calls = calls, Since = key.LastRefusal?.At },
    };
}
