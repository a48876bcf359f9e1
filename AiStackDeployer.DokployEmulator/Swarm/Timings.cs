namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>
/// Durations recorded on Dokploy v0.30.2 (single node, image in the engine's cache), times the pace.
/// </summary>
internal sealed class Timings(EmulatorOptions options)
{
    public TimeSpan Row => Scale(0.03);
    public TimeSpan Login => Scale(0.04);
    public TimeSpan PullStart => Scale(0.06);
    public TimeSpan CachedPull => Scale(0.12);
    public TimeSpan PullRefused => Scale(0.08);
    public TimeSpan SlowPull => options.SlowPullTime * options.Pace;
    public TimeSpan ServiceCreate => Scale(0.10);
    public TimeSpan RowEnd => Scale(0.04);
    public TimeSpan ApplicationEnd => Scale(0.02);

    /// <summary>From service create: a first container is prepared longer than those of later updates.</summary>
    public TimeSpan Preparing(bool first) => first ? Scale(0.5) : Scale(0.1);
    public TimeSpan Starting(bool first) => first ? Scale(1.6) : Scale(0.2);
    public TimeSpan Running(bool first) => first ? Scale(1.95) : Scale(0.6);

    /// <summary>How long a failing container lives, and how long swarm waits before the next one.</summary>
    public TimeSpan LifeOfFailing => Scale(1.3);
    public TimeSpan RestartDelay => Scale(5);

    /// <summary>Swarm watches an update or a rollback this long before it calls it completed.</summary>
    public TimeSpan UpdateMonitor => Scale(5);
    public TimeSpan ContainerStop => Scale(0.5);
    public TimeSpan StopGrace => options.StopGraceTime ?? Scale(2.5);
    public TimeSpan ScaleToZero => Scale(5.26);
    public TimeSpan ScaleToOne => Scale(6.26);
    public TimeSpan Boot => options.StackBootTime * options.Pace;

    private TimeSpan Scale(double seconds) => TimeSpan.FromSeconds(seconds * options.Pace);
}
