using AiStackDeployer.Core;
using AiStackDeployer.Core.Builds;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Notices;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

internal static class PortalServices
{
    /// <summary>Everything below the pages and the API. The rooms meet only here.</summary>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, PortalSettings settings)
    {
        services.AddSingleton(settings)
            .AddSingleton(settings.Stacks)
            .AddSingleton(new SupportContact(settings.SupportContact))
            .AddSingleton(settings.ReservedNames)
            .AddSingleton(settings.Quota)
            .AddSingleton(new NamingOptions())
            .AddSingleton(provider => new Ids(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(new NameRules(settings.ReservedNames, settings.Stacks.DomainSuffix))
            .AddSingleton<UpstreamNameList>()
            .AddSingleton<NameCheckMeter>()
            .AddSingleton<NameAvailabilityService>()
            .AddSingleton<DeploymentSignals>()
            .AddSingleton<DurationLearner>()
            .AddSingleton<DeploymentSnapshots>()
            .AddSingleton<DeploymentFeed>()
            .AddSingleton<DeploymentService>()
            .AddSingleton<IngestTokens>()
            .AddSingleton<StackEntrance>()
            .AddSingleton<NameText>()
            .AddSingleton<DeploymentDiagnoses>()
            .AddSingleton<StackDiagnoses>()
            .AddSingleton<IDokployState, KnownDokployState>();
        services.AddPortalDatabase(settings).AddOAuthStores();
        services.AddDokployClient(_ => settings.Dokploy!);
        if (settings.Hetzner is { } hetzner)
        {
            services.AddHetznerDnsClient(hetzner);
        }
        services.AddBuilds(settings.Gitea);
        services.AddPortalLogs(settings);
        services.AddProvisioning(settings.Provisioning, settings.EngineStore);
        services.AddSingleton(settings.LifePolicy).AddSingleton<PortalCare>().AddSingleton<RolePolicies>().AddSingleton<ILifePolicies>(provider => provider.GetRequiredService<RolePolicies>())
            .AddSingleton<IStackImages>(provider => provider.GetRequiredService<RolePolicies>());
        services.AddPortalNotices(settings);
        if (settings.Postgres is not null)
        {
            services.AddPostgresSignals();
        }
        services.AddDiagnoses(settings.Provisioning.Readiness.ConnectAddress);
        services.AddPortalConnections(settings).AddWildcardRecord(settings.Stacks, settings.Provisioning.Readiness.ConnectAddress);
        return services;
    }
}
