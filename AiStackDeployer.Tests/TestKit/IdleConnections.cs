using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// Closes what lies idle in the pools of one database file, as the end of a process does. Never all pools: a file of another test
/// that runs at the same time would lose its journal with its last connection.
/// </summary>
internal static class IdleConnections
{
    public static void Close(string file)
    {
        // A pool is known by the exact text: the portal's own, with the short timeout of some tests, and the engine's.
        foreach (var text in (string[])[SqlitePortalDbContext.TextFor(file, PersistenceServices.LockTimeout), SqlitePortalDbContext.TextFor(file, TimeSpan.FromSeconds(1)), PlainText(file)])
        {
            using var connection = new SqliteConnection(text);
            SqliteConnection.ClearPool(connection);
        }
    }

    /// <summary>Those of all databases in a folder, and of what was kept of them.</summary>
    public static void CloseIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.db*"))
        {
            Close(file);
        }
    }

    private static string PlainText(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ToString();
}
