using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiStackDeployer.Core.Persistence;

/// <summary>
/// Sets each connection up once. WAL lets readers and the one writer work side by side; with it, <c>synchronous=NORMAL</c> loses
/// nothing when the process is killed (a power cut may cost the last writes, which the next run looks up again in Dokploy).
/// SQLite's own busy handler waits in steps of milliseconds; the driver's alone would sleep 150 ms at a time.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    internal const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
