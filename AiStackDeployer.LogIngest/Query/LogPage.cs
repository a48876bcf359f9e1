using System.Globalization;
using System.Text.Json.Serialization;

namespace AiStackDeployer.LogIngest.Query;

/// <summary>The answer of <c>GET /query</c>.</summary>
/// <param name="More">Whether there are further ones in this direction.</param>
internal sealed record LogPage(IReadOnlyList<LogPageEntry> Entries, bool More)
{
    /// <summary>However long its lines are, a page is one that a reader can take: about 7 MB when each character is escaped.</summary>
    private const int MostCharacters = 1_200_000;

    /// <param name="entries">In order, and more than fit when there are more.</param>
    public static LogPage Of(IEnumerable<LogPageEntry> entries, int limit)
    {
        var page = new List<LogPageEntry>();
        var room = MostCharacters;
        foreach (var entry in entries)
        {
            room -= (entry.Message?.Length ?? 0) + entry.Attrs.Sum(a => a.Key.Length + a.Value.Length);
            if (page.Count == limit || (room < 0 && page.Count > 0))
            {
                return new LogPage(page, true);
            }
            page.Add(entry);
        }
        return new LogPage(page, false);
    }
}

internal sealed record LogPageEntry
{
    /// <summary>Where it stands, for <c>before</c> and <c>after</c>.</summary>
    public required string Cursor { get; init; }

    public required DateTimeOffset Ts { get; init; }

    public required string Stack { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    public required string Level { get; init; }

    public string? SessionId { get; init; }

    public string? Message { get; init; }

    public required IReadOnlyDictionary<string, string> Attrs { get; init; }
}

/// <summary>A place in a log: a time, and the event that has it; without an event, all that have it.</summary>
internal readonly record struct LogCursor(long Ns, string? EventId)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ns}-{EventId}");

    /// <summary>Reads a cursor, or a time in RFC 3339.</summary>
    public static LogCursor? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (long.TryParse(dash < 0 ? text : text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ns) && (dash < 0 || ns > 9_999))
        {
            return new LogCursor(ns, dash < 0 || dash == text.Length - 1 ? null : text[(dash + 1)..]);
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1970 and < 2200
            ? new LogCursor(NsOf(time), null)
            : null;
    }

    public static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static DateTimeOffset TimeOf(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / 100);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class QueryJson : JsonSerializerContext;
