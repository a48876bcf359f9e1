using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Asks Dokploy whether a project of a stack's name exists. Advisory: nothing there is unique.</summary>
internal sealed class DokployNames(DokployClient dokploy) : IUpstreamNames
{
    public async Task<UpstreamNameAnswer> LookUpAsync(StackName name, CancellationToken cancellationToken)
    {
        try
        {
            var projects = await dokploy.FindProjectsAsync(name.ProjectName, cancellationToken);
            return projects.Count == 0 ? UpstreamNameAnswer.Free : UpstreamNameAnswer.Taken;
        }
        catch (DokployException)
        {
            // The client has logged it, and the header shows Dokploy's state. For a name it only means: not known.
            return UpstreamNameAnswer.Unreachable;
        }
    }
}
