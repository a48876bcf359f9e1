using System.Net;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Security;

/// <summary>Requests for a stack's own address that an operator's catch-all route leads to the portal.</summary>
public sealed class StackHostsTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_browser_is_led_to_the_waking_page_under_the_portals_own_name()
    {
        using var answer = await AskAsync("jan.ai.localhost", "/session/1?x=y", "text/html,*/*;q=0.8");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/wake/jan", answer.Headers.Location!.AbsolutePath);
        Assert.Equal("localhost", answer.Headers.Location.Host);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("/api/deployments")]
    [InlineData("/mcp")]
    [InlineData("/_blazor/negotiate")]
    public async Task A_program_gets_503_with_the_time_to_wait_and_nothing_of_the_portal(string path)
    {
        using var answer = await AskAsync("jan.ai.localhost", path, "application/json");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter!.Delta);
        Assert.Contains("/wake/jan", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("ai.localhost")]
    [InlineData("a.b.ai.localhost")]
    [InlineData("JAN_DE.ai.localhost")]
    public async Task No_other_host_is_taken_for_a_stacks(string host)
    {
        using var answer = await AskAsync(host, "/", "text/html");

        Assert.DoesNotContain("/wake/", answer.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAsync(string host, string path, string accept)
    {
        using var client = portal.NewScript();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        request.Headers.Accept.ParseAdd(accept);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
