using static AiStackDeployer.Core.Connections.ConnectionVerdict;

namespace AiStackDeployer.Core.Connections;

/// <summary>
/// Why a check ended as it did. Each has one verdict and one sentence in every language; causes that are doubtful or bad have a
/// remedy too, and causes with the same remedy are one.
/// </summary>
public enum ConnectionCause
{
    /// <summary>Not checked, because an earlier check failed.</summary>
    EarlierFailed,

    /// <summary>The check itself took too long.</summary>
    CheckTimedOut,

    /// <summary>The check itself failed: a fault of the portal.</summary>
    CheckFailed,

    SettingsWrong,

    DokployAnswers,

    /// <summary>Another major version than the tested one, or a version the portal cannot read.</summary>
    DokployUntested,
    DokployTooOld,
    DokployUnresolved,
    DokployUnreachable,
    DokployTlsFailed,
    DokploySilent,
    DokployDatabaseDown,

    /// <summary>An error status, from Dokploy or from a proxy in front of it.</summary>
    DokployFailing,

    /// <summary>Something else answers there.</summary>
    DokployNotUnderstood,

    /// <summary>What answers there sends elsewhere, for example to https. It is not followed: the key would go there too.</summary>
    DokployRedirects,

    DokployNotSet,

    /// <summary>Development without a Dokploy: the portal emulates one.</summary>
    DokployEmulated,

    KeyAccepted,
    KeyExpiresSoon,
    KeyRefused,

    RoleSuffices,

    /// <summary>A member's key works, but loses sight of what it created itself, and may not be allowed to see containers.</summary>
    MemberKey,
    MemberMayNotDeploy,
    RoleUnknown,

    /// <summary>Certain: the key was accepted more often than Dokploy's default limit allows.</summary>
    RateLimitExcluded,

    /// <summary>A suspicion: the key was refused after having worked.</summary>
    RateLimitLikely,

    /// <summary>Too few accepted calls so far to tell.</summary>
    RateLimitNotKnownYet,

    QueueMoves,

    /// <summary>Dokploy works on one deployment for so long that it most likely hangs, and all others wait behind it.</summary>
    QueueBlocked,

    /// <summary>Dokploy before v0.28.3 cannot tell, and not every key may ask.</summary>
    QueueNotVisible,

    HetznerTokenNotSet,
    HetznerTokenAccepted,
    HetznerTokenRefused,

    /// <summary>A valid token without the right for this; e.g. one that may only read. No deployment needs it.</summary>
    HetznerPermissionDenied,
    HetznerZoneFound,

    /// <summary>Hetzner has the zone, but its name servers are elsewhere.</summary>
    HetznerZoneNotDelegated,

    /// <summary>A copy of a zone that is managed elsewhere.</summary>
    HetznerZoneSecondary,

    /// <summary>The token's project has no zone for the suffix, or the configured zone does not contain it.</summary>
    HetznerZoneMissing,
    HetznerUnreachable,

    /// <summary>An error status, or an answer that is not Hetzner's.</summary>
    HetznerFailing,

    /// <summary>The quota is used up, or another change of the zone is running.</summary>
    HetznerBusy,

    /// <summary>Hetzner refused the request or did not carry it out.</summary>
    HetznerRejected,

    WildcardPointsThere,

    /// <summary>It resolves, and no address is set to compare with.</summary>
    WildcardResolves,

    /// <summary>TRAEFIK_IP is an internal address, so a different public one need not be wrong.</summary>
    WildcardDiffersInside,
    WildcardPointsElsewhere,
    WildcardUnresolved,

    /// <summary>The resolver gave no answer, which says nothing about the record.</summary>
    WildcardResolverFailed,

    /// <summary>Names below <c>localhost</c> need no record.</summary>
    WildcardLocal,
    WildcardRecordFound,
    WildcardRecordAbsent,

    /// <summary>TRAEFIK_IP holds no IPv4 address that another machine could reach.</summary>
    WildcardWithoutTarget,

    /// <summary>TRAEFIK_IP is internal and the record is public: a repair would hide all stacks from outside.</summary>
    WildcardTargetIsInside,

    /// <summary>A CNAME record leads elsewhere. It excludes an A record, and is not the portal's to remove.</summary>
    WildcardAliasInTheWay,

    CertificateGood,

    /// <summary>Each stack gets its own, so a host without a stack has none yet.</summary>
    CertificatePerStack,
    CertificateNotNeeded,
    CertificateExpiresSoon,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateWrongName,
    CertificateTraefikDefault,
    CertificateUntrusted,

    /// <summary>The public name leads to another certificate than TRAEFIK_IP: somebody else answers there.</summary>
    CertificateDiffersOutside,
    StackHostUnreachable,

    /// <summary>A good certificate was seen, but not at every address that browsers use.</summary>
    StackHostUnseen,
    StackHostWithoutTls,

    /// <summary>TRAEFIK_IP holds a name that does not resolve.</summary>
    TraefikAddressUnresolved,

    /// <summary>No public address is set, or one that leads to this machine alone.</summary>
    PortalLocal,
    PortalAnswers,

    /// <summary>The proxy in front does not say, or is not believed, that the browser's call was https.</summary>
    PortalSeesHttp,

    /// <summary>It may not run, or its name may not lead back from here, or a proxy may let nobody through who has not signed in.</summary>
    PortalNotReached,

    PortalApart,

    /// <summary>SameSite keeps no cookie of the portal from requests that a stack's page makes.</summary>
    PortalSameSite,

    DatabaseWritable,
    DatabaseWouldBeMade,
    DatabaseWouldBeUpgraded,
    DatabaseDiskLow,
    DatabaseLocked,
    DatabaseDiskFull,
    DatabaseDamaged,

    /// <summary>A newer program has changed its schema; this one would refuse to start.</summary>
    DatabaseTooNew,
    DatabaseFolderUnusable,

    DatabaseServerWorks,

    /// <summary>The database is there, without the portal's tables.</summary>
    DatabaseServerEmpty,
    DatabaseServerWouldBeUpgraded,

    /// <summary>It takes writes, each for longer than a deployment can wait.</summary>
    DatabaseServerSlow,
    DatabaseServerUnreachable,
    DatabaseServerSilent,

    /// <summary>User, password, the database's name or a right.</summary>
    DatabaseServerRefused,

    /// <summary>A standby, or set to read-only.</summary>
    DatabaseServerReadOnly,
    DatabaseServerBusy,
    DatabaseServerFull,

    MailNotSet,
    MailAnswers,
    MailUnreachable,

    /// <summary>No TLS, or a certificate that is not good for its name.</summary>
    MailTlsFailed,

    /// <summary>The mail server refuses the user name and password.</summary>
    MailSignInRefused,

    /// <summary>It answers, and refuses to talk, or is none.</summary>
    MailFailing,
}

public static class ConnectionCauses
{
    public static ConnectionVerdict ToVerdict(this ConnectionCause cause) => cause switch
    {
        ConnectionCause.EarlierFailed or ConnectionCause.RateLimitNotKnownYet or ConnectionCause.QueueNotVisible
            or ConnectionCause.PortalNotReached => NotChecked,
        ConnectionCause.DokployNotSet or ConnectionCause.DokployEmulated or ConnectionCause.HetznerTokenNotSet
            or ConnectionCause.WildcardLocal or ConnectionCause.CertificateNotNeeded or ConnectionCause.PortalLocal or ConnectionCause.MailNotSet => NotConfigured,
        ConnectionCause.DokployAnswers or ConnectionCause.KeyAccepted or ConnectionCause.RoleSuffices or ConnectionCause.RateLimitExcluded
            or ConnectionCause.QueueMoves
            or ConnectionCause.HetznerTokenAccepted or ConnectionCause.HetznerZoneFound
            or ConnectionCause.WildcardPointsThere or ConnectionCause.WildcardResolves or ConnectionCause.WildcardRecordFound
            or ConnectionCause.CertificateGood or ConnectionCause.CertificatePerStack
            or ConnectionCause.PortalAnswers or ConnectionCause.PortalApart
            or ConnectionCause.DatabaseWritable or ConnectionCause.DatabaseWouldBeMade or ConnectionCause.DatabaseWouldBeUpgraded
            or ConnectionCause.DatabaseServerWorks or ConnectionCause.DatabaseServerEmpty or ConnectionCause.DatabaseServerWouldBeUpgraded
            or ConnectionCause.MailAnswers => Good,
        ConnectionCause.DokployUntested or ConnectionCause.KeyExpiresSoon or ConnectionCause.MemberKey or ConnectionCause.RoleUnknown
            or ConnectionCause.RateLimitLikely or ConnectionCause.QueueBlocked
            or ConnectionCause.HetznerPermissionDenied or ConnectionCause.HetznerZoneNotDelegated or ConnectionCause.HetznerZoneSecondary
            or ConnectionCause.HetznerBusy
            or ConnectionCause.WildcardDiffersInside or ConnectionCause.WildcardResolverFailed
            or ConnectionCause.CertificateExpiresSoon or ConnectionCause.StackHostUnseen or ConnectionCause.DatabaseDiskLow
            or ConnectionCause.PortalSeesHttp or ConnectionCause.PortalSameSite
            or ConnectionCause.DatabaseServerSlow => Doubtful,
        // A cause that nobody has called good is not good.
        _ => Bad,
    };
}
