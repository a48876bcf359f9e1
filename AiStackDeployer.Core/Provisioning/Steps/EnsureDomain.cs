using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The route from the stack's host to its port. Made before the deploy, so that it stands when the container runs.</summary>
internal sealed class EnsureDomain(DokployClient dokploy, ProvisioningOptions options, StackDefaults defaults) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.EnsureDomain;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var applicationId = run.Stack.ApplicationId!;
        var wanted = new DomainSettings
        {
            Host = defaults.HostOf(run.Stack.Name),
            Port = defaults.Port,
            Https = defaults.Scheme == Uri.UriSchemeHttps,
            CertificateType = options.CertificateType,
        };
        var present = run.MadeApplication
            ? null
            : (await dokploy.ListDomainsAsync(applicationId, cancellationToken))
                .FirstOrDefault(d => d.IsOf(wanted.Host));
        if (present is null)
        {
            await run.IntendToCreateAsync(cancellationToken);
            var made = await dokploy.CreateDomainAsync(applicationId, wanted, CancellationToken.None);
            return Record(run, made.DomainId, LogCode.DomainCreated, wanted.Host);
        }
        if (present.Port != wanted.Port || present.Https != wanted.Https || present.CertificateType != wanted.CertificateType)
        {
            await dokploy.UpdateDomainAsync(present.DomainId, wanted, CancellationToken.None);
        }
        return Record(run, present.DomainId, LogCode.DomainFound, wanted.Host);
    }

    private static StepEnd Record(DeploymentRun run, string domainId, LogCode code, string host) =>
        StepEnd.DoneWith((deployment, now) =>
        {
            deployment.Stack.DomainId = domainId;
            deployment.Note(run.Number, code, host, now);
        });
}
