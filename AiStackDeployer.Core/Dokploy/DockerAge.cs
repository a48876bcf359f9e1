using System.Globalization;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>Docker's words for how long ago something was, such as <c>Failed 3 minutes ago</c> or <c>Running about an hour ago</c>.</summary>
internal static partial class DockerAge
{
    /// <summary>The shortest time that the words can mean, because Docker rounds; zero when they say nothing of it.</summary>
    public static TimeSpan AtLeast(string text)
    {
        if (Ago().Match(text) is not { Success: true } match)
        {
            return TimeSpan.Zero;
        }
        var number = int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 1;
        // Half a unit is what rounding may have added.
        return (number - 0.5) * match.Groups[2].Value.ToLowerInvariant() switch
        {
            "second" => TimeSpan.FromSeconds(1),
            "minute" => TimeSpan.FromMinutes(1),
            "hour" => TimeSpan.FromHours(1),
            "day" => TimeSpan.FromDays(1),
            "week" => TimeSpan.FromDays(7),
            "month" => TimeSpan.FromDays(30),
            _ => TimeSpan.FromDays(365),
        };
    }

    [GeneratedRegex(@"(?<!less than )\b(\d+|an?) (second|minute|hour|day|week|month|year)s? ago", RegexOptions.IgnoreCase)]
    private static partial Regex Ago();
}
