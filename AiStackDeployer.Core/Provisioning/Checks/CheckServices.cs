using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Provisioning.Checks;

public static class CheckServices
{
    /// <summary>The check of Dokploy and of the key. Needs the client.</summary>
    public static IServiceCollection AddDokployCheck(this IServiceCollection services) => services.AddSingleton<IConnectionCheck>(provider =>
        new DokployCheck(
            provider.GetRequiredService<DokployClient>(),
            provider.GetRequiredService<DokployHealth>(),
            provider.GetRequiredService<DokployOptions>(),
            provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of the certificate that stacks are met with.</summary>
    public static IServiceCollection AddStackCertificateCheck(this IServiceCollection services, StackDefaults stacks, ProvisioningOptions options) =>
        services.AddSingleton<IConnectionCheck>(provider => new StackCertificateCheck(
            stacks, options, new Ids(provider.GetRequiredService<TimeProvider>()), provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of the token and the zone at Hetzner. Needs the client.</summary>
    public static IServiceCollection AddHetznerCheck(this IServiceCollection services, StackDefaults stacks) => services.AddSingleton<IConnectionCheck>(
        provider => new HetznerCheck(provider.GetRequiredService<HetznerDnsClient>(), stacks.DomainSuffix, provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of where the names of stacks lead.</summary>
    public static IServiceCollection AddWildcardDnsCheck(this IServiceCollection services, StackDefaults stacks, ProvisioningOptions options) =>
        services.AddSingleton<IConnectionCheck>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            return new WildcardDnsCheck(new WildcardDns(stacks, options.Readiness, hetzner: null, new Ids(time), time), time);
        });

    /// <summary>The wildcard record for pages and API. Needs <see cref="WildcardDns"/>.</summary>
    public static IServiceCollection AddWildcardRecord(this IServiceCollection services) => services.AddSingleton<IWildcardRecord, WildcardRecord>();
}
