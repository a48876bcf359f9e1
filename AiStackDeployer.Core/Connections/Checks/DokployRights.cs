using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>What a key may do, read off its owner's role; nothing is tried.</summary>
internal static class DokployRights
{
    /// <param name="who">Null when Dokploy would not say.</param>
    public static ConnectionResult Judge(DokployIdentity? who)
    {
        switch (who?.Role)
        {
            case DokployRole.Owner or DokployRole.Admin:
                return Of(ConnectionCause.RoleSuffices, who.Role);

            case DokployRole.Member when Missing(who) is [_, ..] missing:
                return Of(ConnectionCause.MemberMayNotDeploy, who.Role, missing);

            case DokployRole.Member:
                return Of(ConnectionCause.MemberKey, who.Role, who.CanAccessToDocker ? null : ["canAccessToDocker"]);

            default:
                return new ConnectionResult(ConnectionTarget.DokployPermissions, ConnectionCause.RoleUnknown);
        }
    }

    /// <summary>Without these a deployment cannot be made, or cannot be cleaned up and then never ends.</summary>
    private static IReadOnlyList<string> Missing(DokployIdentity who) =>
    [
        .. new (bool Has, string Name)[]
        {
            (who.CanCreateProjects, "canCreateProjects"),
            (who.CanCreateServices, "canCreateServices"),
            (who.CanDeleteProjects, "canDeleteProjects"),
            (who.CanDeleteServices, "canDeleteServices"),
        }.Where(right => !right.Has).Select(right => right.Name),
    ];

    private static ConnectionResult Of(ConnectionCause cause, DokployRole role, IReadOnlyList<string>? missing = null) =>
        new(ConnectionTarget.DokployPermissions, cause)
        {
            Facts = new ConnectionFacts { Role = role.ToString().ToLowerInvariant(), Missing = missing },
        };
}
