using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>
/// Sets each connection up once; the driver's pool hands the same ones out again. WAL lets readers and the one writer work side
/// by side; with it, <c>synchronous=NORMAL</c> loses nothing when the process is killed (a power cut may cost the last writes,
/// which the next run looks up again in Dokploy). SQLite's own busy handler waits in steps of milliseconds; the driver's alone
/// would sleep 150 ms at a time.
/// </summary>
internal sealed class SqlitePragmas(TimeSpan lockTimeout) : DbConnectionInterceptor
{
    private static readonly object Done = new();

    private readonly string _sql =
        "PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=" + lockTimeout.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + ";";

    // By the native handle: that is what the pool keeps, and what the settings belong to.
    private readonly ConditionalWeakTable<object, object> _setUp = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        // The driver is synchronous underneath, so there is nothing to await in the other one.
        if (connection is not SqliteConnection { Handle: { } handle } || _setUp.TryGetValue(handle, out _))
        {
            return;
        }
        using var command = connection.CreateCommand();
        // EF looks whether there is a database over a connection that may not write; a file left by a process that was killed
        // before it had set the mode would then refuse every start.
        var mayWrite = new SqliteConnectionStringBuilder(connection.ConnectionString).Mode != SqliteOpenMode.ReadOnly;
        command.CommandText = mayWrite ? _sql + "PRAGMA journal_mode=WAL;" : _sql;
        command.ExecuteNonQuery();
        _setUp.TryAdd(handle, Done);
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
