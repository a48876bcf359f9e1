using System.Net;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Diagnostics;

public sealed class MetricsListenerTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new PortalFactory().With("METRICS_PORT", "0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Its_port_has_the_figures_and_nothing_of_the_portal()
    {
        var address = _portal.Services.GetRequiredService<MetricsListener>().Address;
        using var scraper = new HttpClient();

        var text = await scraper.GetStringAsync(address, Token);

        Assert.Contains("# TYPE aistack_deployments_started_total counter", text, StringComparison.Ordinal);
        Assert.NotEqual(_portal.Root.Port, address.Port);
        foreach (var path in new[] { "/", "/health", "/api/check/jan", "/admin" })
        {
            using var answer = await scraper.GetAsync(new Uri(address, path), Token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("localhost:9464")]
    public async Task The_public_port_has_none_whatever_host_is_asked_for(string? host)
    {
        using var client = _portal.NewScript();
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Host = host;

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("aistack_", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_port_there_is_no_listener()
    {
        await using var portal = new PortalFactory().With("METRICS_PORT", "none");
        await portal.InitializeAsync();

        Assert.Null(portal.Services.GetService<MetricsListener>());
        using var answer = await portal.NewScript().GetAsync("health", Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
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
