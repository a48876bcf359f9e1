using AiStackDeployer.Core.Logs;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Components.Logs;

/// <summary>Which lines of a stack's log the page shows, as its address says it.</summary>
/// <param name="Least">This level and worse; only warnings and errors are asked for so.</param>
internal sealed record LogFilter(string? Search = null, LineLevel? Least = null, LogSource? Source = null)
{
    public static LogFilter Of(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? Value(string name) => query.TryGetValue(name, out var values) && values is [{ Length: > 0 } one, ..] ? one : null;
        var search = Value("q");
        return new LogFilter(
            search?[..Math.Min(search.Length, StackLogQuery.LongestSearch)],
            WireNames.Find<LineLevel>(Value("level")) is { } least and >= LineLevel.Warn ? least : null,
            WireNames.Find<LogSource>(Value("source")));
    }

    public StackLogQuery ToQuery() => new()
    {
        Search = Search,
        Levels = Least is { } least ? [.. Enum.GetValues<LineLevel>().Where(level => level >= least)] : [],
        Sources = Source is { } source ? [source] : [],
        Limit = StackLogQuery.MostLines,
    };

    public string AddressOf(string page) => QueryHelpers.AddQueryString(page, new Dictionary<string, string?>
    {
        ["q"] = Search,
        ["level"] = Least is { } least ? WireNames.Of(least) : null,
        ["source"] = Source is { } source ? WireNames.Of(source) : null,
    }.Where(pair => pair.Value is not null));
}
