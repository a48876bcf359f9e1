using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Diagnostics;

public static class DiagnosticsServices
{
    /// <summary>All of the portal's own meters have names that begin so.</summary>
    public const string MeterNames = "AiStackDeployer.*";

    /// <summary>All of the portal's own activity sources have names that begin so.</summary>
    public const string SourceNames = "AiStackDeployer.*";

    /// <param name="dataDirectory">Whose disk is watched.</param>
    public static IServiceCollection AddPortalDiagnostics(this IServiceCollection services, string dataDirectory) => services
        .AddMetrics()
        .AddSingleton<DeploymentMeter>()
        .AddSingleton<ActiveCensus>()
        .AddSingleton<ActiveMeter>()
        .AddSingleton<WatcherMeter>()
        .AddSingleton(provider => new DataDiskMeter(provider.GetRequiredService<IMeterFactory>(), dataDirectory));
}
