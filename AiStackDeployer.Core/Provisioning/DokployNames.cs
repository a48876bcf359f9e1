using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Asks Dokploy for the names of its projects. Advisory: nothing there is unique.</summary>
internal sealed class DokployNames(DokployClient dokploy) : IUpstreamNames
{
    public async Task<UpstreamNames> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var projects = await dokploy.ListProjectNamesAsync(cancellationToken);
            return new UpstreamNames(projects.ToHashSet(StringComparer.OrdinalIgnoreCase));
        }
        catch (DokployException e)
        {
            // The client has logged it, and the header shows Dokploy's state. For a name it only means: not known.
            return UpstreamNames.Unreachable with { IsRefused = e.Kind is DokployFault.KeyRefused or DokployFault.PermissionDenied };
        }
    }
}
