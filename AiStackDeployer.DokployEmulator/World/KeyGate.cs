namespace AiStackDeployer.DokployEmulator.World;

/// <summary>
/// The check of an API key. Dokploy makes it twice for every call under /api, and each counts against the key's limits.
/// The rate counter starts anew only after a whole window without an accepted check.
/// </summary>
internal static class KeyGate
{
    /// <summary>The key's row when the check passes, else null.</summary>
    public static ApiKeyRow? Check(WorldState state, string? key, DateTimeOffset now)
    {
        if (key is null || state.Keys.Find(k => k.Key == key) is not { Enabled: true, OrganizationId: not null } row)
        {
            return null;
        }

        if (row.ExpiresAt <= now || row.Remaining <= 0)
        {
            // An expired or used-up key is deleted the first time it is used.
            state.Keys.Remove(row);
            return null;
        }

        if (row.RateLimitEnabled)
        {
            var idle = row.LastRequest is not { } last || now - last > TimeSpan.FromMilliseconds(row.RateLimitTimeWindow);
            if (idle)
            {
                row.RequestCount = 0;
            }
            else if (row.RequestCount >= row.RateLimitMax)
            {
                return null;
            }

            row.RequestCount++;
            row.LastRequest = now;
        }

        row.Remaining--;
        return row;
    }
}
