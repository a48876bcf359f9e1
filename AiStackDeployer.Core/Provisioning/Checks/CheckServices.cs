using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
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
}
