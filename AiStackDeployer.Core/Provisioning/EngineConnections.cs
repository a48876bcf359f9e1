using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Connections of the engine's own database. Its scheduling holds one lock, so each wait for the disk there limits how many
/// deployments are accepted; a file that may be lost without harm needs none.
/// </summary>
internal sealed class EngineConnections : DbProviderFactory
{
    public override DbConnection CreateConnection() => new Connection();

    public override DbCommand CreateCommand() => new SqliteCommand();

    public override DbParameter CreateParameter() => new SqliteParameter();

    private sealed class Connection : SqliteConnection
    {
        public override void Open()
        {
            base.Open();
            using var command = CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;";
            command.ExecuteNonQuery();
        }
    }
}
