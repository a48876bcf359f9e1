using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>Where the name of any stack leads, as this machine's resolver knows it.</summary>
/// <param name="dns">Without Hetzner: the world's view is what counts, and must not wait for anybody's API.</param>
internal sealed class WildcardDnsCheck(WildcardDns dns, TimeProvider time) : IConnectionCheck
{
    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.WildcardDns];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var state = await dns.LookAsync(cancellationToken);
        yield return Judge(state) with { Latency = state.AskedName is null ? null : time.GetElapsedTime(started) };
    }

    public static ConnectionResult Judge(WildcardDnsState state) => new(ConnectionTarget.WildcardDns, state.Verdict switch
    {
        WildcardVerdict.PointsThere => ConnectionCause.WildcardPointsThere,
        WildcardVerdict.PointsElsewhere when state.ExpectedIsInternal => ConnectionCause.WildcardDiffersInside,
        WildcardVerdict.PointsElsewhere => ConnectionCause.WildcardPointsElsewhere,
        WildcardVerdict.DoesNotResolve => ConnectionCause.WildcardUnresolved,
        WildcardVerdict.ResolverFailed => ConnectionCause.WildcardResolverFailed,
        WildcardVerdict.NothingToCompareWith => ConnectionCause.WildcardResolves,
        WildcardVerdict.LocalOnly => ConnectionCause.WildcardLocal,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.Verdict, null),
    })
    {
        Facts = new ConnectionFacts
        {
            Host = state.Wildcard,
            Addresses = state.Addresses.Count == 0 ? null : [.. state.Addresses.Select(a => a.ToString()).Order(StringComparer.Ordinal)],
            ExpectedAddresses = state.Expected is { } expected ? [expected.ToString()] : null,
        },
    };
}
