using Microsoft.Data.Sqlite;
using Npgsql;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Where the engine keeps its jobs.</summary>
public abstract class EngineStore
{
    /// <summary>How often a portal says that it lives, and for how long the others wait beyond that: together the time of a takeover.</summary>
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Missing = TimeSpan.FromSeconds(3);

    private EngineStore()
    {
    }

    /// <summary>A file of its own: on SQLite two writers of one file wait for each other. It may be lost without harm.</summary>
    public static EngineStore InFile(string file) => new Sqlite(file);

    /// <summary>Beside the deployments, in one transaction with them, and shared by all portals on the database.</summary>
    public static EngineStore InPostgres(string connectionString) => new Postgres(connectionString);

    /// <summary>Whether a job is stored with its deployment.</summary>
    internal virtual bool IsEnlisting => false;

    internal abstract void Use(IPersistentStoreBuilder store);

    private sealed class Sqlite(string file) : EngineStore
    {
        internal override void Use(IPersistentStoreBuilder store) =>
            store.UseSqlite(new EngineConnections(), new SqliteConnectionStringBuilder { DataSource = file }.ToString());
    }

    private sealed class Postgres(string connectionString) : EngineStore
    {
        internal override bool IsEnlisting => true;

        internal override void Use(IPersistentStoreBuilder store)
        {
            store.UsePostgres(NpgsqlFactory.Instance, connectionString);
            store.ConfigureStore(ado => ado.AcceptEnlistedTransactions = true);
            store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, Missing));
        }
    }
}
