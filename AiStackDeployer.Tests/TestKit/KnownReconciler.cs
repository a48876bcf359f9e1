using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A comparison with Dokploy that finds what the test says.</summary>
internal sealed class KnownReconciler : IReconciler
{
    /// <summary>What the next comparison finds; null = Dokploy does not answer.</summary>
    public Reconciliation? Next { get; set; }

    public bool Removes { get; set; } = true;

    public List<string> Removed { get; } = [];

    public Reconciliation? Last { get; private set; }

    public Task<Reconciliation?> CompareAsync(CancellationToken cancellationToken)
    {
        Last = Next ?? Last;
        return Task.FromResult(Next);
    }

    public Task<bool> RemoveOrphanAsync(string projectId, CancellationToken cancellationToken)
    {
        Removed.Add(projectId);
        return Task.FromResult(Removes);
    }
}
