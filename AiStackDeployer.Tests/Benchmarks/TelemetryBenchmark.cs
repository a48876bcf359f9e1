using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiStackDeployer.Tests.Benchmarks;

/// <summary>
/// What metrics and traces add to a deployment: <c>-explicit only -class AiStackDeployer.Tests.Benchmarks.TelemetryBenchmark</c>.
/// Dokploy takes no time here, so all that is left is the portal's own work. Figures, no verdict.
/// </summary>
public sealed class TelemetryBenchmark
{
    private const int Rounds = 6;
    private const int Deployments = 10;

    [Fact(Explicit = true)]
    public async Task Of_a_deployment_with_and_without_listeners()
    {
        await using var collector = await OtlpCollector.StartAsync(TestContext.Current.CancellationToken);
        await using var portal = await TestPortal.StartAsync();
        var quiet = new List<Cost>();
        var heard = new List<Cost>();
        await MeasureAsync(portal, "warm-up");
        for (var round = 0; round < Rounds; round++)
        {
            // In turns, so that a noisy minute of the machine strikes both.
            quiet.Add(await MeasureAsync(portal, $"quiet-{round}"));
            await using var listeners = Listen(collector.Address);
            heard.Add(await MeasureAsync(portal, $"heard-{round}"));
        }
        Print("nobody listens", quiet);
        Print("metrics and traces over OTLP", heard);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"difference for one deployment: {Median(heard, c => c.Milliseconds) - Median(quiet, c => c.Milliseconds):0.0} ms, {(Median(heard, c => c.Bytes) - Median(quiet, c => c.Bytes)) / 1024:0} KiB allocated"));
    }

    /// <summary>The exporters as the program wires them.</summary>
    private static ServiceProvider Listen(Uri collector)
    {
        var settings = SettingsBench.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("METRICS_PORT", "none"));
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(SettingsBench.Configuration(
                [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]))
            .AddSingleton<IHostEnvironment>(new NamedEnvironment("Production"))
            .AddPortalTelemetry(settings)
            .BuildServiceProvider();
        services.GetRequiredService<TracerProvider>();
        services.GetRequiredService<MeterProvider>();
        return services;
    }

    private static async Task<Cost> MeasureAsync(TestPortal portal, string name)
    {
        var bytes = GC.GetTotalAllocatedBytes();
        var begun = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Deployments; i++)
        {
            var done = await portal.DeployAsync($"{name}-{i}");
            Assert.Equal(DeploymentPhase.Completed, done.Phase);
        }
        return new Cost(
            TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / Deployments, (GC.GetTotalAllocatedBytes() - bytes) / (double)Deployments);
    }

    private static double Median(List<Cost> costs, Func<Cost, double> of) => costs.Select(of).Order().ElementAt(costs.Count / 2);

    private static void Print(string what, List<Cost> costs) => TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: median {Median(costs, c => c.Milliseconds):0.0} ms a deployment (from {costs.Min(c => c.Milliseconds):0.0} to {costs.Max(c => c.Milliseconds):0.0}), {Median(costs, c => c.Bytes) / 1024:0} KiB allocated"));

    private sealed record Cost(double Milliseconds, double Bytes);
}
