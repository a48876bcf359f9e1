using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Kills;

/// <summary>Where portals keep their data.</summary>
public enum KillDatabase
{
    Sqlite,
    PostgreSql,
}

/// <summary>What is killed: portals on one database, in front of one emulated Dokploy that lives on.</summary>
internal sealed class KillTarget : IAsyncDisposable
{
    private readonly List<Replica> _replicas = [];

    private string? _database;

    private KillTarget(DokployEmulatorHost dokploy) => Dokploy = dokploy;

    public DokployEmulatorHost Dokploy { get; }

    public IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>Completes only when a portal ended without having been killed.</summary>
    public Task Living => Task.WhenAny(_replicas.Select(r => r.Living)).Unwrap();

    public static async Task<KillTarget> StartAsync(
        KillDatabase database, int replicas, Func<IEnumerable<KillOrder>> nextOrders, Action<string?> died, CancellationToken cancellationToken)
    {
        if (database == KillDatabase.Sqlite)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, 1);
        }
        var target = new KillTarget(await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, cancellationToken));
        target._database = database == KillDatabase.PostgreSql ? await (await TestPostgres.SharedAsync()).CreateDatabaseAsync() : null;
        for (var i = 0; i < replicas; i++)
        {
            var home = PortalHome.For(target.Dokploy).With("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location);
            var replica = new Replica(
                target._database is { } name ? home.With("ConnectionStrings__Portal", (await TestPostgres.SharedAsync()).ConnectionStringOf(name)) : home);
            target._replicas.Add(replica);
            replica.Live(nextOrders, died);
            // One after the other, as an installation begins; from then on they come back as they like.
            await await Task.WhenAny(replica.Up.WaitAsync(cancellationToken), replica.Living);
        }
        return target;
    }

    /// <summary>A portal that listens now, or is the next one to.</summary>
    public async Task<Replica> AnyAsync(Random random, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_replicas.Select(r => r.Up)).WaitAsync(cancellationToken);
        var up = _replicas.Where(r => r.Up.IsCompleted).ToList();
        return up.Count == 0 ? _replicas[0] : up[random.Next(up.Count)];
    }

    public void Tell(IReadOnlyCollection<KillOrder> orders) => _replicas.ForEach(r => r.Tell(orders));

    /// <summary>All of them at once.</summary>
    public Task KillAsync() => Task.WhenAll(_replicas.Where(r => r.Up.IsCompleted).Select(r => r.KillAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }
        await Dokploy.DisposeAsync();
        if (_database is not null)
        {
            await (await TestPostgres.SharedAsync()).DropDatabaseAsync(_database);
        }
    }
}
