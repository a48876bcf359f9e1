namespace AiStackDeployer.LogIngest;

/// <summary>What one client may cost the others. Fixed; tests set some of them lower.</summary>
internal sealed record IngestLimits
{
    /// <summary>Of a body as it is sent, and once more of what it unpacks to.</summary>
    public int MostBodyBytes { get; init; } = 1 << 20;

    public int MostEvents { get; init; } = 500;

    /// <summary>Bodies read at the same time, which bounds their memory.</summary>
    public int MostBodies { get; init; } = 64;

    /// <summary>Of those, one stack's.</summary>
    public int MostBodiesOfStack { get; init; } = 4;

    /// <summary>Requests that one stack may send at once; it regains ten in a second.</summary>
    public int RequestBurst { get; init; } = 100;

    /// <summary>Events that one stack may send at once: what its gate keeps while the ingest is away.</summary>
    public int EventBurst { get; init; } = 5_000;

    /// <summary>Events that one stack may send in a second for good.</summary>
    public int EventsPerSecond { get; init; } = 200;

    public int MostConnections { get; init; } = 1_024;

    /// <summary>Connections from one address: a container that opens more than its share only shuts itself out.</summary>
    public int MostConnectionsOfAddress { get; init; } = 64;

    /// <summary>An upload that is slower than this many bytes a second is cut, after <see cref="BodyGrace"/>.</summary>
    public double SlowestBody { get; init; } = 4_096;

    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one body may take in all, however steadily it comes.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Memory that events may take which wait for Loki or the store.</summary>
    public long MostQueuedBytes { get; init; } = 10 << 20;

    public int MostBatchBytes { get; init; } = 1_000_000;

    public TimeSpan Gathering { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for what is in the queue.</summary>
    public TimeSpan Draining { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One push to Loki.</summary>
    public TimeSpan PushTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Questions that are answered at the same time.</summary>
    public int MostQuestions { get; init; } = 8;
}
