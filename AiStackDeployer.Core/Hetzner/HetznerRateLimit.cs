using System.Globalization;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// The project's quota, as the headers of an answer told it. The reference ("Rate Limiting"): 3600 requests an hour and project
/// by default, coming back one by one.
/// </summary>
/// <param name="Limit"><c>RateLimit-Limit</c>: requests an hour.</param>
/// <param name="Remaining"><c>RateLimit-Remaining</c>: requests left now.</param>
/// <param name="Reset"><c>RateLimit-Reset</c>: when all of them are back.</param>
public sealed record HetznerRateLimit(int? Limit, int? Remaining, DateTimeOffset? Reset)
{
    private const long LastSecond = 253_402_300_799;

    internal static HetznerRateLimit? Of(HttpResponseMessage response)
    {
        var limit = Number(response, "RateLimit-Limit");
        var remaining = Number(response, "RateLimit-Remaining");
        var reset = Number(response, "RateLimit-Reset");
        return limit is null && remaining is null && reset is null
            ? null
            : new HetznerRateLimit(Small(limit), Small(remaining), reset is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= LastSecond
            ? number
            : null;

    private static int? Small(long? number) => number is { } some ? (int)Math.Min(some, int.MaxValue) : null;
}
