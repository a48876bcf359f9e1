namespace AiStackDeployer.Core.Provisioning;

/// <summary>Tells a dead deploy job, whose row says running for good, from one that ends this very moment: by two looks some seconds apart.</summary>
internal sealed class DeadJobWatch(ProvisioningOptions options, TimeProvider time)
{
    private long? _missingSince;

    /// <summary>Missing on the last look, and not yet known to be dead.</summary>
    public bool IsInDoubt => _missingSince is not null;

    /// <param name="job">What the latest look found; null = none.</param>
    public bool IsDead(UnfinishedJob? job)
    {
        if (job is not { IsMissing: true })
        {
            _missingSince = null;
            return false;
        }
        _missingSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_missingSince.Value) >= options.DeadJobLooks;
    }
}
