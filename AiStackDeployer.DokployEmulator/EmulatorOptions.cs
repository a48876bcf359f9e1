using System.Net;

namespace AiStackDeployer.DokployEmulator;

/// <summary>What an emulated Dokploy is started with.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The key of the emulated owner when none is given. Public on purpose: there is nothing here to protect.</summary>
    public const string DefaultApiKey = "emulator-owner-key";

    /// <summary>Where both listeners are. The developer's page answers this machine alone, wherever they listen.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port of the API; 0 = any free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>TCP port of the host-matching listener in front of the stacks; 0 = any free one.</summary>
    public int StacksPort { get; init; }

    /// <summary>JSON file the world is kept in; null = memory only. Starting from an existing file is a Dokploy restart.</summary>
    public string? StateFile { get; init; }

    /// <summary>The owner's API key. It has no rate limit, like a key made in Dokploy's own dialog.</summary>
    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>Factor on every recorded duration: 1.0 = as recorded on Dokploy v0.30.2, 0 = immediately.</summary>
    public double Pace { get; init; } = 1.0;

    /// <summary>How long an OpenCode stack needs, from its container running until it answers (recorded 4-6 s). Scaled by <see cref="Pace"/>.</summary>
    public TimeSpan StackBootTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a container lives on after its service was removed; null = 2.5 s as recorded, scaled by <see cref="Pace"/>. OpenCode as the
    /// container's first process took 12.7 s.
    /// </summary>
    public TimeSpan? StopGraceTime { get; init; }

    /// <summary>How long the pull of a <see cref="ImageOutcome.SlowPull"/> image takes. Scaled by <see cref="Pace"/>.</summary>
    public TimeSpan SlowPullTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Memory of the only swarm node in bytes. A service that reserves more than this is never scheduled.</summary>
    public long NodeMemoryBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>The port a stack listens on inside its container unless its environment says otherwise (STACK_PORT or PORT).</summary>
    public int ContainerPort { get; init; } = 8080;

    /// <summary>Where a request for a host without a route goes, as by Traefik's router of lowest priority; null = 404.</summary>
    public Uri? CatchAll { get; init; }

    /// <summary>The version <c>settings.getDokployVersion</c> answers.</summary>
    public string DokployVersion { get; init; } = "v0.30.2";

    /// <summary>
    /// Whether each call takes its recorded median time (scaled by <see cref="Pace"/>) before it is answered.
    /// Off by default: under a fake clock every call would wait for the test to advance it.
    /// </summary>
    public bool RecordedLatency { get; init; }
}
