using System.Net;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace AiStackDeployer.Tests.Security.OAuth;

public sealed class OAuthTests(OAuthPortal portal) : IClassFixture<OAuthPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_finds_its_way_from_the_address_alone()
    {
        using var http = portal.NewScript();
        using var refused = await http.CallToolAsync(null);
        var metadata = refused.Headers.WwwAuthenticate.Single().Parameter!.Split('"')[1];
        var resource = await http.GetJsonAsync(metadata);
        Assert.Equal(new Uri(portal.Root, "mcp").ToString(), resource.Text("resource"));
        var issuer = resource["authorization_servers"]![0]!.GetValue<string>();
        foreach (var wellKnown in (string[])["oauth-authorization-server", "openid-configuration"])
        {
            var server = await http.GetJsonAsync(issuer + ".well-known/" + wellKnown);
            Assert.Equal(issuer, server.Text("issuer"));
            Assert.Equal(new Uri(portal.Root, "oauth/register").ToString(), server.Text("registration_endpoint"));
            Assert.True(server["client_id_metadata_document_supported"]!.GetValue<bool>());
            Assert.Equal("""["S256"]""", server["code_challenge_methods_supported"]!.ToJsonString());
            Assert.Equal("""["none"]""", server["token_endpoint_auth_methods_supported"]!.ToJsonString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_a_person_allows_calls_tools_until_it_is_revoked(bool isDescribed)
    {
        var client = isDescribed ? new OAuthClient(portal, portal.Site.Describe("/whole.json")) : await OAuthClient.RegisterAsync(portal);
        using var anna = await portal.SignInAsync("Anna-" + isDescribed);
        using var http = portal.NewScript();

        var led = await client.AllowAsync(anna);
        Assert.Equal("st-1", QueryHelpers.ParseQuery(led.Query)["state"].ToString());
        Assert.Equal(portal.Root.ToString(), QueryHelpers.ParseQuery(led.Query)["iss"].ToString());
        using var redeemed = await client.RedeemAsync(OAuthClient.CodeOf(led));
        var tokens = await redeemed.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.OK, (await http.CallToolAsync(tokens.Text("access_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetWithAsync("api/stacks?mine=true", tokens.Text("access_token"))).StatusCode);

        using var refreshed = await client.RefreshAsync(tokens.Text("refresh_token"));
        var newer = await refreshed.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.OK, (await http.CallToolAsync(newer.Text("access_token"))).StatusCode);

        var page = await anna.GetStringAsync("account", Token);
        var action = page[page.IndexOf("account/clients/", StringComparison.Ordinal)..].Split('"')[0];
        await anna.PressAsync("account", action);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.CallToolAsync(newer.Text("access_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(newer.Text("refresh_token"))).StatusCode);
        // What was revoked is asked for again.
        Assert.Contains("/oauth/consent", (await client.LedToAsync(anna)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_signed_in_signs_in_first_and_comes_back()
    {
        var client = new OAuthClient(portal, portal.Site.Describe("/nobody.json"));
        using var browser = portal.NewPerson();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var signIn = await client.LedToAsync(browser);
        Assert.EndsWith("/sign-in", signIn.AbsolutePath, StringComparison.Ordinal);
        Assert.StartsWith("/oauth/authorize?", QueryHelpers.ParseQuery(signIn.Query)["returnUrl"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("/nobody.json", portal.Site.Asked);
    }

    [Fact]
    public async Task A_person_is_asked_once_for_each_client_and_again_when_it_wants_more()
    {
        var client = OAuthClient.New(portal);
        using var bram = await portal.SignInAsync("Bram");
        await client.SignInAsync(bram, "read");
        var silent = await client.LedToAsync(bram);
        using var answer = await client.RedeemAsync(OAuthClient.CodeOf(silent));
        Assert.Equal("read offline_access", (await answer.ReadJsonAsync()).Text("scope"));
        Assert.Contains("/oauth/consent", (await client.LedToAsync(bram, ("scope", "read manage"))).ToString(), StringComparison.Ordinal);
        Assert.Contains("/oauth/consent", (await client.LedToAsync(bram, ("prompt", "consent"))).ToString(), StringComparison.Ordinal);
        using var another = await portal.SignInAsync("Chris");
        Assert.Contains("/oauth/consent", (await client.LedToAsync(another)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_gets_no_more_than_it_asked_for_and_the_person_may()
    {
        var client = OAuthClient.New(portal);
        using var dewi = await portal.SignInAsync("Dewi");
        var led = await client.AllowAsync(dewi, "read deploy manage credentials admin", "allow", ("scope", "read admin"));
        using var answer = await client.RedeemAsync(OAuthClient.CodeOf(led));
        Assert.Equal("read offline_access", (await answer.ReadJsonAsync()).Text("scope"));
    }

    [Theory]
    [InlineData("read deploy", "deny")]
    [InlineData("", "allow")]
    public async Task A_person_who_allows_nothing_sends_the_client_away(string grant, string answer)
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        Assert.Equal("access_denied", OAuthClient.ErrorOf(await client.AllowAsync(anna, grant, answer)));
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("resource", "https://other.test/mcp", "invalid_target")]
    [InlineData("scope", "read everything", "invalid_scope")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    public async Task A_request_that_is_not_safe_is_refused(string name, string? value, string error)
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        Assert.Equal(error, OAuthClient.ErrorOf(new Uri(portal.Root, await client.LedToAsync(anna, (name, value)))));
    }

    [Theory]
    [InlineData("https://evil.test/callback")]
    [InlineData("http://127.0.0.1:52111/other")]
    [InlineData("http://127.0.0.1.evil.test/callback")]
    [InlineData("http://localhost:52111/callback")]
    [InlineData("https://127.0.0.1:52111/callback")]
    public async Task A_code_goes_only_where_the_client_said_before(string redirect)
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        var led = await client.LedToAsync(anna, ("redirect_uri", redirect));
        Assert.Equal("/oauth/consent?error=invalid_request", led.ToString());
        using var page = await anna.GetAsync("oauth/consent?" + client.Address(("redirect_uri", redirect)).Split('?')[1], Token);
        Assert.DoesNotContain("name=\"answer\"", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once_and_what_it_gave_ends_with_its_second_use()
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        using var http = portal.NewScript();
        var code = OAuthClient.CodeOf(await client.AllowAsync(anna));
        using var first = await client.RedeemAsync(code);
        var tokens = await first.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RedeemAsync(code)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.CallToolAsync(tokens.Text("access_token"))).StatusCode);
    }

    [Theory]
    [InlineData("code_verifier", "wrong-verifier-wrong-verifier-wrong-verifier-wrong")]
    [InlineData("redirect_uri", "http://127.0.0.1:52112/callback")]
    [InlineData("client_id", "cli_1_nobody")]
    [InlineData("resource", "https://other.test/mcp")]
    public async Task A_code_is_good_for_the_client_that_asked_alone(string name, string value)
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        using var answer = await client.RedeemAsync(OAuthClient.CodeOf(await client.AllowAsync(anna)), (name, value));
        Assert.False(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_refresh_token_is_good_once_and_its_second_use_ends_all()
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        using var http = portal.NewScript();
        var tokens = await client.SignInAsync(anna);
        using var refreshed = await client.RefreshAsync(tokens.Text("refresh_token"));
        var newer = await refreshed.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(tokens.Text("refresh_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.CallToolAsync(newer.Text("access_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(newer.Text("refresh_token"))).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token_and_scopes_do_not_grow()
    {
        var client = OAuthClient.New(portal);
        using var anna = await portal.SignInAsync("Anna");
        using var http = portal.NewScript();
        var tokens = await client.SignInAsync(anna);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.CallToolAsync(tokens.Text("refresh_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(tokens.Text("refresh_token"), ("scope", "read manage"))).StatusCode);
    }

    [Fact]
    public async Task An_administrator_who_ends_a_person_ends_their_clients()
    {
        var client = OAuthClient.New(portal);
        using var jan = await portal.SignInAsync("Jan");
        using var http = portal.NewScript();
        var tokens = await client.SignInAsync(jan);
        var people = portal.Services.GetRequiredService<IPeople>();
        var ended = await people.EndAllAsync(Person.IdOf(SignInEndpoints.DevelopmentIssuer, "jan"), TimeProvider.System.GetUtcNow(), Token);
        Assert.Equal(2, ended.Count);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.CallToolAsync(tokens.Text("access_token"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(tokens.Text("refresh_token"))).StatusCode);
    }

    [Theory]
    [InlineData("""{"redirect_uris":[]}""")]
    [InlineData("""{"client_name":"x"}""")]
    [InlineData("""{"redirect_uris":["http://evil.test/cb"]}""")]
    [InlineData("""{"redirect_uris":["javascript:alert(1)"]}""")]
    [InlineData("""{"redirect_uris":["data:text/html,x"]}""")]
    [InlineData("""{"redirect_uris":["https://a.test/cb#x"]}""")]
    [InlineData("""{"redirect_uris":["https://user@a.test/cb"]}""")]
    [InlineData("""{"redirect_uris":["/cb"]}""")]
    [InlineData("""{"redirect_uris":[null]}""")]
    [InlineData("[]")]
    [InlineData("x")]
    public async Task A_client_that_could_be_sent_anywhere_is_not_registered(string body)
    {
        using var http = portal.NewScript();
        using var answer = await http.PostAsync("oauth/register", new StringContent(body, null, "application/json"), Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("invalid_", (await answer.ReadJsonAsync()).Text("error"), StringComparison.Ordinal);
    }

    /// <summary>The SDK's own client, which is told nothing but the address.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_SDKs_client_signs_in_by_itself(bool isDescribed)
    {
        using var eva = await portal.SignInAsync("Eva-" + isDescribed);
        using var http = portal.NewScript();
        var redirect = new Uri("http://127.0.0.1:52113/callback");
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(portal.Root, "mcp"), TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false,
                    OAuth = new ClientOAuthOptions
                    {
                        RedirectUri = redirect,
                        ClientMetadataDocumentUri = isDescribed ? new Uri(portal.Site.Describe("/sdk.json")) : null,
                        AuthorizationCallbackHandler = async (asked, _) =>
                        {
                            var query = QueryHelpers.ParseQuery(asked.AuthorizationUri.Query);
                            var oauth = new OAuthClient(portal, query["client_id"].ToString(), redirect.ToString());
                            var led = await oauth.AllowAsync(
                                eva, "read deploy", "allow", [.. query.Select(q => (q.Key, (string?)q.Value.ToString()))]);
                            var answer = QueryHelpers.ParseQuery(led.Query);
                            return new AuthorizationResult { Code = answer["code"], State = answer["state"], Iss = answer["iss"] };
                        },
                    },
                },
                http),
            cancellationToken: Token);
        var result = await client.CallToolAsync("list_deployments", cancellationToken: Token);
        Assert.NotEqual(true, result.IsError);
    }
}

public sealed class RegistrationPaceTests(SignInPortal portal) : IClassFixture<SignInPortal>
{
    [Fact]
    public async Task Registrations_are_refused_when_there_are_too_many()
    {
        using var http = portal.NewScript();
        HttpResponseMessage answer;
        do
        {
            answer = await http.PostAsync(
                "oauth/register", new StringContent("""{"redirect_uris":["http://127.0.0.1/cb"]}""", null, "application/json"), TestContext.Current.CancellationToken);
        }
        while (answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter!.Delta);
    }
}
