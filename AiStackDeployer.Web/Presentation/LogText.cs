using System.Globalization;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Lines of a stack's log, and where they come from, in words.</summary>
public sealed class LogText(IStringLocalizer<LogTexts> texts)
{
    public string Level(LineLevel level) => texts["level-" + WireNames.Of(level)];

    public string Source(LogSource source) => texts["source-" + WireNames.Of(source)];

    public static Tone ToneOf(LineLevel level) => level switch
    {
        LineLevel.Debug or LineLevel.Info => Tone.Quiet,
        LineLevel.Warn => Tone.Waiting,
        LineLevel.Error => Tone.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    /// <summary>What a line says, in one piece: its sentence, or what happened.</summary>
    public static string What(StackLogLine line) => line.Message ?? line.Type ?? "";

    /// <summary>What is known besides. Of the portal's lines only their type: which deployment they are of, the page is about.</summary>
    public static string Besides(StackLogLine line) => string.Join(
        ' ', new[] { line.Message is null ? null : line.Type }.OfType<string>().Concat(line.Source == LogSource.Portal ? [] : Facts(line)));

    /// <summary>A line as a text file has it.</summary>
    public static string Plain(StackLogLine line) =>
        string.Create(CultureInfo.InvariantCulture, $"{line.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {WireNames.Of(line.Level),-5} {WireNames.Of(line.Source)} {string.Join(' ', new[] { line.Type, line.Message }.OfType<string>().Concat(Facts(line)))}");

    /// <summary>Where lines come from, and how old they can be.</summary>
    public string Origin(LogOrigin origin) => texts["origin-" + WireNames.Of(origin), StackLogs.ContainerLines];

    /// <summary>Why they come from the container; null when that was asked for.</summary>
    public string? Why(IngestState ingest) => ingest == IngestState.Answers ? null : texts["why-" + WireNames.Of(ingest)].Value;

    private static IEnumerable<string> Facts(StackLogLine line) => line.Attrs.Select(fact => $"{fact.Key}={fact.Value}");
}
