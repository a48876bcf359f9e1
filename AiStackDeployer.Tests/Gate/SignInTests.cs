using System.Net;
using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.SignIn;
using Microsoft.AspNetCore.Http;
using static AiStackDeployer.Tests.Gate.GateWorld;

namespace AiStackDeployer.Tests.Gate;

public sealed class SignInTests
{
    private static readonly (string, string) Navigates = ("Sec-Fetch-Mode", "navigate");

    [Fact]
    public async Task A_ticket_becomes_a_cookie_that_opens_the_stack()
    {
        await using var world = await StartAsync();
        var ticket = world.Ticket();
        world.Time.Advance(StackTickets.Lifetime / 2);
        using var entered = await world.EnterAsync(ticket, "/terminal/?a=1");
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.Equal("/terminal/?a=1", entered.Headers.Location?.OriginalString);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-stack=", cookie, StringComparison.Ordinal);
        Assert.All(["httponly", "secure", "samesite=lax", "path=/", "max-age=43200"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));

        using var page = await world.SendAsync(Ask("/", cookie: cookie.Split(';')[0]));
        Assert.Contains("OpenCode", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_opens_once()
    {
        await using var world = await StartAsync();
        var ticket = world.Ticket();
        using var first = await world.EnterAsync(ticket);
        using var second = await world.EnterAsync(ticket);
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.Forbidden), (first.StatusCode, second.StatusCode));
        Assert.Null(CookieOf(second));
    }

    [Fact]
    public async Task Expired_foreign_forged_and_other_tickets_are_refused()
    {
        await using var world = await StartAsync();
        var expired = world.Ticket();
        world.Time.Advance(StackTickets.Lifetime + StackTickets.ClockSkew);
        string[] bad =
        [
            expired,
            world.Ticket(stack: "https://jan-lab.example.test"),
            world.Ticket(password: "the password of another stack"),
            world.Ticket(use: TicketUse.Portal),
            world.Ticket()[..^6] + "AAAAAA",
            "",
            "garbage",
            new string('x', 10_000),
        ];
        foreach (var ticket in bad)
        {
            using var response = await world.EnterAsync(ticket);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Null(CookieOf(response));
        }
    }

    [Fact]
    public async Task A_ticket_from_before_the_start_is_refused_because_it_may_have_been_used_then()
    {
        await using var world = await StartAsync();
        var before = StackTickets.Issue(Password, Stack, TicketUse.Enter, "usr_piet", "early", world.Time.GetUtcNow() - TimeSpan.FromSeconds(2));
        using var response = await world.EnterAsync(before);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_form_with_a_ticket_comes_from_the_stack_or_the_portal()
    {
        await using var world = await StartAsync();
        foreach (var (origin, expected) in new[]
        {
            (Portal, HttpStatusCode.SeeOther), (Stack, HttpStatusCode.SeeOther), ("https://jan-lab.example.test", HttpStatusCode.Forbidden),
            ("null", HttpStatusCode.Forbidden), ("", HttpStatusCode.Forbidden),
        })
        {
            using var response = await world.EnterAsync(world.Ticket(), origin: origin);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/session/abc?x=1", "/session/abc?x=1")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("https://evil.test", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void A_ticket_leads_only_into_its_own_stack(string? to, string expected) => Assert.Equal(expected, SignInEndpoints.LocalPath(to));

    [Fact]
    public async Task A_session_lasts_12_hours_from_the_last_thing_a_person_did()
    {
        await using var world = await StartAsync();
        var cookie = await world.SignInAsync();
        world.Time.Advance(TimeSpan.FromHours(11));
        using var poll = await world.SendAsync(Ask("/session", cookie: cookie));
        Assert.Null(CookieOf(poll));
        using var visit = await world.SendAsync(Ask("/", cookie: cookie, headers: Navigates));
        var renewed = CookieOf(visit);
        world.Time.Advance(TimeSpan.FromHours(1));
        using var old = await world.SendAsync(Ask("/session", cookie: cookie));
        using var @new = await world.SendAsync(Ask("/session", cookie: renewed));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (old.StatusCode, @new.StatusCode));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_its_open_streams()
    {
        await using var world = await StartAsync();
        world.OpenCode.Answer = async context =>
        {
            await context.Response.WriteAsync("data: {}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        var cookie = await world.SignInAsync();
        using var stream = await world.SendAsync(Ask("/event", cookie: cookie));
        using var left = await world.SendAsync(Ask("/.stack/leave", HttpMethod.Post, cookie, headers: ("Origin", Stack)));
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var after = await world.SendAsync(Ask("/session", cookie: cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_session()
    {
        await using var before = await StartAsync();
        var cookie = await before.SignInAsync();
        await using var after = await StartAsync(options => options with { Password = "another password" });
        using var response = await after.SendAsync(Ask("/", cookie: cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Programs_are_asked_for_the_password_and_browsers_are_sent_to_the_portal()
    {
        await using var world = await StartAsync();
        using var program = await world.SendAsync(Ask("/session"));
        Assert.Equal("Basic", program.Headers.WwwAuthenticate.Single().Scheme);
        using var page = await world.SendAsync(Ask("/", headers: [Navigates, ("Accept-Language", "fr, nl-NL;q=0.9, en;q=0.8")]));
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        Assert.Empty(page.Headers.WwwAuthenticate);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(["lang=\"nl\"", "Open piet-lab vanuit het portaal", $"href=\"{Portal}/\"", "/.stack/password"], part => Assert.Contains(part, html, StringComparison.Ordinal));
        using var script = await world.SendAsync(Ask("/session", headers: ("Sec-Fetch-Mode", "cors")));
        Assert.Empty(script.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task The_password_opens_in_the_header_in_the_query_and_on_its_own_page()
    {
        await using var world = await StartAsync();
        using var header = await world.SendAsync(Ask("/", basic: true));
        using var query = await world.SendAsync(Ask($"/?auth_token={Encoded()}"));
        using var wrong = await world.SendAsync(Ask($"/?auth_token={Encoded("guess")}"));
        using var asked = await world.SendAsync(Ask("/.stack/password", headers: Navigates));
        using var given = await world.SendAsync(Ask("/.stack/password", basic: true, headers: Navigates));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.SeeOther],
            new[] { header, query, wrong, asked, given }.Select(response => response.StatusCode));
        Assert.Single(asked.Headers.WwwAuthenticate);
        using var page = await world.SendAsync(Ask("/", cookie: CookieOf(given)));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Whoever_guesses_passwords_has_to_wait_and_nobody_else_does()
    {
        await using var world = await StartAsync();
        var guess = Enumerable.Range(0, PasswordCheck.MostGuesses);
        foreach (var number in guess)
        {
            using var wrong = await world.SendAsync(Ask($"/?auth_token={Encoded($"guess {number}")}"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var locked = await world.SendAsync(Ask("/", basic: true));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.NotNull(locked.Headers.RetryAfter);
        using var other = await world.SendAsync(Ask("/", basic: true, headers: ("X-Forwarded-For", "192.0.2.7")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        world.Time.Advance(PasswordCheck.Window);
        using var later = await world.SendAsync(Ask("/", basic: true));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Only_the_portals_ticket_asks_for_activity()
    {
        await using var world = await StartAsync();
        foreach (var (authorization, expected) in new[]
        {
            ($"Bearer {world.Ticket(TicketUse.Portal)}", HttpStatusCode.OK), ($"Bearer {world.Ticket()}", HttpStatusCode.Unauthorized),
            ($"Basic {Encoded()}", HttpStatusCode.Unauthorized), ("", HttpStatusCode.Unauthorized),
        })
        {
            using var response = await world.SendAsync(Ask("/.stack/activity", headers: ("Authorization", authorization)));
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_portal_learns_when_the_gate_started_however_late_it_asks()
    {
        await using var world = await StartAsync();
        var started = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromSeconds(5));

        using var response = await world.SendAsync(Ask("/.stack/activity", headers: ("Authorization", $"Bearer {world.Ticket(TicketUse.Portal)}")));
        using var report = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(started, report.RootElement.GetProperty("started_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Health_is_open_and_says_nothing_else()
    {
        await using var world = await BeginAsync(openCode: _ => Task.CompletedTask);
        using var response = await world.SendAsync(Ask("/healthz"));
        Assert.Equal("alive", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Over_plain_http_the_cookie_has_no_prefix()
    {
        await using var world = await StartAsync(options => options with { StackUrl = new Uri("http://piet.localhost:8000") });
        using var entered = await world.EnterAsync(world.Ticket(stack: "http://piet.localhost:8000"), origin: "http://piet.localhost:8000");
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("stack=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }
}
