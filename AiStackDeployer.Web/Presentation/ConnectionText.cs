using System.Globalization;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a check found, as sentences in the current UI culture; used by page, REST, MCP and command line.</summary>
public sealed partial class ConnectionText(IStringLocalizer<ConnectionTexts> texts)
{
    public string Name(ConnectionTarget target) => texts["target-" + target.ToWire()];

    /// <summary>One or two words.</summary>
    public string Verdict(ConnectionResult result) => texts[
        // Nothing has to be set up, so nothing is missing.
        result.Cause is ConnectionCause.WildcardLocal or ConnectionCause.CertificateNotNeeded or ConnectionCause.PortalLocal ? "verdict-not-needed" : "verdict-" + result.Verdict.ToWire()];

    /// <summary>What a terminal says while the checks run.</summary>
    public string Checking(TimeSpan atMost) => texts["checking", (int)atMost.TotalSeconds];

    public string Overall(ConnectionReport report) => texts["overall-" + report.Overall.ToWire()];

    public string Cause(ConnectionResult result) => Filled(texts[result.Cause.ToWire()], result.Facts);

    /// <summary>What an operator can do about it; null when nothing has to be done.</summary>
    public string? Remedy(ConnectionResult result) =>
        texts[result.Cause.ToWire() + "-remedy"] is { ResourceNotFound: false } remedy ? Filled(remedy, result.Facts) : null;

    /// <summary>Exactly what a repair would change, or why it is not possible.</summary>
    public string Plan(WildcardChange plan) => plan switch
    {
        WildcardChange.None => texts["plan-nothing"],
        WildcardChange.Write { IsNew: true } write => texts["plan-create", write.Name, write.Zone, write.To, write.Ttl!],
        WildcardChange.Write write => texts["plan-change", write.Name, write.Zone, List(write.From) ?? "", write.To],
        WildcardChange.NotPossible { Why: var why } => Whole(why),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.GetType().Name, null),
    };

    /// <summary>What a repair did, or why it did nothing and what to do about that.</summary>
    public string Repaired(WildcardChange change) => change switch
    {
        WildcardChange.None => texts["repaired-already"],
        WildcardChange.Write { IsNew: true } write => texts["repaired-created", write.Name, write.Zone, write.To],
        WildcardChange.Write write => texts["repaired-changed", write.Name, write.Zone, List(write.From) ?? "", write.To],
        WildcardChange.Failed { Why: var why, MayHaveHappened: true } => texts["repaired-perhaps", Whole(why)],
        WildcardChange.NotPossible { Why: var why } => texts["repaired-not-possible", Whole(why)],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, null),
    };

    /// <summary>Milliseconds below a second, else seconds; null where no other side was asked.</summary>
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

    /// <summary>A placeholder whose fact is unknown is removed, with the space before it and parentheses that hold nothing else.</summary>
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
        // Each is a sentence on its own line.
        "faults" => facts.Missing is { } faults ? string.Concat(faults.Select(f => "\n" + f)) : null,
        "times" => facts.Calls is { } calls ? texts[calls == 1 ? "times-one" : "times-many", calls].Value : null,
        "calls" => facts.Calls?.ToString(CultureInfo.CurrentCulture),
        "waiting" => facts.Waiting?.ToString(CultureInfo.CurrentCulture),
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
