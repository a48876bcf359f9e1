using System.Net;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Tests.Security;

/// <summary>With <c>AUTH=none</c>, as the factory has it, each browser is another person.</summary>
public sealed class VisitorTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Cookie = "__Host-" + SecurityServices.SessionCookie;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_page_gives_a_cookie_that_scripts_of_a_page_cannot_read_and_other_sites_cannot_send()
    {
        var cookie = await CookieOfAsync("/");

        Assert.NotNull(cookie);
        var parts = cookie.Split(';', StringSplitOptions.TrimEntries);
        Assert.StartsWith(Cookie + "=", parts[0], StringComparison.Ordinal);
        Assert.Contains("httponly", parts, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", parts, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("path=/", parts, StringComparer.OrdinalIgnoreCase);
        Assert.Contains(parts, p => p.StartsWith("expires=", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("usr_", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/check/some-name")]
    [InlineData("/api/nothing")]
    [InlineData("/api/status/dep_1")]
    [InlineData("/app.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/no-such-file.png")]
    public async Task Assets_probes_and_questions_give_none_even_to_a_browsers_address_bar(string path) =>
        Assert.Null(await CookieOfAsync(path));

    [Fact]
    public async Task A_refused_deploy_gives_none_and_an_accepted_one_does()
    {
        var script = portal.NewScript();
        using var refused = await script.DeployAsync("-");
        using var accepted = await script.DeployAsync("cookie-deploy");

        Assert.False(refused.Headers.Contains("Set-Cookie"));
        Assert.Contains(accepted.Headers.GetValues("Set-Cookie"), c => c.StartsWith(Cookie, StringComparison.Ordinal));
    }

    /// <summary>A page of a stack can set a cookie for the whole domain, but none that a browser takes for one with this prefix.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("https")]
    public async Task Every_cookie_that_stands_for_something_is_this_hosts_alone_and_for_https_alone(string? scheme)
    {
        using var request = Page("/");
        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", scheme);
        }
        using var answer = await portal.NewScript().SendAsync(request, Token);

        var cookies = answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["__Host-aisd_antiforgery", Cookie], cookies.Select(c => c[0].Split('=')[0]).Order());
        Assert.All(cookies, c =>
        {
            Assert.Contains("secure", c);
            Assert.Contains("path=/", c);
            Assert.Contains("httponly", c);
            Assert.DoesNotContain(c, part => part.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Fact]
    public async Task A_persons_cookie_under_the_name_without_the_prefix_is_nobodys()
    {
        using var accepted = await portal.NewScript().DeployAsync("tossed-cookie");
        var cookie = accepted.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        Assert.Equal("name-taken-by-you", await CodeAsync(cookie));
        Assert.Equal("name-taken", await CodeAsync(cookie["__Host-".Length..]));

        async Task<string> CodeAsync(string sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/check/tossed-cookie") { Headers = { { "Cookie", sent } } };
            using var answer = await portal.NewScript().SendAsync(request, Token);
            return (await answer.ReadJsonAsync()).Text("code");
        }
    }

    [Fact]
    public async Task In_development_there_is_no_https_for_cookies_to_need()
    {
        await using var development = new PortalFactory { EnvironmentName = "Development" };
        await development.InitializeAsync();
        using var answer = await development.NewScript().SendAsync(Page("/"), Token);

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, c => c.StartsWith(SecurityServices.SessionCookie + "=", StringComparison.Ordinal));
        Assert.All(cookies, c => Assert.DoesNotContain("secure", c.Split(';', StringSplitOptions.TrimEntries)));
    }

    [Fact]
    public async Task Who_runs_it_without_https_is_told_once_why_nobody_stays_who_they_are()
    {
        await using var plain = new PortalFactory().With("PUBLIC_URL", "https://portal.example.org");
        await plain.InitializeAsync();
        foreach (var (host, scheme, warnings) in new[] { ("localhost", "http", 0), ("portal.example.org", "https", 0), ("portal.example.org", "http", 1), ("10.0.0.7", "http", 1) })
        {
            using var request = Page("/");
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Proto", scheme);
            using var answer = await plain.NewScript().SendAsync(request, Token);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(warnings, plain.Log.Events.Count(e => CapturedLog.Whole(e).Contains("over plain http", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Two_requests_with_one_cookie_are_one_person_and_another_cookie_is_another()
    {
        var person = portal.NewPerson();
        await person.StartAsync("one-person");

        using var mine = await person.DeployAsync("one-person");
        using var others = await portal.NewPerson().DeployAsync("one-person");

        await mine.AssertProblemAsync(409, "name-taken-by-you");
        await others.AssertProblemAsync(409, "name-taken");
    }

    [Fact]
    public async Task A_page_and_a_script_of_the_same_browser_are_one_person()
    {
        var person = portal.NewPerson();
        using var request = Page("/");
        using (var page = await person.SendAsync(request, Token))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        using var accepted = await person.DeployAsync("page-then-api");
        Assert.False(accepted.Headers.Contains("Set-Cookie"));
        Assert.Equal("name-taken-by-you", (await person.GetJsonAsync("api/check/page-then-api")).Text("code"));
    }

    [Theory]
    [InlineData("usr_somebody")]
    [InlineData("CfDJ8ForgedForgedForgedForgedForgedForgedForgedForged")]
    [InlineData("")]
    public async Task A_forged_cookie_is_nobodys_and_a_page_replaces_it(string value)
    {
        using var request = Page("/");
        request.Headers.Add("Cookie", $"{Cookie}={value}");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith(Cookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cookie_changed_in_one_character_no_longer_stands_for_the_person()
    {
        using var accepted = await portal.NewScript().DeployAsync("changed-cookie");
        var cookie = accepted.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var middle = cookie.Length / 2;
        var changed = string.Concat(cookie.AsSpan(0, middle), cookie[middle] == 'A' ? "B" : "A", cookie.AsSpan(middle + 1));

        Assert.Equal("name-taken-by-you", await CodeAsync(cookie));
        Assert.Equal("name-taken", await CodeAsync(changed));

        async Task<string> CodeAsync(string sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/check/changed-cookie") { Headers = { { "Cookie", sent } } };
            using var answer = await portal.NewScript().SendAsync(request, Token);
            return (await answer.ReadJsonAsync()).Text("code");
        }
    }

    private async Task<string?> CookieOfAsync(string path)
    {
        using var request = Page(path);
        using var answer = await portal.NewScript().SendAsync(request, Token);
        return answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.SingleOrDefault(c => c.StartsWith(Cookie, StringComparison.Ordinal))
            : null;
    }

    private static HttpRequestMessage Page(string path) =>
        new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } } };
}
