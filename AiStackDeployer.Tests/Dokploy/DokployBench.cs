using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>The client exactly as the product registers it, against a scripted server, on a clock the test moves.</summary>
internal sealed class DokployBench : IAsyncDisposable
{
    public const string Token = "secret-token-AbCdEf0123456789";

    private readonly ServiceProvider _services;
    private readonly LogBook _logs = new();

    private DokployBench(ScriptedDokploy server, Func<DokployOptions, DokployOptions> adjust)
    {
        Server = server;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        services.AddSingleton<IMeterFactory>(Meters);
        services.AddDokployClient(_ => adjust(new DokployOptions { Url = server.Url, ApiToken = Token, RetryDelay = TimeSpan.Zero }));
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<DokployClient>();
        Health = _services.GetRequiredService<DokployHealth>();
        Meter = _services.GetRequiredService<DokployMeter>();
    }

    public WatchedTime Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public TestMeters Meters { get; } = new();

    public ScriptedDokploy Server { get; }

    public DokployClient Client { get; }

    public DokployHealth Health { get; }

    public DokployMeter Meter { get; }

    /// <summary>Everything that was logged, by anyone, at any level.</summary>
    public string Logs => _logs.Text;

    public static async Task<DokployBench> StartAsync(Func<DokployOptions, DokployOptions>? adjust = null) =>
        new(await ScriptedDokploy.StartAsync(TestContext.Current.CancellationToken), adjust ?? (options => options));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
        Meters.Dispose();
    }
}
