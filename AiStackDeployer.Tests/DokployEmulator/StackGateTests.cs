using System.Net.Http.Headers;
using AiStackDeployer.Contract;
using AiStackDeployer.Core;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>A stack that was told its own address has a gate in front of it, which takes the tickets that the portal makes.</summary>
public sealed class StackGateTests
{
    private const string Url = "http://jan.ai.test";
    private const string Env = $"OPENCODE_SERVER_PASSWORD=pw\nSTACK_URL={Url}\nPORTAL_URL=http://portal.test/tools";

    [Fact]
    public async Task A_ticket_opens_its_stack_once_and_the_cookie_goes_on_for_twelve_hours()
    {
        await using var emulator = await WithGateAsync();
        var ticket = Ticket(emulator);

        var page = await SendAsync(emulator, HttpMethod.Get, "/.stack/enter");
        var first = await EnterAsync(emulator, ticket, "/terminal/");
        var again = await EnterAsync(emulator, ticket);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));

        Assert.Equal(200, page.Status);
        Assert.Equal((303, "/terminal/"), (first.Status, first.Headers.Location!.ToString()));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Equal(403, again.Status);
        Assert.Contains("http://portal.test/tools", again.Text, StringComparison.Ordinal);
        Assert.Contains("This is the stack", (await SendAsync(emulator, HttpMethod.Get, "/", cookie: cookie)).Text, StringComparison.Ordinal);
        Assert.Contains("Terminal of", (await SendAsync(emulator, HttpMethod.Get, "/terminal/", cookie: cookie)).Text, StringComparison.Ordinal);
        emulator.Advance(12 * 3600);
        Assert.Equal(401, (await SendAsync(emulator, HttpMethod.Get, "/", cookie: cookie)).Status);
    }

    [Theory]
    [InlineData("pw", Url, TicketUse.Enter, 0, 303)]
    [InlineData("pw", Url + "/", TicketUse.Enter, 69, 303)]
    [InlineData("pw", Url, TicketUse.Enter, 71, 403)]
    [InlineData("pw", Url, TicketUse.Enter, -600, 403)] // made for a later time
    [InlineData("pw", Url, TicketUse.Portal, 0, 403)]
    [InlineData("pw", "http://piet.ai.test", TicketUse.Enter, 0, 403)]
    [InlineData("other", Url, TicketUse.Enter, 0, 403)]
    public async Task A_ticket_is_for_one_stack_one_use_and_one_minute(string password, string url, string use, double age, int status)
    {
        await using var emulator = await WithGateAsync();
        var ticket = StackTickets.Issue(password, url, use, "usr_1", "tic_1", emulator.Time.GetUtcNow() - TimeSpan.FromSeconds(age));

        Assert.Equal(status, (await EnterAsync(emulator, ticket)).Status);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("https://evil.test", "/")]
    [InlineData("", "/")]
    public async Task It_leads_nowhere_but_into_the_stack(string to, string led)
    {
        await using var emulator = await WithGateAsync();

        Assert.Equal(led, (await EnterAsync(emulator, Ticket(emulator), to)).Headers.Location!.ToString());
    }

    [Fact]
    public async Task Another_page_may_not_post_a_ticket()
    {
        await using var emulator = await WithGateAsync();

        Assert.Equal(403, (await EnterAsync(emulator, Ticket(emulator), origin: "http://evil.test")).Status);
        Assert.Equal(303, (await EnterAsync(emulator, Ticket(emulator), origin: "http://portal.test")).Status);
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_a_page_in_a_browser_and_a_challenge_elsewhere_and_the_password_goes_on_working()
    {
        await using var emulator = await WithGateAsync();

        var browser = await SendAsync(emulator, HttpMethod.Get, "/", accept: "text/html");
        var program = await SendAsync(emulator, HttpMethod.Get, "/global/health");
        var password = await SendAsync(emulator, HttpMethod.Get, "/.stack/password", accept: "text/html");

        Assert.Equal((401, 0), (browser.Status, browser.Headers.WwwAuthenticate.Count));
        Assert.Contains("Open this stack from the portal", browser.Text, StringComparison.Ordinal);
        Assert.Equal((401, "Basic"), (program.Status, program.Headers.WwwAuthenticate.Single().Scheme));
        Assert.Equal((401, "Basic"), (password.Status, password.Headers.WwwAuthenticate.Single().Scheme));
        Assert.Equal(200, (await emulator.StackAsync("jan.ai.test", "/global/health", "pw")).Status);
        Assert.Equal((200, "alive"), ((await emulator.StackAsync("jan.ai.test", "/healthz")).Status, (await emulator.StackAsync("jan.ai.test", "/healthz")).Text));
    }

    [Fact]
    public async Task The_portal_is_told_of_the_last_visit_and_nobody_else_is()
    {
        await using var emulator = await WithGateAsync();
        var before = await ActivityAsync(emulator, Ticket(emulator, TicketUse.Portal));
        emulator.Advance(60);
        await SendAsync(emulator, HttpMethod.Get, "/", cookie: (await EnterAsync(emulator, Ticket(emulator))).Headers.GetValues("Set-Cookie").Single(), accept: "text/html");
        await emulator.StackAsync("jan.ai.test", "/global/health", "pw");

        var after = await ActivityAsync(emulator, Ticket(emulator, TicketUse.Portal));

        Assert.Null(before.Json["last_human_at"]);
        Assert.Equal(emulator.Time.GetUtcNow(), after.Json["last_human_at"]!.GetValue<DateTimeOffset>());
        Assert.Equal("1.18.33", after.Json["opencode"]!["version"]!.GetValue<string>());
        Assert.Equal(401, (await ActivityAsync(emulator, Ticket(emulator))).Status);
        Assert.Equal(401, (await emulator.StackAsync("jan.ai.test", "/.stack/activity", "pw")).Status);
    }

    [Theory]
    [InlineData("registry.test/nogate:1", Env)]
    [InlineData("registry.test/stack:1", "OPENCODE_SERVER_PASSWORD=pw")]
    public async Task An_older_image_has_no_gate_and_asks_for_the_password(string image, string env)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        await emulator.DeployAsync(await emulator.CreateAppAsync(image: image, env: env));

        var activity = await ActivityAsync(emulator, Ticket(emulator, TicketUse.Portal));

        Assert.Equal((401, "Basic"), (activity.Status, activity.Headers.WwwAuthenticate.Single().Scheme));
        Assert.Equal("text/html", (await emulator.StackAsync("jan.ai.test", "/.stack/activity", "pw")).ContentHeaders.ContentType!.MediaType);
        Assert.Single((await SendAsync(emulator, HttpMethod.Get, "/", accept: "text/html")).Headers.WwwAuthenticate);
    }

    private static async Task<TestEmulator> WithGateAsync()
    {
        var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        await emulator.DeployAsync(await emulator.CreateAppAsync(image: "registry.test/stack:1.18.33", env: Env));
        return emulator;
    }

    private static string Ticket(TestEmulator emulator, string use = TicketUse.Enter) =>
        StackTickets.Issue("pw", Url, use, "usr_1", new Ids(emulator.Time).NewTicketId(), emulator.Time.GetUtcNow());

    private static Task<Answered> ActivityAsync(TestEmulator emulator, string ticket) => SendAsync(emulator, HttpMethod.Get, "/.stack/activity", bearer: ticket);

    private static Task<Answered> EnterAsync(TestEmulator emulator, string ticket, string to = "/", string origin = Url) => SendAsync(
        emulator, HttpMethod.Post, "/.stack/enter", origin: origin, form: new FormUrlEncodedContent([new("ticket", ticket), new("to", to)]));

    private static async Task<Answered> SendAsync(
        TestEmulator emulator, HttpMethod method, string path, string? cookie = null, string? accept = null, string? bearer = null, string? origin = null, HttpContent? form = null)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(method, new Uri(emulator.Host.StacksUrl, path)) { Content = form };
        request.Headers.Host = "jan.ai.test";
        foreach (var (name, value) in new[] { ("Cookie", cookie?.Split(';')[0]), ("Accept", accept), ("Origin", origin) }.Where(h => h.Item2 is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }
        using var response = await http.SendAsync(request, TestEmulator.Token);
        return new Answered((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestEmulator.Token), response.Headers, response.Content.Headers);
    }
}
