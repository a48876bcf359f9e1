namespace AiStackDeployer.Core.Stacks;

/// <summary>What Dokploy tells of its queue, of the servers that stacks run on, and of one stack's containers.</summary>
public interface IStackServers
{
    /// <summary>Kept for a few seconds for all who ask; never throws for what Dokploy answers.</summary>
    Task<ServerReport> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Newest first; null when it cannot be told now, or the key may not see it.</summary>
    Task<IReadOnlyList<ContainerTask>?> ListTasksAsync(Stack stack, CancellationToken cancellationToken);

    /// <summary>The page of the stack's application in Dokploy, by the address that the portal calls it; null while there is none.</summary>
    Uri? PageOf(Stack stack);
}

/// <param name="Queue">Null = Dokploy cannot tell, or did not answer.</param>
/// <param name="ServerMemory">Bytes of each server; empty = not told.</param>
/// <param name="MemoryReservation">What each stack that runs keeps from others, in bytes; null = nothing.</param>
/// <param name="MemoryLimit">What a stack may use at most; null = no limit.</param>
public sealed record ServerReport(DateTimeOffset At, DokployLine? Queue, IReadOnlyList<long> ServerMemory, long? MemoryReservation, long? MemoryLimit)
{
    /// <summary>Servers of the swarm that are down, or set aside.</summary>
    public int ServersAway { get; init; }

    /// <summary>
    /// How many more stacks have room by what they reserve, on each server and together; null = not known. What else runs there
    /// reserves as well, and is not counted, so it is the most there can be.
    /// </summary>
    /// <param name="running">Stacks that run now.</param>
    public int? RoomFor(int running) => MemoryReservation is { } each and > 0 && ServerMemory.Count > 0
        ? (int)Math.Max(0, ServerMemory.Sum(server => server / each) - running)
        : null;
}

/// <summary>Dokploy handles one deployment at a time, whoever gave it.</summary>
/// <param name="Waiting">How many wait behind the one at work.</param>
/// <param name="DeploymentId">Of the portal's operation at work; null = none is, or it is somebody else's.</param>
/// <param name="BusySince">Null = nothing is at work.</param>
public sealed record DokployLine(int Waiting, string? DeploymentId, DateTimeOffset? BusySince);

/// <summary>One attempt to run a stack's container.</summary>
/// <param name="State">As Docker words it: <c>Running 2 minutes ago</c>.</param>
/// <param name="Error">Docker's reason; null = there is none.</param>
public sealed record ContainerTask(string Id, string State, string? Error);
