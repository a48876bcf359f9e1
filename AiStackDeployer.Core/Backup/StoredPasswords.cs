using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Backup;

/// <summary>The stacks' passwords as a database holds them: encrypted.</summary>
public static class StoredPasswords
{
    /// <summary>Read without EF, whose model may be ahead of a database that has not been upgraded yet.</summary>
    public static IReadOnlyList<string> Of(string database)
    {
        using var connection = SqliteCopy.Open(database, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT protected_password FROM stacks WHERE released_at IS NULL";
        using var reader = command.ExecuteReader();
        var passwords = new List<string>();
        while (reader.Read())
        {
            passwords.Add(reader.GetString(0));
        }
        return passwords;
    }
}
