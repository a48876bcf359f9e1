using System.Globalization;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// A project's quota. The reference ("Rate Limiting"): 3600 requests an hour and project by default, of which one comes back every
/// 3600/limit seconds. <c>RateLimit-Reset</c> says when all of them are back, which is longer than a caller has to wait.
/// </summary>
internal static class HetznerRateLimit
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    /// <summary>How long until one more request is allowed; null when the answer does not say so, as a proxy's would not.</summary>
    public static TimeSpan? DelayAfter(HttpResponseMessage refusal)
    {
        if (!refusal.Headers.TryGetValues("RateLimit-Limit", out var values)
            || !int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit == 0)
        {
            return null;
        }
        var delay = TimeSpan.FromHours(1) / limit;
        return delay < Min ? Min : delay;
    }
}
