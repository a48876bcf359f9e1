using System.Globalization;
using AiStackDeployer.LogIngest.Intake;

namespace AiStackDeployer.LogIngest.Query;

/// <summary>What <c>GET /query</c> asks. Everything in it has been checked.</summary>
internal sealed record LogQuestion
{
    public const int MostEntries = 500;

    public required string Stack { get; init; }

    /// <summary>Each must be in the type, the message or an attribute, in whatever case.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Empty = all.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Empty = all.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public string? Type { get; init; }

    /// <summary>Nothing older: when a name has had another owner before.</summary>
    public LogCursor? Since { get; init; }

    public LogCursor? Before { get; init; }

    /// <summary>With it, the oldest come first.</summary>
    public LogCursor? After { get; init; }

    public int Limit { get; init; } = 100;

    /// <returns>The question; or the sentence that says what is wrong with it.</returns>
    public static (LogQuestion? Question, string? Fault) Read(IQueryCollection query)
    {
        var stack = query["stack"].ToString();
        if (!EventReader.IsStackName(stack))
        {
            return (null, "stack must be the name of a stack.");
        }
        var words = Clean.Text(query["q"].ToString(), int.MaxValue).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 40 || words.Sum(w => w.Length) > 500)
        {
            return (null, "q may have 40 words, and 500 characters.");
        }
        var levels = query["level"].OfType<string>().Select(l => EventReader.LevelOf(l)).Distinct().ToList();
        if (levels.Contains(null))
        {
            return (null, "level must be debug, info, warn or error.");
        }
        var sources = query["source"].OfType<string>().Distinct().ToList();
        if (sources.Except(LogSource.All).Any())
        {
            return (null, $"source must be {string.Join(" or ", LogSource.All)}.");
        }
        var type = query["type"].ToString() is { Length: > 0 } named ? named : null;
        if (type is not null && !Clean.IsToken(type, EventReader.LongestToken))
        {
            return (null, "type must be the type of an event.");
        }
        var limit = 100;
        if (query["limit"].ToString() is { Length: > 0 } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MostEntries))
        {
            return (null, $"limit must be a number from 1 to {MostEntries}.");
        }
        if (!Cursor(query, "since", out var since) || !Cursor(query, "before", out var before) || !Cursor(query, "after", out var after))
        {
            return (null, "since, before and after must be a cursor from an answer, or a time such as 2026-01-31T12:00:00Z.");
        }
        return (new LogQuestion
        {
            Stack = stack, Words = words, Levels = [.. levels.OfType<string>()], Sources = sources, Type = type, Since = since, Before = before, After = after, Limit = limit,
        }, null);
    }

    private static bool Cursor(IQueryCollection query, string name, out LogCursor? cursor)
    {
        var text = query[name].ToString();
        cursor = text.Length == 0 ? null : LogCursor.Parse(text);
        return text.Length == 0 || cursor is not null;
    }
}
