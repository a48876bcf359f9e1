using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>The overloaded 401.</summary>
public sealed class KeyTests
{
    private const string Short = """{"message":"Unauthorized"}""";

    [Fact]
    public async Task A_wrong_key_gets_the_short_body_with_a_length_even_for_an_unknown_path()
    {
        await using var emulator = await TestEmulator.StartAsync();

        foreach (var path in (string[])["api/project.all", "api/settings.health", "api/does.notexist"])
        {
            var answer = await emulator.SendAsync(emulator.Request(HttpMethod.Get, path, key: "wrong"));
            Assert.Equal((401, Short, 26L), (answer.Status, answer.Text, answer.ContentHeaders.ContentLength!.Value));
        }
    }

    [Fact]
    public async Task A_bearer_token_is_no_key()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(emulator.Host.ApiUrl, "api/project.all"));
        request.Headers.Authorization = new("Bearer", emulator.Host.ApiKey);

        Assert.Equal(401, (await emulator.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_key_with_the_default_limit_dies_after_five_calls_for_a_day()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var key = emulator.World.AddKey();

        Assert.Equal([200, 200, 200, 200, 200, 401, 401], await StatusesAsync(emulator, key, 7));
        emulator.Advance(86_401);
        Assert.Equal([200], await StatusesAsync(emulator, key, 1));
    }

    [Fact]
    public async Task A_limit_met_between_the_two_checks_answers_with_a_code()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var key = emulator.World.AddKey(rateLimitMax: 5);
        await StatusesAsync(emulator, key, 2);

        var third = await AllAsync(emulator, key);
        var fourth = await AllAsync(emulator, key);

        Assert.Equal("""{"message":"UNAUTHORIZED","code":"UNAUTHORIZED","data":{"code":"UNAUTHORIZED","httpStatus":401,"path":"project.all","zodError":null}}""", third.Text);
        Assert.Equal(Short, fourth.Text);
    }

    [Fact]
    public async Task The_window_slides_so_steady_calls_below_the_rate_are_cut_too()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var key = emulator.World.AddKey(rateLimitMax: 6, window: TimeSpan.FromSeconds(4));
        var statuses = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            statuses.AddRange(await StatusesAsync(emulator, key, 1));
            emulator.Advance(2.5);
        }

        Assert.Equal([200, 200, 200, 401, 200, 200, 200, 401], statuses);
    }

    [Fact]
    public async Task A_key_with_checks_left_is_used_up_and_an_expired_or_disabled_one_refused()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var counted = emulator.World.AddKey(rateLimitMax: null, remaining: 3);
        var expired = emulator.World.AddKey(expiresAt: emulator.Time.GetUtcNow());
        var disabled = emulator.World.AddKey();
        emulator.World.DisableKey(disabled);

        Assert.Equal(200, (await AllAsync(emulator, counted)).Status);
        Assert.Contains("\"code\"", (await AllAsync(emulator, counted)).Text, StringComparison.Ordinal);
        Assert.Equal(Short, (await AllAsync(emulator, counted)).Text);
        Assert.Equal(Short, (await AllAsync(emulator, expired)).Text);
        Assert.Equal(Short, (await AllAsync(emulator, disabled)).Text);
    }

    [Fact]
    public async Task A_database_outage_refuses_a_good_key_and_only_the_public_health_tells()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.DatabaseDown() });

        var call = await emulator.GetAsync("project.all");
        var health = await emulator.GetAsync("trpc/settings.health");

        Assert.Equal((401, Short), (call.Status, call.Text));
        Assert.Equal((500, -32603), (health.Status, health.Json["error"]!["json"]!["code"]!.GetValue<int>()));
        Assert.Equal("""{"ok":true}""", (await emulator.GetAsync("health")).Text);
        emulator.World.Faults.Clear();
        var better = await emulator.SendAsync(emulator.Request(HttpMethod.Get, "api/trpc/settings.health", key: ""));
        Assert.Equal("""{"result":{"data":{"json":{"status":"ok"}}}}""", better.Text);
    }

    [Theory]
    [InlineData("project.create", """{"name":"m"}""", 400, "BAD_REQUEST", "Error creating the project: unauthorized to access resource \"project\"")]
    [InlineData("application.deploy", """{"applicationId":"x"}""", 401, "UNAUTHORIZED", "You don't have access to this service")]
    [InlineData("project.remove", """{"projectId":"x"}""", 401, "UNAUTHORIZED", "unauthorized to access resource \"project\"")]
    public async Task A_member_without_permission_gets_401_or_400_with_a_code(string call, string body, int status, string code, string message)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var key = emulator.World.AddKey("member", rateLimitMax: null);

        var answer = await emulator.SendAsync(emulator.Request(HttpMethod.Post, "api/" + call, body, key));

        Assert.Equal((status, code, message), (answer.Status, answer.Json["code"]!.GetValue<string>(), answer.Json["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_member_is_forbidden_an_environment_sees_no_project_and_no_docker()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();
        var key = emulator.World.AddKey("member", rateLimitMax: null);
        async Task<Answered> Get(string call) => await emulator.SendAsync(emulator.Request(HttpMethod.Get, "api/" + call, key: key));

        Assert.Equal(403, (await Get("environment.one?environmentId=" + app.EnvironmentId)).Status);
        Assert.Equal("[]", (await Get("project.all")).Text);
        Assert.Equal(401, (await Get("docker.getServiceContainersByAppName?appName=x")).Status);
        Assert.Equal("member", (await Get("user.get")).Json["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_owner_key_has_no_limit()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { ApiKey = "mine" });

        Assert.All(await StatusesAsync(emulator, "mine", 20), status => Assert.Equal(200, status));
    }

    private static Task<Answered> AllAsync(TestEmulator emulator, string key) =>
        emulator.SendAsync(emulator.Request(HttpMethod.Get, "api/project.all", key: key));

    private static async Task<List<int>> StatusesAsync(TestEmulator emulator, string key, int calls)
    {
        var statuses = new List<int>();
        for (var i = 0; i < calls; i++)
        {
            statuses.Add((await AllAsync(emulator, key)).Status);
        }

        return statuses;
    }
}
