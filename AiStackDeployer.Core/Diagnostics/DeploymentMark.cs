using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>What a deployment was like before a change, as far as the counting needs it. Taken by the store, before the change acts.</summary>
public readonly struct DeploymentMark
{
    private readonly IReadOnlySet<int> _ended;

    private DeploymentMark(Deployment deployment, IReadOnlySet<int> ended)
    {
        Phase = deployment.Phase;
        Run = deployment.Run;
        IsPaused = deployment.IsPaused;
        _ended = ended;
    }

    public DeploymentPhase Phase { get; }

    public int Run { get; }

    /// <inheritdoc cref="Deployment.IsPaused"/>
    public bool IsPaused { get; }

    public static DeploymentMark Of(Deployment deployment) => new(
        deployment, deployment.Steps.Where(HasEnded).Select(s => s.Index).ToHashSet());

    /// <summary>The steps that have ended since.</summary>
    public IEnumerable<DeploymentStepRecord> EndedSince(Deployment deployment)
    {
        var before = _ended;
        return deployment.Steps.Where(s => HasEnded(s) && !before.Contains(s.Index));
    }

    private static bool HasEnded(DeploymentStepRecord step) => step.EndedAt is not null;
}
