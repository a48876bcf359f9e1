using System.Globalization;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Durations as people say them, in the current culture ("0.3 s", "0,3 s", "2 min").</summary>
public sealed class DurationText(IStringLocalizer<DeploymentTexts> texts)
{
    /// <summary>Of a step: tenths below ten seconds.</summary>
    public string Exact(TimeSpan time) => time < TimeSpan.FromSeconds(9.95)
        ? texts["unit-seconds-short", Tenths(time)]
        : Rough(time);

    /// <summary>Without fractions; what is below a second counts as one. Also an age.</summary>
    public string Rough(TimeSpan time) => time switch
    {
        { TotalSeconds: < 89.5 } => texts["unit-seconds-short", Whole(Math.Max(1, time.TotalSeconds))],
        { TotalMinutes: < 89.5 } => texts["unit-minutes-short", Whole(time.TotalMinutes)],
        { TotalHours: < 35.5 } => texts["unit-hours-short", Whole(time.TotalHours)],
        _ => texts["unit-days-short", Whole(time.TotalDays)],
    };

    /// <summary>Inside a sentence: "8 seconds", "1 minute", "36 hours".</summary>
    public string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 89.5 } => Counted(Math.Max(1, time.TotalSeconds), "unit-second", "unit-seconds"),
        { TotalMinutes: < 119.5 } => Counted(time.TotalMinutes, "unit-minute", "unit-minutes"),
        _ => Counted(time.TotalHours, "unit-hour", "unit-hours"),
    };

    /// <summary>Inside a sentence, with tenths below ten seconds: "7.9 seconds".</summary>
    public string ExactWords(TimeSpan time) => time < TimeSpan.FromSeconds(9.95) ? texts["unit-seconds", Tenths(time)] : Words(time);

    /// <summary>When a log line happened, counted from the start of its deployment: "+4.2".</summary>
    public static string Offset(TimeSpan since) =>
        "+" + Math.Max(0, since.TotalSeconds).ToString("0.0", CultureInfo.CurrentCulture);

    private static string Tenths(TimeSpan time) => Math.Max(0, time.TotalSeconds).ToString("0.0", CultureInfo.CurrentCulture);

    private static string Whole(double number) => Math.Round(number).ToString("0", CultureInfo.CurrentCulture);

    private string Counted(double number, string one, string many)
    {
        var whole = Whole(number);
        return texts[whole == "1" ? one : many, whole];
    }
}
