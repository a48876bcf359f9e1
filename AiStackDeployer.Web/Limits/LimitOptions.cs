namespace AiStackDeployer.Web.Limits;

/// <summary>What is counted in time.</summary>
public enum Rate
{
    /// <summary>A new stack, another try, a deletion: wherever it is asked for.</summary>
    Start,

    /// <summary>Whether a name is free: over REST, over MCP, and by the form.</summary>
    Check,

    /// <summary>Any other call of a program, and a page's request for its live connection.</summary>
    Api,

    /// <summary>A page for somebody who is not signed in.</summary>
    Page,

    SignIn,
}

/// <summary>What is counted for as long as it lasts.</summary>
public enum Hold
{
    /// <summary>Server-sent events.</summary>
    Stream,

    McpCall,

    /// <summary>A page's live connection.</summary>
    Circuit,
}

/// <summary>So many at once, and then one more in each stretch of time.</summary>
public sealed record Bucket(int AtOnce, TimeSpan Every);

/// <param name="Known">Of one person.</param>
/// <param name="Unknown">Of everybody not signed in at one address.</param>
/// <param name="Whole">Of the process.</param>
public sealed record Room(int Known, int Unknown, int Whole);

/// <summary>Far above what a person or their tools need, far below what hurts others.</summary>
public sealed record LimitOptions
{
    /// <summary>What .NET and the portal use without any visitor.</summary>
    private const long Base = 300L << 20;

    /// <summary>Measured: a stream 0.3 MB, the form's circuit 0.1 MB, that of an administrator's page with a full grid 1.3 MB.</summary>
    private const long PerWatcher = 1L << 20;

    public Bucket Start { get; init; } = new(5, TimeSpan.FromMinutes(3));

    public Bucket Check { get; init; } = new(20, TimeSpan.FromMilliseconds(200));

    public Bucket Api { get; init; } = new(60, TimeSpan.FromMilliseconds(100));

    public Bucket Page { get; init; } = new(30, TimeSpan.FromMilliseconds(200));

    public Bucket SignIn { get; init; } = new(10, TimeSpan.FromSeconds(6));

    public required Room Streams { get; init; }

    /// <summary>A call that waits holds a connection for minutes.</summary>
    public Room McpCalls { get; init; } = new(20, 40, 256);

    public required Room Circuits { get; init; }

    /// <summary>Multiplies the numbers of one caller; null = nothing is limited.</summary>
    public required double? Factor { get; init; }

    /// <param name="memory">What the process may use, such as its container's limit.</param>
    public static LimitOptions For(double? factor, long memory)
    {
        var watchers = new Room(20, 40, (int)Math.Clamp((memory - Base) / PerWatcher, 50, 10_000));
        return new LimitOptions { Factor = factor, Streams = watchers, Circuits = watchers };
    }
}
