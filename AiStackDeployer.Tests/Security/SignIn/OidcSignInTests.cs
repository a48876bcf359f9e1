using System.Net;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security.SignIn;

/// <summary>People who sign in at a real provider, as their browsers go through it.</summary>
public sealed class OidcSignInTests(OidcPortal portal) : IClassFixture<OidcPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPeople People => portal.Services.GetRequiredService<IPeople>();

    [Fact]
    public async Task From_a_page_to_the_provider_and_back_to_that_page()
    {
        portal.Provider.Account = new Account("walk", "Wanda Walk", ["stack-users"]);
        using var browser = portal.NewBrowser();
        using var page = await browser.GoAsync("account?from=a%20mail");

        Assert.Equal(
            ["/account", "/sign-in/start", "/authorize", "/sign-in/callback", "/account"], browser.Way.Select(a => a.AbsolutePath));
        Assert.Equal("/account?from=a%20mail", browser.Way[^1].PathAndQuery);
        Assert.Contains("Wanda Walk", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var question = System.Web.HttpUtility.ParseQueryString(browser.Way[2].Query);
        Assert.Equal("http://localhost/sign-in/callback", question["redirect_uri"]);
        Assert.Equal(("code", "S256"), (question["response_type"], question["code_challenge_method"]));
        // Nothing that opens anything is in an address of the portal's but the code, which is good once.
        Assert.Equal(["code", "state", "iss"], System.Web.HttpUtility.ParseQueryString(browser.Way[3].Query).AllKeys);
    }

    [Fact]
    public async Task The_cookie_is_this_hosts_alone_and_tells_nothing()
    {
        portal.Provider.Account = new Account("cookie", "Carla Cookie", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();

        var cookies = browser.SetCookies.Select(c => c.Split(';', StringSplitOptions.TrimEntries)).ToList();
        Assert.Contains(cookies, c => c[0].StartsWith("__Host-aisd_nonce.", StringComparison.Ordinal));
        Assert.Contains(cookies, c => c[0].StartsWith("__Host-aisd_correlation.", StringComparison.Ordinal));
        Assert.All(cookies, c =>
        {
            Assert.StartsWith("__Host-", c[0], StringComparison.Ordinal);
            Assert.Contains("secure", c);
            Assert.Contains("httponly", c);
            Assert.Contains("path=/", c);
            Assert.DoesNotContain(c, part => part.StartsWith("domain", StringComparison.Ordinal));
        });
        var session = Assert.Single(await SessionsOfAsync("cookie"));
        Assert.All([session.Id, session.KeyHash, session.PersonId, "Carla"], secret => Assert.DoesNotContain(secret, browser.SessionCookie, StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", session.Address);
    }

    [Theory]
    [InlineData("a-user", "stack-users", false, Role.User)]
    [InlineData("an-operator", "stack-users other stack-operators", false, Role.Operator)]
    [InlineData("an-admin", "stack-operators stack-admins", false, Role.Admin)]
    [InlineData("one-told-later", "stack-admins", true, Role.Admin)]
    [InlineData("several-told-later", "stack-users stack-operators", true, Role.Operator)]
    public async Task Name_and_role_are_what_the_provider_says(string subject, string groups, bool inUserInfo, Role role)
    {
        portal.Provider.Account = new Account(subject, $"Name of {subject}", groups.Split(' '), inUserInfo);
        using var browser = portal.NewBrowser();
        using var page = await browser.GoAsync("account");

        var person = (await People.FindAsync(portal.IdOf(subject), Token))!;
        Assert.Equal((portal.Provider.Issuer, subject, $"Name of {subject}", role), (person.Issuer, person.Subject, person.Name, person.Role));
        Assert.Equal(groups.Split(' '), person.Groups.Split('\n'));
        Assert.Equal(role, Assert.Single(await SessionsOfAsync(subject)).Role);
        var (_, line) = await portal.SignInsAsync();
        Assert.Equal((person.Id, person.Name, AuditOutcome.Done, role.ToString().ToLowerInvariant()), (line!.ActorId, line.ActorName, line.Outcome, line.Detail));
        using var admins = await browser.Client.GetAsync("api/people", Token);
        Assert.Equal(role == Role.Admin ? HttpStatusCode.OK : HttpStatusCode.Forbidden, admins.StatusCode);
    }

    [Fact]
    public async Task Another_sign_in_tells_the_name_and_the_role_anew()
    {
        portal.Provider.Account = new Account("changed", "Before", ["stack-admins"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        portal.Provider.Account = new Account("changed", "After", ["stack-users"]);
        using var page = await browser.GoAsync("sign-in/start");

        var person = (await People.FindAsync(portal.IdOf("changed"), Token))!;
        Assert.Equal(("After", Role.User), (person.Name, person.Role));
        using var admins = await browser.Client.GetAsync("api/people", Token);
        Assert.Equal(HttpStatusCode.Forbidden, admins.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u202e\u0007")]
    public async Task Who_has_no_name_is_shown_by_their_subject(string? name)
    {
        portal.Provider.Account = new Account("nameless", name, ["stack-users"]);
        using var browser = portal.NewBrowser();
        using var page = await browser.GoAsync("account");

        Assert.Equal("nameless", (await People.FindAsync(portal.IdOf("nameless"), Token))!.Name);
    }

    [Fact]
    public async Task Who_is_in_none_of_the_groups_reads_so_and_is_nobody()
    {
        portal.Provider.Account = new Account("outsider", "Otto Outside", ["staff", "stack-users-old"]);
        using var browser = portal.NewBrowser();
        using var page = await browser.GoAsync("account");

        Assert.Equal("/sign-in?reason=no-group", browser.Way[^1].PathAndQuery);
        Assert.Contains("in no group that may use this portal", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Null(browser.SessionCookie);
        Assert.Null(await People.FindAsync(portal.IdOf("outsider"), Token));
        var (_, line) = await portal.SignInsAsync();
        Assert.Equal((portal.IdOf("outsider"), "Otto Outside", AuditOutcome.Refused, "no-group"), (line!.ActorId, line.ActorName, line.Outcome, line.Detail));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself()
    {
        portal.Provider.Account = new Account("leaver", "Lea", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        var cookie = browser.SessionCookie!;
        using var held = portal.Emulator.World.Faults.Hold("project.create");
        var started = await browser.Client.StartAsync("leavers-lab");
        await using var stream = await EventReader.OpenAsync(browser.Client, started.Text("deploymentId"));
        await stream.NextAsync();

        using (var answer = await browser.Client.PressAsync("account", "sign-out"))
        {
            Assert.Equal("/signed-out", answer.Headers.Location?.OriginalString);
        }

        // What it shows goes on; it is cut off.
        await Assert.ThrowsAnyAsync<IOException>(stream.RestAsync);
        Assert.Null(browser.SessionCookie);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(cookie));
        Assert.Empty(await SessionsOfAsync("leaver"));
    }

    [Theory]
    [InlineData("GET", "sign-out")]
    [InlineData("POST", "sign-out")]
    [InlineData("GET", "signout-oidc")]
    [InlineData("POST", "signout-oidc")]
    [InlineData("GET", "signout-callback-oidc")]
    [InlineData("GET", "sign-in/signed-out-callback")]
    public async Task Nothing_but_the_form_signs_out(string method, string path)
    {
        portal.Provider.Account = new Account("stayer", "Stef", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Headers.Add("Origin", "http://localhost");
            request.Content = SignInPortal.Form();
        }
        using (var answer = await browser.Client.SendAsync(request, Token))
        {
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }

        Assert.Equal(HttpStatusCode.OK, await browser.StatusOfApiAsync());
    }

    [Fact]
    public async Task Each_sign_in_is_a_session_of_its_own_and_ends_the_one_before()
    {
        portal.Provider.Account = new Account("first", "First", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        var before = browser.SessionCookie!;
        // As when somebody plants the cookie of their own session in a victim's browser.
        portal.Provider.Account = new Account("second", "Second", ["stack-users"]);
        using var page = await browser.GoAsync("sign-in/start?returnUrl=/account");

        Assert.Contains("Second", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(await SessionsOfAsync("first"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(before));
        Assert.Single(await SessionsOfAsync("second"));
    }

    [Fact]
    public async Task A_session_that_was_refused_another_sign_in_goes_on()
    {
        portal.Provider.Account = new Account("keeper", "Kea", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        using var refused = await browser.GoAsync("sign-in/callback?code=a&state=b");

        Assert.Equal("/sign-in?reason=not-valid", browser.Way[^1].PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusOfApiAsync());
    }

    [Fact]
    public async Task While_the_database_is_away_the_sign_in_says_so_and_nobody_is_signed_in()
    {
        portal.Provider.Account = new Account("unlucky", "Una", ["stack-users"]);
        using var browser = portal.NewBrowser();
        portal.Database.Trouble = new StorageUnavailableException("The portal's database is locked by another process.", new IOException());
        try
        {
            using var page = await browser.GoAsync("sign-in/start");

            Assert.Equal("/sign-in?reason=storage-away", browser.Way[^1].PathAndQuery);
            Assert.Contains("database", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        finally
        {
            portal.Database.Trouble = null;
        }
        Assert.Null(browser.SessionCookie);
        var (_, line) = await portal.SignInsAsync();
        Assert.Equal((portal.IdOf("unlucky"), AuditOutcome.Failed, "storage-away"), (line!.ActorId, line.Outcome, line.Detail));
    }

    [Fact]
    public async Task While_the_database_is_away_a_session_not_seen_lately_gets_an_answer_that_says_so()
    {
        portal.Provider.Account = new Account("patient", "Pat", ["stack-users"]);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync();
        // As after a restart of the portal: the session lives, and this process does not know it.
        portal.Services.GetRequiredService<LiveSessions>().End(Assert.Single(await SessionsOfAsync("patient")).Id);
        portal.Database.Trouble = new StorageUnavailableException("The portal's database is locked by another process.", new IOException());
        try
        {
            using var page = await browser.GoAsync("account");
            using var api = await browser.Client.GetAsync("api/check/a-name", Token);

            Assert.NotEmpty(await page.Content.ReadAsStringAsync(Token));
            await api.AssertProblemAsync(503, "storage-unavailable");
        }
        finally
        {
            portal.Database.Trouble = null;
        }
        Assert.Equal(HttpStatusCode.OK, await browser.StatusOfApiAsync());
    }

    private async Task<IReadOnlyList<Session>> SessionsOfAsync(string subject) =>
        await People.ListSessionsAsync(portal.IdOf(subject), TimeProvider.System.GetUtcNow(), Token);

    private async Task<HttpStatusCode> StatusWithAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/check/a-name") { Headers = { { "Cookie", $"{OidcBrowser.Session}={cookie}" } } };
        using var answer = await portal.NewScript().SendAsync(request, Token);
        return answer.StatusCode;
    }
}
