using System.Globalization;
using System.Text.Json;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Whether a ready stack works now, as sentences of the current UI culture.</summary>
public sealed class HealthText(IStringLocalizer<HealthTexts> texts, DurationText durations, TimeProvider time)
{
    /// <summary>One word, for a filter.</summary>
    public string Word(HealthState state) => texts["health-" + Kebab(state)];

    /// <summary>How a stack was for a while, in a word or two.</summary>
    public string Word(SpanKind kind) => texts["span-" + Kebab(kind)];

    /// <summary>One stretch of the day: what, from when to when.</summary>
    public string Span(HealthSpan span) => texts["span-from-to", Word(span.Kind), Moment(span.From), Moment(span.To)];

    /// <summary>How long it was so in all.</summary>
    public string Total(SpanKind kind, TimeSpan time) => texts["span-total", Word(kind), durations.Rough(time)];

    public static Tone ToneOf(SpanKind kind) => kind switch
    {
        SpanKind.Unknown => Tone.Quiet,
        SpanKind.Answering => Tone.Ready,
        SpanKind.NotAnswering or SpanKind.Missing => Tone.Failed,
        SpanKind.Stopped => Tone.Stopped,
        SpanKind.AtWork => Tone.Working,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Beside a ready stack; tells how long ago it was seen, so it grows old.</summary>
    public (string Word, Tone Tone) Chip(StackHealth health) => health.State switch
    {
        HealthState.NotLookedAtYet => (texts["chip-not-looked-at-yet"], Tone.Quiet),
        HealthState.Answering when health.SeenAt is { } at => (texts["chip-answering", durations.Rough(time.GetUtcNow() - at)], Tone.Ready),
        _ => (Failing(health), Tone.Failed),
    };

    /// <summary>Of a stack that does not work, in a few words: since when.</summary>
    public string Failing(StackHealth health) => texts["chip-" + Kebab(health.State), Moment(health.Since)];

    /// <summary>What is wrong, in plain words; null while nothing is known to be.</summary>
    public string? Cause(StackHealth health) => KeyOf(health) is { } key ? texts[key].Value : null;

    /// <summary>What can be done about it.</summary>
    public string? Advice(StackHealth health) => KeyOf(health) is { } key ? texts[key + "-advice"].Value : null;

    /// <summary>When it last worked; null when that is not known.</summary>
    public string? LastSeen(StackHealth health) => health.SeenAt is null ? null : texts["last-seen", Moment(health.SeenAt)].Value;

    public string Heading(string name) => texts["heading", name];

    /// <summary>A line of the log; null when it tells nothing about health.</summary>
    public string? Log(DeploymentEvent e) => e.Log switch
    {
        LogCode.StackAnswers => texts["log-stack-answers"].Value,
        LogCode.StackSilent => texts["log-stack-silent", Named<AddressLayer>("layer-", e.Detail)].Value,
        LogCode.StackMissing => texts["log-stack-missing", Named<MissingPart>("missing-", e.Detail)].Value,
        _ => null,
    };

    private static string? KeyOf(StackHealth health) => health switch
    {
        { Missing: { } part } => "missing-" + Kebab(part),
        { Layer: { } layer } => "layer-" + Kebab(layer),
        _ => null,
    };

    private string Named<T>(string prefix, string? stored) where T : struct, Enum =>
        Enum.TryParse<T>(stored, out var known) ? texts[prefix + Kebab(known)] : "";

    /// <summary>The time of day; with the day when that is not today.</summary>
    public string Moment(DateTimeOffset? moment)
    {
        if (moment is not { } at)
        {
            return "";
        }
        var (local, today) = (TimeZoneInfo.ConvertTime(at, time.LocalTimeZone), TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone).Date);
        return local.ToString(local.Date == today ? "HH:mm" : "d MMMM HH:mm", CultureInfo.CurrentCulture);
    }

    private static string Kebab<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
