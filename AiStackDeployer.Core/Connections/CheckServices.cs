using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Http;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Connections;

public static class CheckServices
{
    private const string DokployOnce = "dokploy-check";
    private const string PortalItself = "portal-itself";

    /// <summary>The check of Dokploy and of the key. Needs the client, beside which it has one of its own without retries and circuit breaker.</summary>
    public static IServiceCollection AddDokployCheck(this IServiceCollection services)
    {
        services.AddOutboundClient(DokployOnce, provider => DokployServiceCollectionExtensions.TargetOf(provider.GetRequiredService<DokployOptions>()))
            .AddHttpMessageHandler(provider => new WholeBodyHandler(provider.GetRequiredService<DokployOptions>().MaxResponseBytes));
        return services.AddSingleton<IConnectionCheck>(provider => new DokployCheck(
            ActivatorUtilities.CreateInstance<DokployClient>(provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(DokployOnce)),
            provider.GetRequiredService<DokployHealth>(),
            provider.GetRequiredService<DokployOptions>(),
            TimeoutOf(provider),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>The check of the token and the zone at Hetzner. Needs the client.</summary>
    public static IServiceCollection AddHetznerCheck(this IServiceCollection services, StackDefaults stacks) => services.AddSingleton<IConnectionCheck>(
        provider => new HetznerCheck(
            provider.GetRequiredService<HetznerDnsClient>(), stacks.DomainSuffix, TimeoutOf(provider), provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of the portal's own public address.</summary>
    public static IServiceCollection AddPortalAddressCheck(this IServiceCollection services, Uri publicUrl)
    {
        services.AddOutboundClient(PortalItself, _ => new OutboundTarget(new Uri(publicUrl.ToString().TrimEnd('/') + "/"), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(4)));
        return services.AddSingleton<IConnectionCheck>(provider => new PortalAddressCheck(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(PortalItself), TimeoutOf(provider), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Whether a stack's page, which an AI agent serves, is on the portal's own site: both names are settings, so nobody is asked.</summary>
    public static IServiceCollection AddPortalSiteCheck(this IServiceCollection services, string portalHost, string domainSuffix) =>
        services.AddSingleton<IConnectionCheck>(RegistrableDomain.Of(portalHost) is { } site && site == RegistrableDomain.Of(domainSuffix)
            ? new UnconfiguredCheck(
                ConnectionCause.PortalSameSite, new ConnectionFacts { Host = portalHost, Names = [site] }, ConnectionTarget.PortalSite)
            : new UnconfiguredCheck(
                ConnectionCause.PortalApart, new ConnectionFacts { Host = portalHost, Names = [domainSuffix] }, ConnectionTarget.PortalSite));

    /// <summary>The checks of where the names of stacks lead, and of the certificate shown there.</summary>
    /// <param name="traefikAddress">TRAEFIK_IP: <c>host</c> or <c>host:port</c>, or null.</param>
    public static IServiceCollection AddStackChecks(
        this IServiceCollection services, StackDefaults stacks, string? traefikAddress, DokployCertificateType certificateType) =>
        services
            .AddSingleton<IConnectionCheck>(provider => new WildcardDnsCheck(LookupOf(provider, stacks, traefikAddress)))
            .AddSingleton<IConnectionCheck>(provider => new StackCertificateCheck(
                stacks, traefikAddress, certificateType, new Ids(provider.GetRequiredService<TimeProvider>()), TimeoutOf(provider),
                provider.GetRequiredService<TimeProvider>()));

    /// <summary>The wildcard record for pages and API. Works without Hetzner's client: it then says that no token is set.</summary>
    public static IServiceCollection AddWildcardRecord(this IServiceCollection services, StackDefaults stacks, string? traefikAddress) =>
        services.AddSingleton<IWildcardRecord>(provider => new WildcardRecord(
            LookupOf(provider, stacks, traefikAddress), provider.GetService<HetznerDnsClient>()));

    private static WildcardLookup LookupOf(IServiceProvider provider, StackDefaults stacks, string? traefikAddress)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        return new WildcardLookup(stacks.DomainSuffix, traefikAddress, new Ids(time), time);
    }

    private static TimeSpan TimeoutOf(IServiceProvider provider) => provider.GetRequiredService<ConnectionOptions>().CheckTimeout;
}
