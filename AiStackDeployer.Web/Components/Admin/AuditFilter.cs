using System.Globalization;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>Which lines of the audit log the page shows, as its address says it.</summary>
/// <param name="From">The first day, of UTC.</param>
/// <param name="To">The last day.</param>
internal sealed record AuditFilter(
    string? Search = null, string? Action = null, AuditWay? Way = null, AuditOutcome? Outcome = null, DateOnly? From = null, DateOnly? To = null)
{
    private const string DayFormat = "yyyy-MM-dd";

    public static AuditFilter Of(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? Value(string name) => query.TryGetValue(name, out var values) && values is [{ Length: > 0 } one, ..] ? one : null;
        return new AuditFilter(
            Value("search"), Value("action"), WireNames.Find<AuditWay>(Value("way")), WireNames.Find<AuditOutcome>(Value("outcome")), Day(Value("from")), Day(Value("to")));
    }

    public static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string? Text(DateOnly? day) => day?.ToString(DayFormat, CultureInfo.InvariantCulture);

    public AuditQuery ToQuery() => new() { Search = Search, Action = Action, Way = Way, Outcome = Outcome, From = Start(From), To = Start(To?.AddDays(1)) };

    public string AddressOf(string page) => QueryHelpers.AddQueryString(page, Given(Text(From), Text(To)));

    /// <summary>All that match as one file.</summary>
    public string DownloadOf(string format) => QueryHelpers.AddQueryString("api/audit", Given(Moment(From), Moment(To?.AddDays(1))).Append(KeyValuePair.Create("format", (string?)format)));

    private IEnumerable<KeyValuePair<string, string?>> Given(string? from, string? to) => new Dictionary<string, string?>
    {
        ["search"] = Search,
        ["action"] = Action,
        ["way"] = Way is { } way ? WireNames.Of(way) : null,
        ["outcome"] = Outcome is { } outcome ? WireNames.Of(outcome) : null,
        ["from"] = from,
        ["to"] = to,
    }.Where(pair => pair.Value is not null);

    private static DateTimeOffset? Start(DateOnly? day) => day is { } one ? new DateTimeOffset(one.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    private static string? Moment(DateOnly? day) => day is null ? null : Text(day) + "T00:00:00Z";
}
