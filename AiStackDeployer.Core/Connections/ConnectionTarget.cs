using System.Text.Json;

namespace AiStackDeployer.Core.Connections;

/// <summary>What the portal depends on, in the order it is shown.</summary>
public enum ConnectionTarget
{
    /// <summary>The portal's own settings; reported only where they keep it from starting.</summary>
    Settings,

    /// <summary>Whether Dokploy answers, and in which version.</summary>
    Dokploy,

    /// <summary>Whether it accepts the portal's key.</summary>
    DokployKey,

    /// <summary>Whether the key may do what a deployment needs.</summary>
    DokployPermissions,

    /// <summary>Whether the key is refused after a few calls.</summary>
    DokployRateLimit,

    /// <summary>Whether one deployment holds up all others in Dokploy.</summary>
    DokployQueue,

    HetznerToken,

    HetznerZone,

    /// <summary>Whether the name of any stack leads to Traefik.</summary>
    WildcardDns,

    /// <summary>The certificate that a browser meets at a stack's address.</summary>
    StackCertificate,

    /// <summary>Whether the portal answers at its own public address, and hears there that it is https.</summary>
    PortalAddress,

    /// <summary>Whether browsers take the pages of stacks for the portal's own site.</summary>
    PortalSite,

    /// <summary>The portal's database, read and written, and the free space on its disk.</summary>
    Database,

    /// <summary>Whether the mail server takes what the portal sends.</summary>
    Mail,
}

/// <summary>How a check ended.</summary>
public enum ConnectionVerdict
{
    Good,

    /// <summary>Works, or seems to; somebody should look.</summary>
    Doubtful,

    /// <summary>Does not work.</summary>
    Bad,

    /// <summary>Nothing is set for it, or nothing is needed.</summary>
    NotConfigured,

    /// <summary>Nothing is known, e.g. because another check failed first.</summary>
    NotChecked,
}

public static class ConnectionNames
{
    /// <summary>The stable name on the wire, e.g. <c>dokploy-rate-limit</c>.</summary>
    public static string ToWire(this ConnectionTarget target) => Kebab(target);

    /// <summary>The stable name on the wire, e.g. <c>not-configured</c>.</summary>
    public static string ToWire(this ConnectionVerdict verdict) => Kebab(verdict);

    /// <summary>The stable name on the wire, e.g. <c>certificate-expired</c>.</summary>
    public static string ToWire(this ConnectionCause cause) => Kebab(cause);

    private static string Kebab<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
