using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>Hetzner's faults and zones as causes.</summary>
internal static class HetznerCauses
{
    public static ConnectionCause Of(HetznerFault fault) => fault switch
    {
        HetznerFault.Unreachable or HetznerFault.TimedOut => ConnectionCause.HetznerUnreachable,
        HetznerFault.TokenRefused => ConnectionCause.HetznerTokenRefused,
        HetznerFault.PermissionDenied => ConnectionCause.HetznerPermissionDenied,
        HetznerFault.RateLimited or HetznerFault.Conflict or HetznerFault.Locked => ConnectionCause.HetznerBusy,
        HetznerFault.WrongZoneMode => ConnectionCause.HetznerZoneSecondary,
        HetznerFault.NotFound => ConnectionCause.HetznerZoneMissing,
        HetznerFault.ServerError or HetznerFault.Unreadable => ConnectionCause.HetznerFailing,
        _ => ConnectionCause.HetznerRejected,
    };

    /// <param name="zone">Null = the project has none.</param>
    public static ConnectionCause Of(HetznerZone? zone, string suffix) => zone switch
    {
        null => ConnectionCause.HetznerZoneMissing,
        _ when !HetznerDnsClient.Holds(zone.Name, suffix) => ConnectionCause.HetznerZoneMissing,
        { Mode: "secondary" } => ConnectionCause.HetznerZoneSecondary,
        { IsDelegated: false } => ConnectionCause.HetznerZoneNotDelegated,
        _ => ConnectionCause.HetznerZoneFound,
    };

    public static ConnectionFacts FactsOf(HetznerZone? zone, string suffix) => new()
    {
        Host = suffix, Names = zone is null ? null : [zone.Name],
    };
}
