using System.Net;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Diagnostics;

public sealed class MetricsPortTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>As a process: the test host would put an address of its own in the place of both.</summary>
    [Fact]
    public async Task Its_port_has_the_figures_and_nothing_of_the_portal_and_the_portals_has_none_of_them()
    {
        await using var dokploy = await DokployEmulatorHost.StartAsync(new EmulatorOptions { Pace = 0 }, TimeProvider.System, Token);
        await using var portal = PortalHome.For(dokploy);
        await portal.StartAsync(Token);
        using var scraper = new HttpClient();

        var text = await scraper.GetStringAsync(portal.Metrics, Token);

        Assert.Contains("# TYPE aistack_deployments_started_total counter", text, StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/health", "/api/check/jan", "/admin", "/mcp" })
        {
            using var answer = await scraper.GetAsync(new Uri(portal.Metrics, path), Token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        foreach (var host in new[] { portal.Root.Authority, portal.Metrics.Authority })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Root, "metrics"));
            request.Headers.Host = host;
            using var answer = await scraper.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("aistack_", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        // What has been scraped so far is no request of anybody's.
        Assert.DoesNotContain("/metrics", await scraper.GetStringAsync(portal.Metrics, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_nothing()
    {
        // Nobody listens at port 9 of this machine.
        await using var portal = new PortalFactory().With("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        await portal.InitializeAsync();
        var person = portal.NewPerson();

        var started = await person.StartAsync("design-lab");
        await using var events = await EventReader.OpenAsync(person, started.Text("deploymentId"));

        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
    }
}
