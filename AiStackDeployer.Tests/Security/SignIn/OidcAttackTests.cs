using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Security.SignIn;

/// <summary>What must sign nobody in, whatever the provider or a stranger says.</summary>
public sealed class OidcAttackTests(OidcPortal portal) : IClassFixture<OidcPortal>
{
    private static readonly Dictionary<string, Func<TestProvider, JsonObject, string>> Forgeries = new()
    {
        ["wrong issuer"] = (provider, claims) => provider.Sign(With(claims, "iss", "https://login.evil.test/")),
        ["wrong nonce"] = (provider, claims) => provider.Sign(With(claims, "nonce", "638000000000000000.bm9uY2Vfb2ZfYW5vdGhlcl9icm93c2Vy")),
        ["no nonce"] = (provider, claims) => provider.Sign(With(claims, "nonce", null)),
        ["wrong audience"] = (provider, claims) => provider.Sign(With(claims, "aud", "another-client")),
        ["for two, presented by the other"] = (provider, claims) => provider.Sign(With(With(claims, "aud", new JsonArray(TestProvider.ClientId, "another-client")), "azp", "another-client")),
        ["expired beyond skew"] = (provider, claims) => provider.Sign(With(claims, "exp", In(-10))),
        ["without an end"] = (provider, claims) => provider.Sign(With(claims, "exp", null)),
        ["not yet valid beyond skew"] = (provider, claims) => provider.Sign(With(claims, "nbf", In(10))),
        ["no subject"] = (provider, claims) => provider.Sign(With(claims, "sub", null)),
        ["empty subject"] = (provider, claims) => provider.Sign(With(claims, "sub", "")),
        ["subject of somebody else than the user info"] = (provider, claims) => provider.Sign(With(claims, "sub", "somebody-else")),
        ["unsigned"] = (_, claims) => TestProvider.Unsigned(claims),
        ["signed by another key"] = (_, claims) => TestProvider.SignByAnother(claims),
        ["signature of another token"] = (provider, claims) =>
        {
            var signature = provider.Sign(claims).Split('.')[2];
            return $"{string.Join('.', provider.Sign(With(claims, "groups", "stack-admins")).Split('.')[..2])}.{signature}";
        },
        ["signed with the client's secret"] = (_, claims) => TestProvider.SignBySecret(claims),
        ["no token at all"] = (_, _) => "not.a.token",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task An_id_token_that_is_wrong_in_one_thing_signs_nobody_in(string forgery)
    {
        portal.Provider.Account = new Account("forged", "Forged", ["stack-users"]);
        portal.Provider.Forge = Forgeries[forgery];
        using var browser = portal.NewBrowser();
        try
        {
            await AssertRefusedAsync(browser, "sign-in/start", "not-valid");
        }
        finally
        {
            portal.Provider.Forge = null;
        }
        var log = string.Join('\n', portal.Log.Events.Select(CapturedLog.Whole));
        Assert.All(portal.Provider.IdToken.Split('.').Where(part => part.Length > 20), part => Assert.DoesNotContain(part, log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exp", -2)]
    [InlineData("nbf", 2)]
    public async Task Clocks_may_differ_by_some_minutes(string claim, int minutes)
    {
        portal.Provider.Account = new Account("skewed", "Skewed", ["stack-users"]);
        portal.Provider.Forge = (provider, claims) => provider.Sign(With(claims, claim, In(minutes)));
        using var browser = portal.NewBrowser();
        try
        {
            using var page = await browser.GoAsync("sign-in/start");
        }
        finally
        {
            portal.Provider.Forge = null;
        }

        Assert.Equal(HttpStatusCode.OK, await browser.StatusOfApiAsync());
    }

    [Fact]
    public async Task A_callback_is_good_once()
    {
        portal.Provider.Account = new Account("replayed", "Replayed", ["stack-users"]);
        using var browser = portal.NewBrowser();
        var callback = await browser.GoToCallbackAsync();
        using (await browser.GoAsync(callback.AbsoluteUri))
        {
            Assert.Equal(HttpStatusCode.OK, await browser.StatusOfApiAsync());
        }
        using var other = portal.NewBrowser();

        await AssertRefusedAsync(other, callback.AbsoluteUri, "stale");
        var before = browser.SessionCookie;
        using var again = await browser.GoAsync(callback.AbsoluteUri);
        Assert.Contains("reason=stale", browser.Way[^1].Query, StringComparison.Ordinal);
        Assert.Equal(before, browser.SessionCookie);
    }

    [Fact]
    public async Task A_code_of_another_sign_in_is_refused_although_the_state_is_good()
    {
        portal.Provider.Account = new Account("thief", "Thief", ["stack-users"]);
        using var thief = portal.NewBrowser();
        var stolen = Query(await thief.GoToCallbackAsync());
        using var browser = portal.NewBrowser();
        var own = Query(await browser.GoToCallbackAsync());

        await AssertRefusedAsync(browser, $"sign-in/callback?code={stolen["code"]}&state={own["state"]}", "not-valid");
        AssertNotLogged(stolen["code"]!);
    }

    [Fact]
    public async Task The_state_of_another_browser_is_refused()
    {
        portal.Provider.Account = new Account("victim", "Victim", ["stack-users"]);
        using var attacker = portal.NewBrowser();
        var callback = await attacker.GoToCallbackAsync();
        using var victim = portal.NewBrowser();
        await victim.GoToCallbackAsync();

        // The victim would work in the attacker's account, and show it what they enter.
        await AssertRefusedAsync(victim, callback.AbsoluteUri, "stale");
        AssertNotLogged(Query(callback)["code"]!);
    }

    [Theory]
    [InlineData("", "not-valid")]
    [InlineData("?code=abc", "not-valid")]
    [InlineData("?code=abc&state=abc", "not-valid")]
    [InlineData("?error=access_denied", "not-valid")]
    [InlineData("?error=access_denied&state=abc&error_description=%0d%0aAudit%20aud_1", "not-valid")]
    [InlineData("?id_token=a.b.c&state=abc", "not-valid")]
    public async Task A_callback_that_nobody_asked_for_is_refused(string query, string reason)
    {
        using var browser = portal.NewBrowser();

        await AssertRefusedAsync(browser, "sign-in/callback" + query, reason);
    }

    [Fact]
    public async Task Who_cancels_at_the_provider_reads_so()
    {
        portal.Provider.Denies = true;
        using var browser = portal.NewBrowser();
        try
        {
            await AssertRefusedAsync(browser, "sign-in/start", "denied", "was cancelled");
        }
        finally
        {
            portal.Provider.Denies = false;
        }
    }

    [Fact]
    public async Task A_provider_that_goes_away_meanwhile_is_named_as_the_cause()
    {
        using var browser = portal.NewBrowser();
        var callback = await browser.GoToCallbackAsync();
        portal.Provider.IsAway = true;
        try
        {
            await AssertRefusedAsync(browser, callback.AbsoluteUri, "provider-away", "does not respond");
        }
        finally
        {
            portal.Provider.IsAway = false;
        }
    }

    private async Task AssertRefusedAsync(OidcBrowser browser, string address, string reason, string text = "")
    {
        var (before, _) = await portal.SignInsAsync();
        using var page = await browser.GoAsync(address);

        Assert.Equal($"/sign-in?reason={reason}", browser.Way[^1].PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(text, await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Null(browser.SessionCookie);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusOfApiAsync());
        var (after, last) = await portal.SignInsAsync();
        Assert.Equal(before + 1, after);
        Assert.Equal((AuditOutcome.Refused, reason), (last!.Outcome, last.Detail));
        Assert.NotNull(last.Address);
    }

    private void AssertNotLogged(string secret) =>
        Assert.DoesNotContain(portal.Log.Events, e => CapturedLog.Whole(e).Contains(secret, StringComparison.Ordinal));

    private static System.Collections.Specialized.NameValueCollection Query(Uri address) => System.Web.HttpUtility.ParseQueryString(address.Query);

    private static JsonObject With(JsonObject claims, string claim, JsonNode? value)
    {
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }
        return claims;
    }

    private static long In(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds();
}
