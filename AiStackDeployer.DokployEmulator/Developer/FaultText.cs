using System.Globalization;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.DokployEmulator.Developer;

/// <summary>Faults as the developer page and /emulator/faults write them.</summary>
internal static class FaultText
{
    public static readonly string[] Kinds =
    [
        "status", "delay", "reset", "garbage", "hang", "answer-lost", "answer-hangs", "drip", "late", "restart", "unauthorized", "unauthorized-code", "database-down",
    ];

    /// <summary>Members: call, kind, times?, after?, code? and body? (status), seconds? (delay, drip, late, restart).</summary>
    /// <exception cref="FormatException">A member is missing or not understood.</exception>
    public static Fault Parse(Dictionary<string, string> values) => new()
    {
        Call = values.GetValueOrDefault("call") is { Length: > 0 } call ? call.Trim() : "*",
        Times = (int?)Number(values, "times"),
        After = (int?)Number(values, "after") ?? 0,
        Kind = values.GetValueOrDefault("kind") switch
        {
            "status" => new FaultKind.Status((int)(Number(values, "code") ?? 500), values.GetValueOrDefault("body") ?? ""),
            "delay" => new FaultKind.Delay(Seconds(values, 1)),
            "reset" => new FaultKind.Reset(),
            "garbage" => new FaultKind.Garbage(),
            "hang" => new FaultKind.Hang(),
            "answer-lost" => new FaultKind.AnswerLost(),
            "answer-hangs" => new FaultKind.AnswerHangs(),
            "drip" => new FaultKind.Drip(Seconds(values, 1)),
            "late" => new FaultKind.Late(Seconds(values, 12)),
            "restart" => new FaultKind.Restart(Seconds(values, 16.5)),
            "unauthorized" => new FaultKind.Unauthorized(),
            "unauthorized-code" => new FaultKind.Unauthorized(WithCode: true),
            "database-down" => new FaultKind.DatabaseDown(),
            _ => throw new FormatException("kind is one of " + string.Join(", ", Kinds)),
        },
    };

    public static string Describe(FaultKind kind) => kind switch
    {
        FaultKind.Status status => string.Create(CultureInfo.InvariantCulture, $"status {status.Code}"),
        FaultKind.Delay delay => string.Create(CultureInfo.InvariantCulture, $"delay {delay.Span.TotalSeconds} s"),
        FaultKind.Reset => "reset",
        FaultKind.Garbage => "garbage",
        FaultKind.Hang => "hang",
        FaultKind.AnswerLost => "answer-lost",
        FaultKind.AnswerHangs => "answer-hangs",
        FaultKind.Drip drip => string.Create(CultureInfo.InvariantCulture, $"drip {drip.Between.TotalSeconds} s"),
        FaultKind.Late late => string.Create(CultureInfo.InvariantCulture, $"late {late.Span.TotalSeconds} s"),
        FaultKind.Restart restart => string.Create(CultureInfo.InvariantCulture, $"restart {restart.Downtime.TotalSeconds} s"),
        FaultKind.Unauthorized { WithCode: true } => "unauthorized-code",
        FaultKind.Unauthorized => "unauthorized",
        _ => "database-down",
    };

    private static TimeSpan Seconds(Dictionary<string, string> values, double usual) => TimeSpan.FromSeconds(Number(values, "seconds") ?? usual);

    /// <summary>Null when the member is absent or empty.</summary>
    /// <exception cref="FormatException">It is no number, or a negative one.</exception>
    public static double? Number(Dictionary<string, string> values, string name)
    {
        if (values.GetValueOrDefault(name) is not { Length: > 0 } text)
        {
            return null;
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1_000_000
            ? number
            : throw new FormatException($"{name} is a number, not negative");
    }
}
