using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Http;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Provisioning.Checks;

public static class CheckServices
{
    private const string DokployOnce = "dokploy-check";

    /// <summary>The check of Dokploy and of the key. Needs the client, beside which it has one of its own that neither repeats nor pauses.</summary>
    public static IServiceCollection AddDokployCheck(this IServiceCollection services)
    {
        services.AddHttpClient(DokployOnce)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = provider.GetRequiredService<DokployOptions>().Root;
                // The check keeps the time, on the TimeProvider.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .UseSocketsHttpHandler((handler, provider) => OutboundSockets.Configure(
                handler, provider.GetRequiredService<DokployOptions>().Url, provider.GetRequiredService<DokployOptions>().ConnectTimeout, TimeSpan.FromSeconds(4)))
            .AddHttpMessageHandler(provider => new WholeBodyHandler(provider.GetRequiredService<DokployOptions>().MaxResponseBytes));
        return services.AddSingleton<IConnectionCheck>(provider => new DokployCheck(
            ActivatorUtilities.CreateInstance<DokployClient>(provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(DokployOnce)),
            provider.GetRequiredService<DokployHealth>(),
            provider.GetRequiredService<DokployOptions>(),
            PatienceOf(provider),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>The check of the certificate that stacks are met with.</summary>
    public static IServiceCollection AddStackCertificateCheck(this IServiceCollection services, StackDefaults stacks, ProvisioningOptions options) =>
        services.AddSingleton<IConnectionCheck>(provider => new StackCertificateCheck(
            stacks, options, new Ids(provider.GetRequiredService<TimeProvider>()), PatienceOf(provider), provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of the token and the zone at Hetzner. Needs the client.</summary>
    public static IServiceCollection AddHetznerCheck(this IServiceCollection services, StackDefaults stacks) => services.AddSingleton<IConnectionCheck>(
        provider => new HetznerCheck(
            provider.GetRequiredService<HetznerDnsClient>(), stacks.DomainSuffix, PatienceOf(provider), provider.GetRequiredService<TimeProvider>()));

    /// <summary>The check of where the names of stacks lead.</summary>
    public static IServiceCollection AddWildcardDnsCheck(this IServiceCollection services, StackDefaults stacks, ProvisioningOptions options) =>
        services.AddSingleton<IConnectionCheck>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            return new WildcardDnsCheck(new WildcardDns(stacks, options.Readiness, hetzner: null, new Ids(time), time), time);
        });

    /// <summary>The wildcard record for pages and API. Needs <see cref="WildcardDns"/>.</summary>
    public static IServiceCollection AddWildcardRecord(this IServiceCollection services) => services.AddSingleton<IWildcardRecord, WildcardRecord>();

    private static TimeSpan PatienceOf(IServiceProvider provider) => provider.GetRequiredService<ConnectionOptions>().CheckPatience;
}
