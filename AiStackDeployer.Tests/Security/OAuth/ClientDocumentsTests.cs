using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.Web.Security.OAuth;

namespace AiStackDeployer.Tests.Security.OAuth;

public sealed class ClientDocumentsTests(OAuthPortal portal) : IClassFixture<OAuthPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<JsonObject>> Misfits => new()
    {
        { "another client's id", d => d["client_id"] = "https://client.test/other.json" },
        { "no id", d => d.Remove("client_id") },
        { "no addresses", d => d.Remove("redirect_uris") },
        { "an address over http", d => d["redirect_uris"] = new JsonArray("http://client.test/callback") },
        { "more than 5 KB", d => d["x"] = new string('x', 5 * 1024) },
    };

    [Theory]
    [MemberData(nameof(Misfits), DisableDiscoveryEnumeration = true)]
    public async Task A_description_that_does_not_fit_is_refused(string what, Action<JsonObject> change)
    {
        using var anna = await portal.SignInAsync("Anna");
        var client = new OAuthClient(portal, portal.Site.Describe("/" + Uri.EscapeDataString(what).Replace('%', 'x') + ".json", change));
        Assert.Equal("/oauth/consent?error=invalid_client", (await client.LedToAsync(anna)).ToString());
    }

    [Fact]
    public async Task A_description_elsewhere_is_not_followed()
    {
        using var anna = await portal.SignInAsync("Anna");
        portal.Site.Describe("/target.json");
        portal.Site.Pages["/moved.json"] = context =>
        {
            context.Response.Redirect("/target.json");
            return Task.CompletedTask;
        };
        var client = new OAuthClient(portal, portal.Site.AddressOf("/moved.json"));
        Assert.Equal("/oauth/consent?error=invalid_client", (await client.LedToAsync(anna)).ToString());
        Assert.DoesNotContain("/target.json", portal.Site.Asked);
    }

    [Fact]
    public async Task A_description_is_read_once_for_many_requests()
    {
        using var anna = await portal.SignInAsync("Anna");
        var client = new OAuthClient(portal, portal.Site.Describe("/cached.json"));
        await client.LedToAsync(anna);
        await client.LedToAsync(anna);
        Assert.Single(portal.Site.Asked, "/cached.json");
    }

    [Theory]
    [InlineData("http://client.test/a.json")]
    [InlineData("https://client.test")]
    [InlineData("https://client.test/")]
    [InlineData("https://user:pw@client.test/a.json")]
    [InlineData("https://client.test/a.json#x")]
    [InlineData("https://client.test/x/../a.json")]
    [InlineData("https://CLIENT.test/a.json")]
    [InlineData("https://client.test:443/a.json")]
    [InlineData("file:///etc/passwd")]
    public async Task What_is_no_address_of_a_description_is_asked_of_nobody(string clientId)
    {
        using var anna = await portal.SignInAsync("Anna");
        var before = portal.Site.Asked.Count;
        Assert.Equal("/oauth/consent?error=invalid_client", (await new OAuthClient(portal, clientId).LedToAsync(anna)).ToString());
        Assert.Equal(before, portal.Site.Asked.Count);
    }

    [Fact]
    public async Task The_consent_page_names_who_vouches_for_the_client_and_lets_the_form_lead_there_alone()
    {
        using var anna = await portal.SignInAsync("Anna");
        var client = new OAuthClient(portal, portal.Site.Describe("/shown.json", d => d["client_name"] = "Evil\u202e<b>client"));
        var page = await client.LedToAsync(anna);
        using var answer = await anna.GetAsync(page, Token);
        var html = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains("Evil&lt;b&gt;client", html, StringComparison.Ordinal);
        Assert.Contains(">client.test<", html, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http://127.0.0.1:52111;", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}

public sealed class OutsideHttpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("0.0.0.0")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("2002:a00:1::")]
    [InlineData("2001:0:a00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("ff02::1")]
    public async Task No_address_inside_is_connected_to(string address)
    {
        Assert.False(OutsideHttp.IsPublic(IPAddress.Parse(address)));
        using var http = OutsideHttp.NewClient(new OutsideOptions { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Parse(address)]) });
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("https://client.test/a.json", TestContext.Current.CancellationToken));
        Assert.Contains("public internet", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1/a.json")]
    [InlineData("https://[::1]/a.json")]
    [InlineData("https://2130706433/a.json")]
    [InlineData("https://[::ffff:169.254.169.254]/a.json")]
    public async Task No_address_inside_is_connected_to_by_its_number(string url)
    {
        using var http = OutsideHttp.NewClient(new OutsideOptions());
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(url, TestContext.Current.CancellationToken));
        Assert.Contains("public internet", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    public void Addresses_of_the_internet_are_outside(string address) => Assert.True(OutsideHttp.IsPublic(IPAddress.Parse(address)));
}
