using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Processes;

/// <summary><c>--health</c>, as an image's health check runs it.</summary>
public sealed class HealthCommandTests
{
    private const int GivesUpAfter = 60_000;

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_ready_portal_is_healthy_and_nothing_is_said()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        await portal.ReadyAsync();

        await using var health = Ask(portal.Root.Port);

        Assert.Equal(0, await health.EndAsync(TestContext.Current.CancellationToken));
        Assert.Empty(health.Output);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_portal_that_is_not_ready_is_not_healthy()
    {
        await using var portal = new PortalFactory();
        portal.With(services => services.RemoveAll<IHostedService>());
        await portal.InitializeAsync();

        await using var health = Ask(portal.Root.Port);

        Assert.Equal(1, await health.EndAsync(TestContext.Current.CancellationToken));
        Assert.Contains("is not ready (503)", health.Output, StringComparison.Ordinal);
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
    [InlineData(null, null, "http://127.0.0.1:3000/health/ready")]
    [InlineData("0.0.0.0", "8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("*", "8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("::", "8080", "http://[::1]:8080/health/ready")]
    [InlineData("localhost", "8080", "http://localhost:8080/health/ready")]
    [InlineData("10.1.2.3", "8080", "http://10.1.2.3:8080/health/ready")]
    public void It_asks_where_the_portal_listens(string? host, string? port, string address) => Assert.Equal(
        address,
        HealthCommand.AddressOf(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HOST"] = host, ["PORT"] = port }).Build()).ToString());

    private static ProgramProcess Ask(int port) => ProgramProcess.Start(
        "AiStackDeployer.Web",
        Path.GetTempPath(),
        new Dictionary<string, string> { ["HOST"] = "127.0.0.1", ["PORT"] = port.ToString(CultureInfo.InvariantCulture) },
        "--health");
}
