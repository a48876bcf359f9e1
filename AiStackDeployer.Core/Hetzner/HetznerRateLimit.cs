using System.Globalization;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// A project's quota. The reference ("Rate Limiting"): 3600 requests an hour and project by default, of which one comes back every
/// 3600/limit seconds. <c>RateLimit-Reset</c> says when all of them are back, which nobody has to wait for.
/// </summary>
internal static class HetznerRateLimit
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>After which time one request is back when this answer refused one; null when it does not tell: then it is a proxy's.</summary>
    public static TimeSpan? PauseAfter(HttpResponseMessage refusal)
    {
        if (!refusal.Headers.TryGetValues("RateLimit-Limit", out var values)
            || !int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit == 0)
        {
            return null;
        }
        var pause = TimeSpan.FromHours(1) / limit;
        return pause < Least ? Least : pause;
    }
}
