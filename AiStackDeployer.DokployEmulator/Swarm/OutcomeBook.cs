using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>Which image does what. Set by a test or the developer page, otherwise read from the image's name.</summary>
public sealed class OutcomeBook
{
    private static readonly (string Part, ImageOutcome Outcome)[] ByName =
    [
        ("missing", ImageOutcome.MissingImage),
        ("denied", ImageOutcome.PullDenied),
        ("crash", ImageOutcome.CrashLoop),
        ("toobig", ImageOutcome.Unschedulable),
        ("oom", ImageOutcome.OutOfMemory),
        ("slow", ImageOutcome.SlowPull),
        ("unhealthy", ImageOutcome.NeverHealthy),
        ("wrong", ImageOutcome.WrongProgram),
        ("nogate", ImageOutcome.NoGate),
        ("forgets", ImageOutcome.LosesSessions),
    ];

    private readonly EmulatorWorld _world;
    private volatile string? _containerLog;

    internal OutcomeBook(EmulatorWorld world) => _world = world;

    /// <summary>What a failing container writes at each of its starts; null = the emulator's own line. Counts for coming deployments.</summary>
    public string? ContainerLog
    {
        get => _containerLog;
        set => _containerLog = value;
    }

    /// <summary>The outcomes set so far, by the name they count for.</summary>
    public IReadOnlyDictionary<string, ImageOutcome> All => _world.Read(state => new Dictionary<string, ImageOutcome>(state.Outcomes));

    /// <summary>Counts for jobs that become active from now on; what runs already goes on as it is.</summary>
    /// <param name="appName">An exact appName, the beginning of one, or "*". The longest that fits wins.</param>
    public void Set(string appName, ImageOutcome outcome) => _world.Change(state => state.Outcomes[appName] = outcome);

    /// <summary>Takes one back, or all of them when <paramref name="appName"/> is null.</summary>
    public void Clear(string? appName = null) => _world.Change(state =>
    {
        if (appName is null)
        {
            state.Outcomes.Clear();
        }
        else
        {
            state.Outcomes.Remove(appName);
        }
    });

    internal (ImageOutcome Outcome, string? ContainerLog) Resolve(WorldState state, string appName, string image) =>
        (Chosen(state, appName) ?? FromImage(image), _containerLog);

    private static ImageOutcome? Chosen(WorldState state, string appName)
    {
        var key = state.Outcomes.Keys
            .Where(k => k == "*" || appName.StartsWith(k, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(k => k == "*" ? 0 : k.Length).FirstOrDefault();
        return key is null ? null : state.Outcomes[key];
    }

    private static ImageOutcome FromImage(string image)
    {
        var repository = ImageName.Parse(image).Repository;
        var last = repository[(repository.LastIndexOf('/') + 1)..];
        return ByName.FirstOrDefault(n => last.Contains(n.Part, StringComparison.OrdinalIgnoreCase)).Outcome;
    }
}
