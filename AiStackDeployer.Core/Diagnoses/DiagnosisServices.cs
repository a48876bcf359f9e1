using AiStackDeployer.Core.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Diagnoses;

public static class DiagnosisServices
{
    /// <summary>The diagnosis of stacks. What Dokploy and the stacks tell comes with the provisioning.</summary>
    /// <param name="traefikAddress">TRAEFIK_IP; null = names lead there by themselves.</param>
    public static IServiceCollection AddDiagnoses(this IServiceCollection services, string? traefikAddress) => services
        .AddSingleton(provider => new HostCertificates(traefikAddress, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IEvidenceSource, ConnectionEvidence>()
        .AddSingleton<IEvidenceSource, CertificateEvidence>()
        .AddSingleton<EvidenceGathering>();
}
