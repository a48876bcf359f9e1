using System.Globalization;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a check found out, as sentences of the current UI culture. Page, REST, MCP and the command line speak through it.</summary>
public sealed partial class ConnectionText(IStringLocalizer<ConnectionTexts> texts)
{
    public string Name(ConnectionTarget target) => texts["target-" + target.ToWire()];

    /// <summary>One or two words.</summary>
    public string Verdict(ConnectionVerdict verdict) => texts["verdict-" + verdict.ToWire()];

    public string Overall(ConnectionReport report) => texts["overall-" + report.Overall.ToWire()];

    public string Cause(ConnectionResult result) => Filled(texts[result.Cause.ToWire()], result.Facts);

    /// <summary>What an operator can do about it; null when nothing has to be done.</summary>
    public string? Remedy(ConnectionResult result) =>
        texts[result.Cause.ToWire() + "-remedy"] is { ResourceNotFound: false } remedy ? Filled(remedy, result.Facts) : null;

    /// <summary>Exactly what a repair would change, or why there is none.</summary>
    public string Plan(WildcardPlan plan) => plan switch
    {
        WildcardPlan.NothingToDo => texts["plan-nothing"],
        WildcardPlan.Create create => texts["plan-create", create.Name, create.Zone, create.Address, create.Ttl],
        WildcardPlan.Change change => texts["plan-change", change.Name, change.Zone, List(change.From) ?? "", change.Address],
        WildcardPlan.NotPossible { Why: var why } => Whole(why),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.GetType().Name, null),
    };

    /// <summary>What a repair did, and what can be done where it did nothing.</summary>
    public string Repaired(WildcardRepairResult result) => result switch
    {
        WildcardRepairResult.AlreadyRight => texts["repaired-already"],
        WildcardRepairResult.Created created => texts["repaired-created", created.Name, created.Zone, created.Address],
        WildcardRepairResult.Changed changed => texts["repaired-changed", changed.Name, changed.Zone, List(changed.From) ?? "", changed.Address],
        WildcardRepairResult.NotPossible { Why: var why } => texts["repaired-not-possible", Whole(why)],
        WildcardRepairResult.Failed { Why: var why, MayHaveHappened: var perhaps } =>
            texts[perhaps ? "repaired-perhaps" : "repaired-failed", Whole(why)],
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.GetType().Name, null),
    };

    /// <summary>Milliseconds below a second, else seconds; null where nobody was asked.</summary>
    public static string? Latency(ConnectionResult result) => result.Latency switch
    {
        null => null,
        { TotalMilliseconds: < 999.5 } took => string.Create(CultureInfo.CurrentCulture, $"{Math.Max(1, took.TotalMilliseconds):0} ms"),
        { } took => string.Create(CultureInfo.CurrentCulture, $"{took.TotalSeconds:0.0} s"),
    };

    public static Tone ToneOf(ConnectionVerdict verdict) => verdict switch
    {
        ConnectionVerdict.Good => Tone.Ready,
        ConnectionVerdict.Doubtful => Tone.Waiting,
        ConnectionVerdict.Bad => Tone.Failed,
        ConnectionVerdict.NotConfigured => Tone.Quiet,
        ConnectionVerdict.NotChecked => Tone.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };

    /// <summary>The shape beside the word where there is no colour.</summary>
    public static string ShapeOf(ConnectionVerdict verdict) => verdict switch
    {
        ConnectionVerdict.Good => "✓",
        ConnectionVerdict.Doubtful => "!",
        ConnectionVerdict.Bad => "✗",
        ConnectionVerdict.NotConfigured => "○",
        ConnectionVerdict.NotChecked => "–",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };

    private string Whole(ConnectionResult result) => Remedy(result) is { } remedy ? $"{Cause(result)} {remedy}" : Cause(result);

    /// <summary>A place whose fact is not known goes, with parentheses that hold nothing else, and the space before it.</summary>
    private string Filled(string sentence, ConnectionFacts facts) => Place().Replace(sentence, match =>
        Fact(match.Groups["name"].Value, facts) is not { } fact ? ""
        : match.Groups["open"].Success ? $"{match.Groups["space"].Value}({fact})"
        : match.Groups["space"].Value + fact);

    private string? Fact(string name, ConnectionFacts facts) => name switch
    {
        "host" => facts.Host,
        "version" => facts.Version,
        "expectedVersion" => facts.ExpectedVersion,
        "role" => facts.Role,
        "missing" => List(facts.Missing),
        // Sentences of their own, each on a line of its own.
        "faults" => facts.Missing is { } faults ? string.Concat(faults.Select(f => "\n" + f)) : null,
        "times" => facts.Calls is { } calls ? texts[calls == 1 ? "times-one" : "times-many", calls].Value : null,
        "calls" => facts.Calls?.ToString(CultureInfo.CurrentCulture),
        "since" => facts.Since?.UtcDateTime.ToString("d MMM HH:mm 'UTC'", CultureInfo.CurrentCulture),
        "expires" => facts.Expires?.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.CurrentCulture),
        "issuer" => facts.Issuer,
        "names" => List(facts.Names),
        "addresses" => List(facts.Addresses),
        "expectedAddresses" => List(facts.ExpectedAddresses),
        "httpStatus" => facts.HttpStatus?.ToString(CultureInfo.InvariantCulture),
        "freeBytes" => facts.FreeBytes is { } bytes ? Size(bytes) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static string? List(IReadOnlyList<string>? values) => values is [_, ..] ? string.Join(", ", values) : null;

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.CurrentCulture, $"{bytes / (double)(1L << 30):0.#} GB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / (1L << 20)} MB"),
    };

    [GeneratedRegex(@"(?<space> ?)(?<open>\()?\{(?<name>\w+)\}(?(open)\))")]
    private static partial Regex Place();
}
