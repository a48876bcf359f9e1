using static AiStackDeployer.Core.Connections.ConnectionVerdict;

namespace AiStackDeployer.Core.Connections;

/// <summary>
/// Why a check ended as it did. Each has one verdict, and a sentence in every language; whatever is not well has a remedy too.
/// </summary>
public enum ConnectionCause
{
    /// <summary>Not looked at, because an earlier one failed.</summary>
    EarlierFailed,

    /// <summary>The check itself took too long.</summary>
    CheckTimedOut,

    /// <summary>The check itself ended in a fault of the portal.</summary>
    CheckFailed,

    SettingsWrong,

    DokployAnswers,

    /// <summary>A later minor version than the one the portal was tested with.</summary>
    DokployNewer,
    DokployOtherMajor,
    DokployVersionUnreadable,
    DokployTooOld,
    DokployUnresolved,
    DokployUnreachable,
    DokployTlsFailed,
    DokploySilent,
    DokployDatabaseDown,

    /// <summary>An error status, from Dokploy or from a proxy before it.</summary>
    DokployFailing,

    /// <summary>Something else answers there.</summary>
    DokployNotUnderstood,

    DokployNotSet,

    /// <summary>Development without a Dokploy: the portal emulates one.</summary>
    DokployEmulated,

    KeyAccepted,
    KeyExpiresSoon,
    KeyRefused,

    RoleSuffices,

    /// <summary>All rights are there, but a member's key loses sight of what it made itself.</summary>
    MemberKey,

    /// <summary>A member that may deploy but not see containers: reasons of failures stay unknown.</summary>
    MemberCannotSeeDocker,
    MemberMayNotDeploy,
    RoleUnknown,

    /// <summary>Knowledge: the key was accepted more often than Dokploy's default limit allows.</summary>
    RateLimitExcluded,

    /// <summary>Suspicion: refused after no more calls than the default limit allows.</summary>
    RateLimitLikely,

    /// <summary>Suspicion: refused after having worked for longer than that.</summary>
    RateLimitPossible,

    /// <summary>Suspicion: refused and accepted by turns.</summary>
    RateLimitByTurns,

    /// <summary>Refused from the first call on, which tells nothing about a limit.</summary>
    RateLimitUntold,

    /// <summary>Too few calls so far to tell.</summary>
    RateLimitNotKnownYet,

    HetznerTokenNotSet,
    HetznerTokenAccepted,

    /// <summary>Good for looking; a repair was refused for it.</summary>
    HetznerTokenReadOnly,
    HetznerTokenRefused,

    /// <summary>A good token without the right for this.</summary>
    HetznerPermissionDenied,
    HetznerZoneFound,

    /// <summary>The zone is there, but the world does not ask Hetzner for it.</summary>
    HetznerZoneNotDelegated,

    /// <summary>A copy of a zone that is kept elsewhere.</summary>
    HetznerZoneSecondary,
    HetznerZoneMissing,

    /// <summary>The suffix does not lie in the zone that is set.</summary>
    HetznerZoneOther,
    HetznerUnreachable,
    HetznerSilent,
    HetznerFailing,
    HetznerNotUnderstood,
    HetznerRateLimited,

    /// <summary>Another change of the zone is still running, or was made at the same moment.</summary>
    HetznerBusy,
    HetznerProtected,
    HetznerRejected,
    HetznerActionFailed,

    WildcardPointsThere,

    /// <summary>It resolves, and no address is set to compare with.</summary>
    WildcardResolves,

    /// <summary>TRAEFIK_IP is an inside address, so another one outside need not be wrong.</summary>
    WildcardDiffersInside,
    WildcardPointsElsewhere,
    WildcardUnresolved,
    WildcardResolverFailed,

    /// <summary>Names below <c>localhost</c> need no record.</summary>
    WildcardLocal,
    WildcardRecordFound,
    WildcardRecordAbsent,
    WildcardWithoutTarget,
    WildcardTargetIsHere,
    WildcardTargetIsInside,
    WildcardAliasInTheWay,
    WildcardReadsBackDifferently,

    CertificateGood,

    /// <summary>Each stack gets its own, so a host without a stack has none yet.</summary>
    CertificatePerStack,
    CertificateNotNeeded,

    /// <summary>Stacks live on this machine alone (<c>*.localhost</c>), over plain HTTP.</summary>
    CertificateLocal,
    CertificateExpiresSoon,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateWrongName,
    CertificateTraefikDefault,
    CertificateSelfSigned,
    CertificateUntrusted,

    /// <summary>Where the world is led another certificate is shown than at TRAEFIK_IP: somebody else is there.</summary>
    CertificateDiffersOutside,
    StackHostUnresolved,

    /// <summary>TRAEFIK_IP shows a good certificate, and where the world is led cannot be told from here.</summary>
    StackHostNotResolvedHere,

    /// <summary>The resolver gave no answer, which says nothing about where the world is led.</summary>
    StackHostResolverFailed,
    StackHostUnreachable,

    /// <summary>A good certificate was seen; at some or all of the addresses that browsers are led to nobody answers from here.</summary>
    StackHostUnseen,
    StackHostSilent,
    StackHostWithoutTls,

    /// <summary>TRAEFIK_IP holds a name that does not resolve.</summary>
    TraefikAddressUnresolved,

    DatabaseWritable,
    DatabaseWouldBeMade,
    DatabaseWouldBeUpgraded,
    DatabaseDiskLow,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseDiskFull,
    DatabaseDamaged,

    /// <summary>A newer program has changed its shape; this one would refuse to start.</summary>
    DatabaseTooNew,
    DatabaseUnreadable,
    DatabaseFolderUnusable,
}

public static class ConnectionCauses
{
    public static ConnectionVerdict ToVerdict(this ConnectionCause cause) => cause switch
    {
        ConnectionCause.EarlierFailed or ConnectionCause.RateLimitUntold or ConnectionCause.RateLimitNotKnownYet => NotChecked,
        ConnectionCause.DokployNotSet or ConnectionCause.DokployEmulated
            or ConnectionCause.HetznerTokenNotSet or ConnectionCause.WildcardLocal
            or ConnectionCause.CertificateNotNeeded or ConnectionCause.CertificateLocal => NotConfigured,
        ConnectionCause.DokployAnswers or ConnectionCause.DokployNewer or ConnectionCause.KeyAccepted or ConnectionCause.RoleSuffices
            or ConnectionCause.RateLimitExcluded
            or ConnectionCause.HetznerTokenAccepted or ConnectionCause.HetznerZoneFound or ConnectionCause.WildcardPointsThere
            or ConnectionCause.WildcardResolves or ConnectionCause.WildcardRecordFound or ConnectionCause.CertificateGood or ConnectionCause.CertificatePerStack
            or ConnectionCause.DatabaseWritable or ConnectionCause.DatabaseWouldBeMade or ConnectionCause.DatabaseWouldBeUpgraded => Good,
        ConnectionCause.DokployOtherMajor or ConnectionCause.DokployVersionUnreadable or ConnectionCause.KeyExpiresSoon
            or ConnectionCause.MemberKey or ConnectionCause.MemberCannotSeeDocker or ConnectionCause.RoleUnknown
            or ConnectionCause.RateLimitLikely or ConnectionCause.RateLimitPossible or ConnectionCause.RateLimitByTurns
            or ConnectionCause.HetznerTokenReadOnly or ConnectionCause.HetznerZoneNotDelegated or ConnectionCause.HetznerZoneSecondary
            or ConnectionCause.HetznerRateLimited or ConnectionCause.HetznerBusy or ConnectionCause.WildcardDiffersInside
            or ConnectionCause.WildcardResolverFailed or ConnectionCause.CertificateExpiresSoon or ConnectionCause.StackHostNotResolvedHere
            or ConnectionCause.StackHostResolverFailed or ConnectionCause.StackHostUnseen or ConnectionCause.DatabaseDiskLow => Doubtful,
        // What nobody has called well is not well.
        _ => Bad,
    };
}
