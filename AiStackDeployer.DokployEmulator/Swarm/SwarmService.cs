namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>What a service runs. <see cref="Env"/> is parsed already: "KEY=VALUE" entries.</summary>
internal sealed record ServiceSpec
{
    public required string Image { get; init; }
    public List<string> Env { get; init; } = [];
    public List<SpecMount> Mounts { get; init; } = [];
    public long? MemoryLimit { get; init; }
    public long? MemoryReservation { get; init; }
    public long? CpuLimit { get; init; }
    public long? CpuReservation { get; init; }
    public int Replicas { get; init; } = 1;

    /// <summary>The application's name, kept so that an orphan can still say who it was.</summary>
    public required string Name { get; init; }

    public string? Variable(string key)
    {
        var entry = Env.FindLast(e => e.StartsWith(key + "=", StringComparison.Ordinal));
        return entry?[(key.Length + 1)..];
    }
}

internal sealed record SpecMount(string Type, string? Source, string Target);

/// <summary>A container whose service is removed, and which has not ended yet.</summary>
internal sealed record StoppingContainer(string ContainerId, string Name, DateTimeOffset Since, DateTimeOffset Until);

internal enum ServiceEventKind
{
    Deploy,
    Scale,
}

/// <summary>Something that was done to a service. All of its tasks, past and present, follow from these.</summary>
internal sealed record ServiceEvent
{
    public required DateTimeOffset At { get; init; }
    public required ServiceEventKind Kind { get; init; }
    public ServiceSpec? Spec { get; init; }
    public ImageOutcome Outcome { get; init; }

    /// <summary>What the container writes at each start of a failing outcome; null = the emulator's own line.</summary>
    public string? ContainerLog { get; init; }
    public int Replicas { get; init; } = 1;
}

internal sealed class SwarmService
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string ApplicationId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public List<ServiceEvent> Events { get; init; } = [];
}
