using System.Globalization;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Maintenance and notices in words, for pages, REST and MCP alike, in the current UI culture.</summary>
public sealed class CareText(IStringLocalizer<CareTexts> texts, DurationText durations, TimeProvider time)
{
    /// <summary>What the administrator has to say, and until when.</summary>
    public string Maintenance(BilingualText text, DateTimeOffset until) =>
        texts["maintenance-until", text.In(CultureInfo.CurrentUICulture), Moment(until), durations.Rough(Left(until))];

    public string Maintenance(BeginResult.UnderMaintenance held) => Maintenance(held.Text, held.Until);

    /// <summary>Whole seconds, at least one.</summary>
    public int SecondsUntil(DateTimeOffset moment) => (int)Math.Clamp(Math.Ceiling(Left(moment).TotalSeconds), 1, int.MaxValue);

    /// <summary>With the day where it is not today's.</summary>
    public string Moment(DateTimeOffset at) => at.UtcDateTime.ToString(
        at.UtcDateTime.Date == time.GetUtcNow().Date ? "HH:mm 'UTC'" : "d MMM HH:mm 'UTC'", CultureInfo.CurrentCulture);

    private TimeSpan Left(DateTimeOffset until) => until - time.GetUtcNow();
}
