using System.Net;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Tests.Security;

public sealed class PersonCookieTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_page_gives_a_cookie_that_scripts_of_a_page_cannot_read_and_other_sites_cannot_send()
    {
        var cookie = await CookieOfAsync("/");

        Assert.NotNull(cookie);
        var parts = cookie.Split(';', StringSplitOptions.TrimEntries);
        Assert.StartsWith(PersonCookie.CookieName + "=", parts[0], StringComparison.Ordinal);
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
        Assert.Contains(accepted.Headers.GetValues("Set-Cookie"), c => c.StartsWith(PersonCookie.CookieName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_tls_the_cookie_is_for_https_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await portal.NewScript().SendAsync(request, TestContext.Current.CancellationToken);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith(PersonCookie.CookieName, StringComparison.Ordinal));
        Assert.Contains("secure", cookie.Split(';', StringSplitOptions.TrimEntries));
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
        request.Headers.Add("Cookie", $"{PersonCookie.CookieName}={value}");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith(PersonCookie.CookieName, StringComparison.Ordinal));
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
            ? cookies.SingleOrDefault(c => c.StartsWith(PersonCookie.CookieName, StringComparison.Ordinal))
            : null;
    }

    private static HttpRequestMessage Page(string path) =>
        new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } } };
}
