using System.Runtime.CompilerServices;

namespace AiStackDeployer.Core.Connections;

/// <summary>Looks at one thing the portal depends on, without changing anything there.</summary>
public interface IConnectionCheck
{
    /// <summary>In the order in which <see cref="RunAsync"/> yields them.</summary>
    IReadOnlyList<ConnectionTarget> Targets { get; }

    /// <summary>
    /// Yields each result as soon as it is known. It may end early: targets without a result then count as not checked, and when it
    /// throws or takes too long, the first of them counts as failed.
    /// </summary>
    IAsyncEnumerable<ConnectionResult> RunAsync(CancellationToken cancellationToken);
}

/// <summary>Stands in for a check that has nothing to look at: what there is to say follows from the settings.</summary>
public sealed class UnconfiguredCheck(ConnectionCause cause, ConnectionFacts facts, params IReadOnlyList<ConnectionTarget> targets) : IConnectionCheck
{
    public IReadOnlyList<ConnectionTarget> Targets => targets;

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var target in targets)
        {
            yield return new ConnectionResult(target, cause) { Facts = facts };
        }
    }
}
