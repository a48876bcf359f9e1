using System.Globalization;

namespace AiStackDeployer.Core.Deployments;

/// <summary>The detail of <see cref="LogCode.WaitingInDokploy"/>: Dokploy handles one deployment at a time, and ours is behind others.</summary>
/// <param name="Place">1 = next.</param>
/// <param name="BusySince">When Dokploy began with the one that it works on; null = it does not say.</param>
public sealed record DokployWait(int Place, DateTimeOffset? BusySince)
{
    /// <summary>A job that is at work for longer is likely to hang, and Dokploy never ends one by itself.</summary>
    public static readonly TimeSpan LongJob = TimeSpan.FromMinutes(10);

    /// <summary>Null = the detail is none of these.</summary>
    public static DokployWait? Parse(string? detail) =>
        detail?.Split(' ', 2) is [var first, .. var rest] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new DokployWait(place, DateTimeOffset.TryParse(rest.FirstOrDefault(), CultureInfo.InvariantCulture, out var since) ? since : null)
            : null;

    public override string ToString() => BusySince is { } since
        ? string.Create(CultureInfo.InvariantCulture, $"{Place} {since.UtcDateTime:O}")
        : Place.ToString(CultureInfo.InvariantCulture);
}
