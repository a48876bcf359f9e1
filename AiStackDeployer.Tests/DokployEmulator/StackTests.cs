using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>What stands behind a stack's own address.</summary>
public sealed class StackTests
{
    private static readonly EmulatorOptions AtOnce = new() { Pace = 0 };

    [Fact]
    public async Task Health_answers_behind_basic_auth_as_recorded()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        var open = await emulator.StackAsync(app.HostName, "/global/health");
        var wrong = await emulator.StackAsync(app.HostName, "/global/health", "no");
        var right = await emulator.StackAsync(app.HostName.ToUpperInvariant() + ":3101", "/global/health", "pw");
        var api = await emulator.StackAsync(app.HostName, "/api/health", "pw");

        Assert.Equal((401, "", "Basic realm=\"Secure Area\""), (open.Status, open.Text, open.Headers.WwwAuthenticate.ToString()));
        Assert.Equal((401, ""), (wrong.Status, wrong.Text));
        Assert.Equal((200, """{"healthy":true,"version":"1.18.33"}""", "application/json"), (right.Status, right.Text, right.ContentHeaders.ContentType!.ToString()));
        Assert.Equal("""{"healthy":true}""", api.Text);
        Assert.Equal(401, (await emulator.StackAsync(app.HostName, "/api/health")).Status);
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/site.webmanifest")).Status);
    }

    [Fact]
    public async Task Head_on_health_is_the_page_and_other_paths_are_a_page_too()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        var head = await emulator.StackAsync(app.HostName, "/global/health", "pw", HttpMethod.Head);
        var page = await emulator.StackAsync(app.HostName, "/anything", "pw");

        Assert.Equal((200, "text/html"), (head.Status, head.ContentHeaders.ContentType!.MediaType));
        Assert.Contains("This is the stack <strong>jan</strong> (emulated)", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_terminal_redirects_to_its_page_unless_there_is_none()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        emulator.World.Outcomes.Set("without", ImageOutcome.NoTerminal);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());
        var without = await emulator.DeployAsync(await emulator.CreateAppAsync("without"));
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(emulator.Host.StacksUrl, "/terminal?auth_token=" + Uri.EscapeDataString(Convert.ToBase64String("opencode:pw"u8))));
        request.Headers.Host = app.HostName;

        using var redirect = await http.SendAsync(request, TestEmulator.Token);

        Assert.Equal((302, "/terminal/"), ((int)redirect.StatusCode, redirect.Headers.Location!.ToString()));
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/terminal/", "pw")).Status);
        Assert.Equal("{\"token\": \"\"}", (await emulator.StackAsync(app.HostName, "/terminal/token", "pw")).Text);
        var page = await emulator.StackAsync(without.HostName, "/terminal/token", "pw");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(200, (await emulator.StackAsync(without.HostName, "/global/health", "pw")).Status);
    }

    [Theory]
    [InlineData("1.18.33", "/global/health", "/api/info", 200, "text/html")]
    [InlineData("2.0.3", "/api/health", "/api/info", 404, "application/json")]
    [InlineData("2.0.4-dev", "/api/status", "/api/info", 404, "application/json")]
    [InlineData("2.0.32", "/api/info", "/api/health", 404, "application/json")]
    public async Task The_images_tag_decides_where_health_is_told(string tag, string path, string elsewhere, int status, string type)
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(image: "registry.test/stack:" + tag));

        var health = await emulator.StackAsync(app.HostName, path, "pw");
        var other = await emulator.StackAsync(app.HostName, elsewhere, "pw");

        Assert.Equal((200, "application/json"), (health.Status, health.ContentHeaders.ContentType!.MediaType));
        Assert.Equal((status, type), (other.Status, other.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(401, (await emulator.StackAsync(app.HostName, path, "wrong")).Status);
    }

    [Fact]
    public async Task An_unknown_host_is_traefiks_404_and_a_known_one_without_container_its_502()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.CreateAppAsync();

        var unknown = await emulator.StackAsync("other.ai.test", "/");
        var known = await emulator.StackAsync(app.HostName, "/");

        Assert.Equal((404, "404 page not found\n"), (unknown.Status, unknown.Text));
        Assert.Equal((502, "Bad Gateway"), (known.Status, known.Text));
    }

    [Theory]
    [InlineData("A=1", 8080, 200)]
    [InlineData("A=1", 3000, 502)]
    [InlineData("STACK_PORT=9000", 9000, 200)]
    [InlineData("STACK_PORT=9000", 8080, 502)]
    public async Task A_domain_must_name_the_port_the_container_listens_on(string env, int port, int status)
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(env: env));
        await emulator.PostAsync("domain.create", new JsonObject { ["host"] = "second.ai.test", ["applicationId"] = app.Id, ["port"] = port });

        Assert.Equal(status, (await emulator.StackAsync("second.ai.test", "/global/health")).Status);
    }

    [Fact]
    public async Task The_last_domain_takes_the_route_with_it()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());
        var domainId = emulator.World.Domains.Single().DomainId;

        await emulator.PostAsync("domain.update", new JsonObject { ["domainId"] = domainId, ["host"] = "moved.ai.test" });
        Assert.Equal((404, 200), ((await emulator.StackAsync(app.HostName, "/", "pw")).Status, (await emulator.StackAsync("moved.ai.test", "/", "pw")).Status));
        await emulator.PostAsync("domain.delete", new JsonObject { ["domainId"] = domainId });

        Assert.Equal(404, (await emulator.StackAsync("moved.ai.test", "/", "pw")).Status);
    }

    [Theory]
    [InlineData(ImageOutcome.NeverHealthy, 503, "text/plain")]
    [InlineData(ImageOutcome.WrongProgram, 200, "text/html")]
    [InlineData(ImageOutcome.WrongPassword, 401, null)]
    [InlineData(ImageOutcome.SlowPull, 200, "application/json")]
    public async Task A_container_can_run_and_yet_be_wrong(ImageOutcome outcome, int status, string? type)
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        emulator.World.Outcomes.Set("*", outcome);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        var answer = await emulator.StackAsync(app.HostName, "/global/health", "pw");

        Assert.Equal((status, type), (answer.Status, answer.ContentHeaders.ContentType?.MediaType));
        Assert.Equal("done", await emulator.StatusAsync(app));
    }

    [Fact]
    public async Task Without_a_password_the_stack_is_open_and_a_user_name_of_ones_own_counts()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var open = await emulator.DeployAsync(await emulator.CreateAppAsync("open", env: ""));
        var named = await emulator.DeployAsync(await emulator.CreateAppAsync("named", env: "OPENCODE_SERVER_USERNAME=me\nOPENCODE_SERVER_PASSWORD=pw"));

        Assert.Equal(200, (await emulator.StackAsync(open.HostName, "/global/health")).Status);
        Assert.Equal(401, (await emulator.StackAsync(named.HostName, "/global/health", "pw")).Status);
        Assert.Equal(200, (await emulator.StackAsync(named.HostName, "/global/health?auth_token=" + Uri.EscapeDataString(Convert.ToBase64String("me:pw"u8)))).Status);
    }

    [Fact]
    public async Task The_longest_name_decides_the_outcome_and_the_images_name_when_none_fits()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        emulator.World.Outcomes.Set("*", ImageOutcome.CrashLoop);
        emulator.World.Outcomes.Set("ja", ImageOutcome.Runs);
        var fits = await emulator.DeployAsync(await emulator.CreateAppAsync("jan", "registry.test/wrong:1"));
        var any = await emulator.DeployAsync(await emulator.CreateAppAsync("piet"));
        emulator.World.Outcomes.Clear();
        var byImage = await emulator.DeployAsync(await emulator.CreateAppAsync("kees", "registry.test/team/is-unhealthy:2"));

        Assert.Equal(200, (await emulator.StackAsync(fits.HostName, "/global/health", "pw")).Status);
        Assert.Equal(502, (await emulator.StackAsync(any.HostName, "/global/health", "pw")).Status);
        Assert.Equal(503, (await emulator.StackAsync(byImage.HostName, "/global/health", "pw")).Status);
    }

    [Fact]
    public async Task A_fault_of_the_stacks_strikes_them_and_not_the_api()
    {
        await using var emulator = await TestEmulator.StartAsync(AtOnce);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());
        emulator.World.Faults.Add(new Fault { Call = "stack", Times = 1, Kind = new FaultKind.Status(504, "late") });

        Assert.Equal(200, (await emulator.GetAsync("project.all")).Status);
        Assert.Equal(504, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
    }
}
