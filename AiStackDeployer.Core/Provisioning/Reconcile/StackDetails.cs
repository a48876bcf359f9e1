using System.Collections.Concurrent;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Reconcile;

/// <summary>
/// What only an application itself tells: image, route, volumes. A call for each, so a comparison looks at some and remembers the others;
/// those come first that were looked at longest ago.
/// </summary>
internal sealed class StackDetails(DokployClient dokploy, StackDefaults defaults, StackVolumes volumes, TimeProvider time)
{
    private const int Looks = 300;
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<Difference> Found)> _known = [];

    /// <param name="stacks">Those whose application stands and on which nothing is at work.</param>
    /// <exception cref="DokployException">Some may have been looked at.</exception>
    public async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken)
    {
        var ids = stacks.Select(s => s.Id).ToHashSet();
        foreach (var gone in _known.Keys.Where(id => !ids.Contains(id)))
        {
            _known.TryRemove(gone, out _);
        }
        var next = stacks.OrderBy(s => _known.TryGetValue(s.Id, out var known) ? known.At : DateTimeOffset.MinValue).Take(Looks);
        await Parallel.ForEachAsync(next, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (stack, cancelled) =>
        {
            var application = await dokploy.GetApplicationAsync(stack.ApplicationId!, cancelled);
            _known[stack.Id] = (time.GetUtcNow(), application is null ? [] : [.. Compare(stack, application)]);
        });
        return [.. stacks.SelectMany(s => _known.TryGetValue(s.Id, out var known) ? known.Found : [])];
    }

    private IEnumerable<Difference> Compare(Stack stack, DokployApplication application)
    {
        if (application.DockerImage != stack.Image)
        {
            yield return Of(DifferenceKind.OtherImage);
        }
        // A stopped stack has no route, so that its address leads to the page that wakes it.
        if (stack.State == StackState.Ready && !application.Domains.Any(d => d.IsOf(defaults.HostOf(stack.Name)) && d.Port == defaults.Port && d.Enabled != false))
        {
            yield return Of(DifferenceKind.OtherRoute);
        }
        if (volumes.Of(stack.Id).Any(v => !application.Mounts.Any(m => m.VolumeName == v.Name && m.MountPath == v.Path)))
        {
            yield return Of(DifferenceKind.MissingVolume);
        }

        Difference Of(DifferenceKind kind) => new(kind, stack.Name, stack.Id, null, stack.LastDeploymentId);
    }
}
