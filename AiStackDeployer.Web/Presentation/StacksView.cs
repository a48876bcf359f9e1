using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Presentation;

/// <summary>How long nobody has used a stack, or how old it is: what the filters offer.</summary>
public enum StackSpan
{
    Hours8,
    Days7,
    Days30,
    Days60,
}

/// <summary>Which stacks the administrators' grid shows, as its address says it: filters, order and page. The CSV takes the same address.</summary>
public sealed record StacksView
{
    public const int PageSize = 25;

    public static IReadOnlyList<StackSpan> IdleSpans { get; } = [StackSpan.Hours8, StackSpan.Days7, StackSpan.Days60];

    public static IReadOnlyList<StackSpan> AgeSpans { get; } = [StackSpan.Days7, StackSpan.Days30, StackSpan.Days60];

    public string? Search { get; init; }

    public IReadOnlyList<StackState> States { get; init; } = [];

    public HealthState? Health { get; init; }

    public FailureCode? Cause { get; init; }

    public string? Image { get; init; }

    public string? Owner { get; init; }

    /// <summary>Not used for at least this long.</summary>
    public StackSpan? Idle { get; init; }

    /// <summary>At least this old.</summary>
    public StackSpan? Age { get; init; }

    public StackSort Sort { get; init; } = StackSort.Created;

    public bool Descending { get; init; } = true;

    /// <summary>From 0.</summary>
    public int Page { get; init; }

    /// <summary>How many filters are set, the search aside.</summary>
    public int Filters => (States.Count > 0 ? 1 : 0) + new object?[] { Health, Cause, Image, Owner, Idle, Age }.Count(filter => filter is not null);

    public static StacksView Of(string address)
    {
        var at = address.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(at < 0 ? "" : address[at..].Split('#')[0]);
        string? Value(string name) => query.TryGetValue(name, out var values) && values is [{ Length: > 0 } one, ..] ? one : null;
        return new StacksView
        {
            Search = Value("search"),
            States = [.. (Value("state") ?? "").Split(',').Select(WireNames.Find<StackState>).OfType<StackState>().Distinct()],
            Health = WireNames.Find<HealthState>(Value("health")),
            Cause = FailureCodes.FromWire(Value("cause")),
            Image = Value("image"),
            Owner = Value("owner"),
            Idle = WordOf(Value("idle"), IdleSpans),
            Age = WordOf(Value("age"), AgeSpans),
            Sort = WireNames.Find<StackSort>(Value("sort")) ?? StackSort.Created,
            Descending = Value("order") is { } order ? order == "desc" : Value("sort") is null,
            Page = int.TryParse(Value("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 1 ? page - 1 : 0,
        };
    }

    /// <param name="now">From here the filters by time are counted.</param>
    public StackQuery ToQuery(DateTimeOffset now) => new()
    {
        Search = Search, States = States, Healths = Health is { } health ? [health] : [], Cause = Cause, Image = Image, OwnerId = Owner,
        UnusedSince = Idle is { } idle ? now - LengthOf(idle) : null, CreatedBefore = Age is { } age ? now - LengthOf(age) : null,
        Sort = Sort, Descending = Descending, Skip = Page * PageSize, Take = PageSize,
    };

    /// <summary>The address of a page with this view; what is as always is left out.</summary>
    public string AddressOf(string page) => QueryHelpers.AddQueryString(page, new Dictionary<string, string?>
    {
        ["search"] = Search,
        ["state"] = States.Count > 0 ? string.Join(',', States.Select(WireNames.Of)) : null,
        ["health"] = Health is { } health ? WireNames.Of(health) : null,
        ["cause"] = Cause?.ToWire(),
        ["image"] = Image,
        ["owner"] = Owner,
        ["idle"] = Idle is { } idle ? WordOf(idle) : null,
        ["age"] = Age is { } age ? WordOf(age) : null,
        ["sort"] = IsUsualOrder ? null : WireNames.Of(Sort),
        ["order"] = IsUsualOrder ? null : Descending ? "desc" : "asc",
        ["page"] = Page > 0 ? (Page + 1).ToString(CultureInfo.InvariantCulture) : null,
    }.Where(pair => pair.Value is not null));

    /// <summary>The same stacks in the same order, wherever the page is.</summary>
    public bool Shows(StacksView other) => (this with { Page = 0 }).AddressOf("") == (other with { Page = 0 }).AddressOf("");

    public static string WordOf(StackSpan span) => span switch
    {
        StackSpan.Hours8 => "8h",
        StackSpan.Days7 => "7d",
        StackSpan.Days30 => "30d",
        StackSpan.Days60 => "60d",
        _ => throw new ArgumentOutOfRangeException(nameof(span), span, null),
    };

    private bool IsUsualOrder => Sort == StackSort.Created && Descending;

    private static TimeSpan LengthOf(StackSpan span) => span switch
    {
        StackSpan.Hours8 => TimeSpan.FromHours(8),
        StackSpan.Days7 => TimeSpan.FromDays(7),
        StackSpan.Days30 => TimeSpan.FromDays(30),
        StackSpan.Days60 => TimeSpan.FromDays(60),
        _ => throw new ArgumentOutOfRangeException(nameof(span), span, null),
    };

    private static StackSpan? WordOf(string? word, IReadOnlyList<StackSpan> offered) =>
        offered.Where(span => WordOf(span) == word).Select(span => (StackSpan?)span).FirstOrDefault();
}
