using System.Text;
using System.Text.Json;
using AiStackDeployer.LogIngest.Query;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.LogIngest.Store;

/// <summary>
/// A question to the embedded store. Words are looked for in the entries of one stack, one after another: a day of a stack is a few thousand,
/// and an index of words would double the cost of each write.
/// </summary>
internal static class StoreQuery
{
    public static LogPage Run(SqliteConnection reader, LogQuestion question)
    {
        reader.CreateFunction("has_word", (string word, string type, string? message, string? attrs) =>
            type.Contains(word, StringComparison.OrdinalIgnoreCase)
            || (message?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false)
            || (attrs?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false));
        using var select = reader.CreateCommand();
        var sql = new StringBuilder("SELECT ns, event_id, source, type, level, session_id, message, attrs FROM entries WHERE stack = $stack");
        select.Parameters.AddWithValue("$stack", question.Stack);
        In(select, sql, "source", question.Sources);
        In(select, sql, "level", question.Levels);
        if (question.Type is not null)
        {
            sql.Append(" AND type = $type");
            select.Parameters.AddWithValue("$type", question.Type);
        }
        if (question.Since is { } since)
        {
            sql.Append(" AND ns >= $since");
            select.Parameters.AddWithValue("$since", since.Ns);
        }
        Beyond(select, sql, "<", "$before", question.Before);
        Beyond(select, sql, ">", "$after", question.After);
        foreach (var (word, i) in question.Words.Select((w, i) => (w, i)))
        {
            sql.Append($" AND has_word($word{i}, type, message, attrs)");
            select.Parameters.AddWithValue($"$word{i}", word);
        }
        var order = question.After is null ? "DESC" : "ASC";
        sql.Append($" ORDER BY ns {order}, event_id {order} LIMIT {question.Limit + 1}");
        select.CommandText = sql.ToString();

        using var rows = select.ExecuteReader();
        return LogPage.Of(Entries(rows, question.Stack), question.Limit);
    }

    private static IEnumerable<LogPageEntry> Entries(SqliteDataReader rows, string stack)
    {
        while (rows.Read())
        {
            yield return Read(rows, stack);
        }
    }

    private static void In(SqliteCommand select, StringBuilder sql, string column, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            sql.Append($" AND {column} IN ({string.Join(", ", values.Select((_, i) => $"${column}{i}"))})");
            for (var i = 0; i < values.Count; i++)
            {
                select.Parameters.AddWithValue($"${column}{i}", values[i]);
            }
        }
    }

    private static void Beyond(SqliteCommand select, StringBuilder sql, string comparison, string name, LogCursor? cursor)
    {
        if (cursor is { } place)
        {
            sql.Append(place.EventId is null ? $" AND ns {comparison} {name}" : $" AND (ns, event_id) {comparison} ({name}, {name}_id)");
            select.Parameters.AddWithValue(name, place.Ns);
            if (place.EventId is not null)
            {
                select.Parameters.AddWithValue(name + "_id", place.EventId);
            }
        }
    }

    private static LogPageEntry Read(SqliteDataReader row, string stack)
    {
        var ns = row.GetInt64(0);
        return new LogPageEntry
        {
            Cursor = new LogCursor(ns, row.GetString(1)).ToString(),
            Ts = LogCursor.TimeOf(ns),
            Stack = stack,
            Source = row.GetString(2),
            Type = row.GetString(3),
            Level = row.GetString(4),
            SessionId = row.IsDBNull(5) ? null : row.GetString(5),
            Message = row.IsDBNull(6) ? null : row.GetString(6),
            Attrs = row.IsDBNull(7) ? new Dictionary<string, string>() : JsonSerializer.Deserialize(row.GetString(7), QueryJson.Default.DictionaryStringString)!,
        };
    }
}
