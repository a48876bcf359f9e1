using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>Takes all access out of a copy of a database, whatever version it has.</summary>
internal static class SqliteAccess
{
    /// <summary>Sessions end, and tokens and what clients were allowed are revoked.</summary>
    public static void End(string file, DateTimeOffset now) => StorageGuard.Run(() =>
    {
        using var connection = SqliteCopy.Open(file, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'access_tokens'";
        if (command.ExecuteScalar() is 0L)
        {
            // Of a version without sign-in.
            return;
        }
        command.CommandText =
            """
            UPDATE sessions SET ended_at = $now WHERE ended_at IS NULL;
            UPDATE access_tokens SET revoked_at = $now WHERE revoked_at IS NULL;
            UPDATE OpenIddictAuthorizations SET status = 'revoked';
            """;
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    });
}
