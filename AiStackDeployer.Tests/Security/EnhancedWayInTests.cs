using System.Net;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Security;

/// <summary>A portal at whose identity provider nothing answers, and which lets each address do little.</summary>
public sealed class AwayProviderPortal : PortalFactory
{
    public AwayProviderPortal() =>
        With("AUTH", "oidc").With("OIDC_AUTHORITY", "http://127.0.0.1:1").With("OIDC_CLIENT_ID", "portal").With("LIMIT_FACTOR", "0.1");
}

/// <summary>The way to the identity provider, of which nothing is there.</summary>
public sealed class EnhancedWayInTests(AwayProviderPortal portal) : IClassFixture<AwayProviderPortal>
{
    /// <summary>A link of a page whose session has ended, as Blazor's script follows it.</summary>
    [Theory]
    [InlineData("192.0.2.1", "text/html; blazor-enhanced-nav=on", HttpStatusCode.NoContent)]
    [InlineData("192.0.2.2", "text/html,application/xhtml+xml", HttpStatusCode.Redirect)]
    public async Task The_browser_goes_to_the_provider_and_its_script_does_not(string from, string accept, HttpStatusCode status)
    {
        using var answer = await GetAsync("stacks", from, accept);

        Assert.Equal(status, answer.StatusCode);
        // By this Blazor would take it for a page of its own.
        Assert.False(answer.Headers.Contains("blazor-enhanced-nav"));
    }

    [Fact]
    public async Task While_the_provider_is_away_the_way_in_says_so()
    {
        using var answer = await GetAsync("sign-in/start?returnUrl=/stacks", "192.0.2.3");
        Assert.Equal("/sign-in?reason=provider-away", answer.Headers.Location?.OriginalString);

        using var page = await GetAsync("sign-in?reason=provider-away", "192.0.2.3");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("The identity provider does not respond", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Each is a line of the audit log, and anybody can send one.</summary>
    [Fact]
    public async Task Answers_that_no_provider_gave_are_limited()
    {
        HttpStatusCode status;
        var taken = 0;
        do
        {
            using var answer = await GetAsync("sign-in/callback?code=a&state=b", "192.0.2.4");
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.Redirect && ++taken < 100);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.InRange(taken, 1, 99);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string from, string accept = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept }, { "X-Forwarded-For", from } } };
        return await portal.NewScript().SendAsync(request, TestContext.Current.CancellationToken);
    }
}
