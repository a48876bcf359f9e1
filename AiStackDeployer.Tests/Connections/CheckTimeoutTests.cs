using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Connections;

/// <summary>The report's timeout must be longer than every check's, or the most common outages lose their cause.</summary>
public sealed class CheckTimeoutTests
{
    private const string Token = "key-of-a-test";

    private static readonly TimeSpan Check = new ConnectionOptions().CheckTimeout;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_check_is_over_before_the_report_gives_it_up() => Assert.All(
        new Dictionary<string, TimeSpan>
        {
            ["Dokploy and Hetzner, all questions together"] = Check,
            ["the resolver"] = HostLookup.Timeout,
            // What is left is the handshake's.
            ["certificate: resolver and connection"] = HostLookup.Timeout + TlsVisit.ConnectTimeout + TimeSpan.FromSeconds(1),
            // Once for the version, once for the write.
            ["database"] = 2 * PersistenceServices.LockTimeout,
        },
        one => Assert.True(one.Value <= Check && Check < new ConnectionOptions().Timeout, one.Key));

    [Fact]
    public void A_connection_that_is_not_made_is_told_as_that_before_the_checks_time_is_over()
    {
        Assert.True(new DokployOptions { Url = new Uri("http://dokploy.test"), ApiToken = Token }.ConnectTimeout < Check);
        Assert.True(new HetznerOptions { ApiToken = Token }.ConnectTimeout < Check);
        Assert.True(TlsVisit.ConnectTimeout < Check);
    }

    [Fact]
    public async Task Dokploy_that_does_not_answer_is_told_as_silent_when_the_checks_own_time_is_over()
    {
        await using var server = await ScriptedDokploy.StartAsync(Stop);
        server.On("settings.health", Replies.Hang);
        var time = new WatchedTime(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var services = Services(server.Url, time);

        var results = services.GetRequiredService<IConnectionCheck>().RunAsync();
        await server.ArrivalAsync(Stop);
        time.Advance(Check);

        var result = Assert.Single(await results).Value;
        result.Is(ConnectionVerdict.Bad, ConnectionCause.DokploySilent);
        Assert.Equal(server.Url.ToString().TrimEnd('/'), result.Facts.Host);
    }

    [Fact]
    public async Task A_check_sends_each_question_once_and_is_not_kept_from_it_by_earlier_failures()
    {
        await using var server = await ScriptedDokploy.StartAsync(Stop);
        server.On("settings.health", [.. Enumerable.Repeat(Replies.Reset, 20)]);
        await using var services = Services(server.Url, TimeProvider.System);
        var check = services.GetRequiredService<IConnectionCheck>();

        for (var look = 1; look <= 10; look++)
        {
            Assert.Single(await check.RunAsync()).Value.Is(ConnectionVerdict.Bad, ConnectionCause.DokployUnreachable);
            Assert.Equal(look, server.Count("settings.health"));
        }
    }

    private static ServiceProvider Services(Uri url, TimeProvider time) => new ServiceCollection().AddLogging().AddSingleton(time)
        .AddSingleton(new ConnectionOptions())
        .AddDokployClient(_ => new DokployOptions { Url = url, ApiToken = Token })
        .AddDokployCheck()
        .BuildServiceProvider();
}
