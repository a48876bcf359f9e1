using AiStackDeployer.Core.Connections;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Connections;

/// <summary>How the portal is reached: through its proxy, and beside the stacks.</summary>
public sealed class PortalAddressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"status":"alive","checks":{},"scheme":"http"}""", 200, ConnectionCause.PortalAnswers)]
    [InlineData("""{"status":"alive","checks":{},"scheme":"https"}""", 200, ConnectionCause.PortalSeesHttp)] // here the call is plain http, and the portal says otherwise
    [InlineData("""{"status":"alive"}""", 200, ConnectionCause.PortalNotReached)]
    [InlineData("[1]", 200, ConnectionCause.PortalNotReached)]
    [InlineData("<html>Sign in", 200, ConnectionCause.PortalNotReached)]
    [InlineData("", 302, ConnectionCause.PortalNotReached)]
    [InlineData("Bad Gateway", 502, ConnectionCause.PortalNotReached)]
    public async Task What_answers_at_the_portals_address_is_told(string body, int status, ConnectionCause cause)
    {
        await using var proxy = WebApplication.CreateSlimBuilder().Build();
        proxy.Urls.Add("http://127.0.0.1:0");
        proxy.MapGet("/tools/health/live", (HttpContext context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(body);
        });
        await proxy.StartAsync(Token);

        var result = await CheckOf(new Uri(proxy.Urls.Single() + "/tools")).OneAsync();

        Assert.Equal((cause, status), (result.Cause, result.Facts.HttpStatus));
        Assert.Equal(proxy.Urls.Single() + "/tools", result.Facts.Host);
        Assert.NotNull(result.Latency);
    }

    [Fact]
    public async Task That_nobody_answers_is_no_fault()
    {
        var result = await CheckOf(new Uri($"http://127.0.0.1:{FreePort.Next()}")).OneAsync();

        result.Is(ConnectionVerdict.NotChecked, ConnectionCause.PortalNotReached);
        Assert.Null(result.Latency);
        Assert.DoesNotContain("()", ConnectionAssert.Said(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("portal.example.org", "ai.example.org", true)]
    [InlineData("example.org", "ai.example.org", true)]
    [InlineData("portal.Example.ORG", "example.org", true)]
    [InlineData("portal.example.org", "example-stacks.org", false)]
    [InlineData("portal.example.co.uk", "ai.example.co.uk", true)]
    [InlineData("portal.one.co.uk", "ai.other.co.uk", false)]
    [InlineData("portal.one.com", "ai.other.com", false)]
    [InlineData("192.0.2.7", "ai.example.org", false)]
    [InlineData("portal", "ai.portal", false)]
    [InlineData("portal.localhost", "ai.localhost", false)]
    public async Task Portal_and_stacks_below_one_registered_domain_are_one_site(string portal, string suffix, bool isOne)
    {
        await using var services = new ServiceCollection().AddPortalSiteCheck(portal, suffix).BuildServiceProvider();

        var result = await services.GetRequiredService<IConnectionCheck>().OneAsync();

        Assert.Equal(isOne ? ConnectionCause.PortalSameSite : ConnectionCause.PortalApart, result.Cause);
        Assert.Equal(isOne ? ConnectionVerdict.Doubtful : ConnectionVerdict.Good, result.Verdict);
    }

    private static IConnectionCheck CheckOf(Uri portal) => new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(new ConnectionOptions())
        .AddPortalAddressCheck(portal).BuildServiceProvider().GetRequiredService<IConnectionCheck>();
}
