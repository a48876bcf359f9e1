using AiStackDeployer.Core.Deployments;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>Which version a database has: the migrations that made it. Asks nothing of EF, which would set the file up for itself.</summary>
public static class DatabaseSchema
{
    /// <summary>The migrations of this program, oldest first.</summary>
    public static IReadOnlyList<string> Known()
    {
        // No connection is opened: the migrations are in the assembly.
        using var db = SqlitePortalDbContext.Open("unused");
        return [.. db.Database.GetMigrations()];
    }

    /// <summary>The migrations that the database has been through, oldest first; none when there is no database.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be read.</exception>
    public static IReadOnlyList<string> Of(string file) => StorageGuard.Run<IReadOnlyList<string>>(() =>
    {
        // An empty file is what a process leaves that was killed as it began.
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return [];
        }
        // It may write, so that SQLite can take back what a killed process left half-written; a plain reader is refused then.
        using var connection = SqliteCopy.Open(file, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
        if (command.ExecuteScalar() is 0L)
        {
            return [];
        }
        command.CommandText = "SELECT migration_id FROM __EFMigrationsHistory ORDER BY migration_id";
        using var reader = command.ExecuteReader();
        var applied = new List<string>();
        while (reader.Read())
        {
            applied.Add(reader.GetString(0));
        }
        return applied;
    });
}
