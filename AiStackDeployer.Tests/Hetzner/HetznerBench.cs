using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Hetzner;

/// <summary>The client exactly as the product registers it, against the fake, on a clock the test moves.</summary>
internal sealed class HetznerBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly LogBook _logs = new();

    private HetznerBench(FakeHetzner server, Func<HetznerOptions, HetznerOptions> adjust)
    {
        Server = server;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        services.AddHetznerDnsClient(adjust(new HetznerOptions { Url = server.Url, ApiToken = FakeHetzner.Token, RetryDelay = TimeSpan.Zero }));
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<HetznerDnsClient>();
    }

    public WatchedTime Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FakeHetzner Server { get; }

    public HetznerDnsClient Client { get; }

    /// <summary>Everything that was logged, by anyone, at any level.</summary>
    public string Logs => _logs.Text;

    public static async Task<HetznerBench> StartAsync(Func<HetznerOptions, HetznerOptions>? adjust = null) =>
        new(await FakeHetzner.StartAsync(), adjust ?? (options => options));

    /// <summary>Lets the call look at its action once more.</summary>
    public Task PollAsync(Task call) => PassAsync(call, TimeSpan.FromSeconds(1));

    /// <summary>Waits until the call waits for so long, and lets that time pass.</summary>
    public async Task PassAsync(Task call, TimeSpan pause)
    {
        await WaitsAsync(call, pause);
        Time.Advance(pause);
    }

    /// <summary>Completes when the call waits for so long; fails when it ends instead.</summary>
    public Task WaitsAsync(Task call, TimeSpan pause) => WaitsAsync(call, due => due == pause);

    /// <summary>Completes with how long the call waits, when it is so long; fails when it ends instead.</summary>
    public async Task<TimeSpan> WaitsAsync(Task call, Func<TimeSpan, bool> fits)
    {
        var pause = TimeSpan.Zero;
        var waits = Time.TimerAsync(due => fits(pause = due), TestContext.Current.CancellationToken);
        if (await Task.WhenAny(waits, call) == call)
        {
            await call;
            Assert.Fail("The call ended without waiting.");
        }
        return pause;
    }

    public Reply RateLimited(int? limit) => FakeHetzner.RateLimited(limit, Time.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
