using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.World;

/// <summary>
/// The emulated Dokploy as a test sees and steers it. Every look brings the world up to the clock's present first,
/// so under a fake clock it moves exactly when the test advances it. Safe to use from any thread.
/// </summary>
public sealed partial class EmulatorWorld
{
    private readonly Lock _lock = new();
    private readonly EmulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly StateFile? _file;
    private readonly Timings _timings;
    private readonly WorldState _state;
    private readonly DeployQueue _queue;
    private long _version = 1;
    private DateTimeOffset _downUntil;

    internal EmulatorWorld(EmulatorOptions options, TimeProvider time)
    {
        (_options, _time, _timings) = (options, time, new Timings(options));
        _file = options.StateFile is null ? null : new StateFile(options.StateFile);
        _state = (options.StateFile is null ? null : StateFile.Load(options.StateFile)) ?? new WorldState();
        Outcomes = new OutcomeBook(this);
        Faults = new FaultBook();
        Calls = new CallLog();
        var planner = new JobPlanner(_state, _timings, options.NodeMemoryBytes, Outcomes);
        _queue = new DeployQueue(_state, planner.Plan);
        DeployQueue.Abandon(_state, time.GetUtcNow());
        SeedOwnerKey();
        Flush();
    }

    /// <summary>What goes wrong on the wire, per call.</summary>
    public FaultBook Faults { get; }

    /// <summary>What images do.</summary>
    public OutcomeBook Outcomes { get; }

    /// <summary>The calls received so far.</summary>
    public CallLog Calls { get; }

    /// <summary>Whether connections are aborted now, after a <see cref="Restart"/> with a downtime.</summary>
    internal bool IsDown
    {
        get
        {
            lock (_lock)
            {
                return _downUntil > _time.GetUtcNow();
            }
        }
    }

    internal EmulatorOptions Options => _options;
    internal Timings Timings => _timings;
    internal TimeProvider Time => _time;

    /// <summary>
    /// Dokploy is restarted: the active job's row becomes cancelled and its application idle, waiting jobs are lost
    /// without trace, running services go on.
    /// </summary>
    /// <param name="downtime">How long the API then aborts every connection (recorded: 16.5 s); null = not at all.</param>
    public void Restart(TimeSpan? downtime = null) => Change(state =>
    {
        var now = _time.GetUtcNow();
        DeployQueue.Abandon(state, now);
        _downUntil = downtime is { } span ? now + span : default;
    });

    /// <summary>
    /// Dokploy's database goes away while a job is active, and is back at once: the job is dead, and its row says running until the
    /// next <see cref="Restart"/>. A longer outage is <see cref="FaultKind.DatabaseDown"/> beside it.
    /// </summary>
    /// <param name="containerMade">The job got as far as the swarm service before.</param>
    public void LoseDatabase(bool containerMade = true) => Change(_ => _queue.LoseDatabase(_time.GetUtcNow(), containerMade));

    /// <summary>Makes a further API key. Its defaults are Dokploy's: rate limited to 10 checks a day, two for each call.</summary>
    /// <param name="role">owner, admin or member; a member here has no permission at all.</param>
    /// <param name="rateLimitMax">Checks in a window; null = no limit.</param>
    /// <param name="window">The window; null = 24 h.</param>
    /// <param name="remaining">Checks left for ever; null = no such limit.</param>
    /// <returns>The key's text.</returns>
    public string AddKey(string role = "owner", int? rateLimitMax = 10, TimeSpan? window = null, int? remaining = null, DateTimeOffset? expiresAt = null)
    {
        var key = Ids.ApiKey();
        Change(state => state.Keys.Add(new ApiKeyRow
        {
            Id = Ids.ApiKey()[..32],
            Key = key,
            Name = role,
            UserId = role == "member" ? Ids.ApiKey()[..32] : state.OwnerId,
            Role = role,
            OrganizationId = state.OrganizationId,
            RateLimitEnabled = rateLimitMax is not null,
            RateLimitMax = rateLimitMax ?? 10,
            RateLimitTimeWindow = (long)(window ?? TimeSpan.FromDays(1)).TotalMilliseconds,
            Remaining = remaining,
            ExpiresAt = expiresAt,
            CreatedAt = _time.GetUtcNow(),
        }));
        return key;
    }

    /// <summary>Disables a key, as an operator would in the dialog.</summary>
    public void DisableKey(string key) => Change(state =>
    {
        if (state.Keys.Find(k => k.Key == key) is { } row)
        {
            row.Enabled = false;
        }
    });

    /// <summary>Puts a service that is no application into a project's default environment, as somebody would in Dokploy's own pages.</summary>
    /// <param name="kind">compose, libsql, mariadb, mongo, mysql, postgres or redis.</param>
    public void AddOtherService(string projectId, string kind, string name) => Change(state => state.OtherServices.Add(new OtherServiceRow
    {
        Kind = kind,
        Id = Ids.Nano(),
        Name = name,
        CreatedAt = _time.GetUtcNow(),
        EnvironmentId = state.Environments.First(e => e.ProjectId == projectId && e.IsDefault).EnvironmentId,
    }));

    /// <summary>Takes them all away again.</summary>
    public void RemoveOtherServices(string projectId) => Change(state => state.OtherServices.RemoveAll(
        s => state.Environment(s.EnvironmentId)?.ProjectId == projectId));

    /// <summary>What <c>docker service rm</c> does past Dokploy: container and service go, the application's row stays.</summary>
    public void RemoveService(string name) => Change(state => state.Services.RemoveAll(service => service.Name == name));

    /// <summary>Makes a further environment in a project.</summary>
    public void AddEnvironment(string projectId, string name) => Change(state => state.Environments.Add(new EnvironmentRow
    {
        EnvironmentId = Ids.Nano(), Name = name, CreatedAt = _time.GetUtcNow(), ProjectId = projectId, IsDefault = false,
    }));

    internal T Read<T>(Func<WorldState, T> look)
    {
        lock (_lock)
        {
            Settle();
            return look(_state);
        }
    }

    /// <summary>Changes the world and puts it on disk before returning.</summary>
    internal void Change(Action<WorldState> change)
    {
        lock (_lock)
        {
            Settle();
            change(_state);
            _version++;
            Settle();
        }

        Flush();
    }

    /// <summary>Runs a call's work under the lock. The world counts as changed unless the call is a query.</summary>
    internal T Work<T>(bool isQuery, Func<WorldState, T> work)
    {
        lock (_lock)
        {
            Settle();
            try
            {
                return work(_state);
            }
            finally
            {
                if (!isQuery)
                {
                    _version++;
                    Settle();
                }
            }
        }
    }

    /// <summary>Returns when everything that happened so far is on disk.</summary>
    internal void Flush()
    {
        if (_file is null)
        {
            return;
        }

        long version;
        lock (_lock)
        {
            version = _version;
        }

        _file.Flush(version, () =>
        {
            lock (_lock)
            {
                return (_version, StateFile.Serialize(_state));
            }
        });
    }

    private void Settle()
    {
        if (_queue.Settle(_time.GetUtcNow()))
        {
            _version++;
        }
    }

    private void SeedOwnerKey()
    {
        if (_state.Keys.Exists(k => k.Key == _options.ApiKey))
        {
            return;
        }

        _state.Keys.Add(new ApiKeyRow
        {
            Id = Ids.ApiKey()[..32],
            Key = _options.ApiKey,
            Name = "emulator",
            UserId = _state.OwnerId,
            OrganizationId = _state.OrganizationId,
            RateLimitEnabled = false,
            CreatedAt = _time.GetUtcNow(),
        });
    }
}
