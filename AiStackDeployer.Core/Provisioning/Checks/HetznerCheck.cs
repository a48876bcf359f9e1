using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>Whether Hetzner accepts the token, and whether the zone of the stacks' suffix is in its project.</summary>
internal sealed class HetznerCheck(HetznerDnsClient hetzner, string suffix, TimeProvider time) : IConnectionCheck
{
    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.HetznerToken, ConnectionTarget.HetznerZone];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var token = await AskAsync(ConnectionTarget.HetznerToken, async () => CauseOf(await hetzner.CheckTokenAsync(cancellationToken)));
        yield return token with { Latency = time.GetElapsedTime(started) };
        if (token.Cause is not (ConnectionCause.HetznerTokenAccepted or ConnectionCause.HetznerTokenReadOnly))
        {
            yield break;
        }
        started = time.GetTimestamp();
        HetznerZone? zone = null;
        var found = await AskAsync(ConnectionTarget.HetznerZone, async () =>
        {
            zone = await hetzner.FindZoneOfAsync(suffix, cancellationToken);
            return HetznerCauses.Of(zone, suffix);
        });
        yield return found with { Facts = HetznerCauses.FactsOf(zone, suffix), Latency = time.GetElapsedTime(started) };
    }

    private static async Task<ConnectionResult> AskAsync(ConnectionTarget target, Func<Task<ConnectionCause>> ask)
    {
        try
        {
            return new ConnectionResult(target, await ask());
        }
        catch (HetznerException e)
        {
            return new ConnectionResult(target, HetznerCauses.Of(e.Kind));
        }
    }

    private static ConnectionCause CauseOf(HetznerTokenVerdict verdict) => verdict switch
    {
        HetznerTokenVerdict.Good => ConnectionCause.HetznerTokenAccepted,
        HetznerTokenVerdict.ReadOnly => ConnectionCause.HetznerTokenReadOnly,
        _ => ConnectionCause.HetznerTokenRefused,
    };
}
