using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Processes;

/// <summary><c>--health</c>, as an image's health check runs it, and <c>--health ready</c>, as compose does.</summary>
public sealed class HealthCommandTests
{
    private const int GivesUpAfter = 60_000;

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_ready_portal_is_alive_and_ready_and_nothing_is_said()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        await portal.ReadyAsync();

        await using var alive = Ask(portal.Root.Port);
        await using var ready = Ask(portal.Root.Port, "ready");

        Assert.Equal((0, 0), (await alive.EndAsync(TestContext.Current.CancellationToken), await ready.EndAsync(TestContext.Current.CancellationToken)));
        Assert.Empty(alive.Output + ready.Output);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_portal_that_is_not_ready_lives_and_must_not_be_killed()
    {
        await using var portal = new PortalFactory();
        portal.With(services => services.RemoveAll<IHostedService>());
        await portal.InitializeAsync();

        await using var alive = Ask(portal.Root.Port);
        await using var ready = Ask(portal.Root.Port, "ready");

        Assert.Equal((0, 1), (await alive.EndAsync(TestContext.Current.CancellationToken), await ready.EndAsync(TestContext.Current.CancellationToken)));
        Assert.Contains("/health/ready answers 503", ready.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_it_does_not_know_is_not_taken_for_health()
    {
        await using var health = Ask(1, "readily");

        Assert.Equal(1, await health.EndAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Usage: --health [ready]", health.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Where_nobody_listens_is_no_healthy_portal()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        await using var health = Ask(port);

        Assert.Equal(1, await health.EndAsync(TestContext.Current.CancellationToken));
        Assert.Contains("No portal answers at", health.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:3000/health/live")]
    [InlineData("0.0.0.0", "8080", "http://127.0.0.1:8080/health/live")]
    [InlineData("*", "8080", "http://127.0.0.1:8080/health/live")]
    [InlineData("::", "8080", "http://[::1]:8080/health/live")]
    [InlineData("localhost", "8080", "http://localhost:8080/health/live")]
    [InlineData("10.1.2.3", "8080", "http://10.1.2.3:8080/health/live")]
    public void It_asks_where_the_portal_listens(string? host, string? port, string address) => Assert.Equal(
        address,
        HealthCommand.AddressOf(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HOST"] = host, ["PORT"] = port }).Build(), "/health/live").ToString());

    private static ProgramProcess Ask(int port, params string[] what) => ProgramProcess.Start(
        "AiStackDeployer.Web",
        Path.GetTempPath(),
        new Dictionary<string, string> { ["HOST"] = "127.0.0.1", ["PORT"] = port.ToString(CultureInfo.InvariantCulture) },
        ["--health", .. what]);
}
