using System.Runtime.CompilerServices;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>Where the name of any stack leads. Hetzner is not asked: the answer must not wait for anybody's API.</summary>
internal sealed class WildcardDnsCheck(WildcardLookup lookup) : IConnectionCheck
{
    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.WildcardDns];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await lookup.LookAsync(cancellationToken);
    }
}
