using System.Net;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Security;

/// <summary>A link of a page whose session has ended, as Blazor's script follows it.</summary>
public sealed class EnhancedWayInTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new PortalFactory()
        .With("AUTH", "oidc").With("OIDC_AUTHORITY", "http://127.0.0.1:1").With("OIDC_CLIENT_ID", "portal");

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData("text/html; blazor-enhanced-nav=on", HttpStatusCode.NoContent)]
    [InlineData("text/html,application/xhtml+xml", HttpStatusCode.Redirect)]
    public async Task The_browser_goes_to_the_provider_and_its_script_does_not(string accept, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "stacks") { Headers = { { "Accept", accept } } };
        using var answer = await _portal.NewScript().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        // By this Blazor would take it for a page of its own.
        Assert.False(answer.Headers.Contains("blazor-enhanced-nav"));
    }

    /// <summary>Nothing answers at its address.</summary>
    [Fact]
    public async Task While_the_provider_is_away_the_way_in_says_so()
    {
        using var browser = _portal.NewPerson();
        using var answer = await browser.GetAsync("sign-in/start?returnUrl=/stacks", TestContext.Current.CancellationToken);

        Assert.Equal("/sign-in?reason=provider-away", answer.Headers.Location?.OriginalString);
        using var page = await browser.GetAsync(answer.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("The identity provider does not respond", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
