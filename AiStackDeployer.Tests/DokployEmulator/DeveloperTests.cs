using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>The levers over HTTP and the page for a person.</summary>
public sealed class DeveloperTests
{
    [Fact]
    public async Task The_world_is_told_as_json_with_the_number_of_calls()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(env: "OPENCODE_SERVER_PASSWORD=never-shown"));

        var world = (await SendAsync(emulator, HttpMethod.Get, "emulator/world")).Json;

        Assert.Equal("jan", world["projects"]![0]!["name"]!.GetValue<string>());
        Assert.Equal((app.AppName, "done"), (world["applications"]![0]!["appName"]!.GetValue<string>(), world["applications"]![0]!["status"]!.GetValue<string>()));
        Assert.Equal(app.HostName, world["domains"]![0]!["host"]!.GetValue<string>());
        Assert.Equal("Running", world["services"]![0]!["state"]!.GetValue<string>());
        Assert.Equal(1, world["callCounts"]!["application.deploy"]!.GetValue<int>());
        Assert.DoesNotContain("never-shown", world.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_and_outcomes_are_set_and_cleared_over_http()
    {
        await using var emulator = await TestEmulator.StartAsync();

        Assert.Equal(204, (await SendAsync(emulator, HttpMethod.Post, "emulator/faults", """{"call":"project.create","kind":"status","code":500,"times":2}""")).Status);
        Assert.Equal(204, (await SendAsync(emulator, HttpMethod.Post, "emulator/outcomes", """{"appName":"jan","outcome":"CrashLoop"}""")).Status);
        Assert.Equal(new Fault { Call = "project.create", Times = 2, Kind = new FaultKind.Status(500) }, Assert.Single(emulator.World.Faults.All));
        Assert.Equal(ImageOutcome.CrashLoop, emulator.World.Outcomes.All["jan"]);

        Assert.Equal(204, (await SendAsync(emulator, HttpMethod.Delete, "emulator/faults")).Status);
        Assert.Equal(204, (await SendAsync(emulator, HttpMethod.Delete, "emulator/outcomes")).Status);
        Assert.Empty(emulator.World.Faults.All);
        Assert.Empty(emulator.World.Outcomes.All);
    }

    [Theory]
    [InlineData("faults", """{"kind":"explode"}""")]
    [InlineData("faults", """{"kind":"delay","seconds":-1}""")]
    [InlineData("faults", "[")]
    [InlineData("outcomes", """{"outcome":"99"}""")]
    public async Task What_is_not_understood_is_400(string what, string body)
    {
        await using var emulator = await TestEmulator.StartAsync();

        Assert.Equal(400, (await SendAsync(emulator, HttpMethod.Post, "emulator/" + what, body)).Status);
        Assert.Empty(emulator.World.Faults.All);
        Assert.Empty(emulator.World.Outcomes.All);
    }

    [Fact]
    public async Task Every_kind_of_the_page_is_understood()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var page = (await SendAsync(emulator, HttpMethod.Get, "emulator")).Text;
        var kinds = page.Split("<option>").Skip(1).Select(o => o.Split('<')[0]).Where(o => char.IsAsciiLetterLower(o[0])).ToList();

        foreach (var kind in kinds)
        {
            Assert.Equal(204, (await SendAsync(emulator, HttpMethod.Post, "emulator/faults", new JsonObject { ["kind"] = kind }.ToJsonString())).Status);
        }

        Assert.Equal(13, kinds.Count);
        Assert.Equal(13, emulator.World.Faults.All.Select(f => f.Kind).Distinct().Count());
    }

    [Fact]
    public async Task A_form_goes_back_to_the_page_which_shows_names_escaped()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.CreateAppAsync("jan", "registry.test/<script>", "OPENCODE_SERVER_PASSWORD=never-shown");
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new("appName", "*"), new("outcome", "SlowPull")]);

        using var answer = await http.PostAsync(new Uri(emulator.Host.ApiUrl, "emulator/outcomes"), form, TestEmulator.Token);
        var page = await answer.Content.ReadAsStringAsync(TestEmulator.Token);

        Assert.Equal("/emulator", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("<td>SlowPull</td>", page, StringComparison.Ordinal);
        Assert.Contains("jan.ai.test:8080", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("never-shown", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.test", null)]
    [InlineData(null, "https://evil.test")]
    public async Task A_foreign_host_or_origin_is_refused(string? host, string? origin)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var request = emulator.Request(HttpMethod.Post, "emulator/faults", """{"kind":"reset"}""");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        Assert.Equal(403, (await emulator.SendAsync(request)).Status);
        Assert.Empty(emulator.World.Faults.All);
    }

    [Fact]
    public async Task A_restart_over_http_cancels_the_active_job()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(image: "registry.test/slow:1"));
        emulator.Advance(3);

        await SendAsync(emulator, HttpMethod.Post, "emulator/restart", "{}");

        Assert.Equal("idle", await emulator.StatusAsync(app));
    }

    [Fact]
    public void The_command_line_sets_every_option()
    {
        var options = CommandLine.Parse(
        [
            "--host", "0.0.0.0", "--api-port", "1", "--stacks-port", "2", "--api-key", "k", "--state-file", "f", "--pace", "0.5", "--boot-time", "1.5",
            "--node-memory", "1000", "--latency",
        ]);

        Assert.Equal(
            new EmulatorOptions
            {
                Host = IPAddress.Any, ApiPort = 1, StacksPort = 2, ApiKey = "k", StateFile = "f", Pace = 0.5, StackBootTime = TimeSpan.FromSeconds(1.5),
                NodeMemoryBytes = 1000, RecordedLatency = true,
            },
            options);
        Assert.Equal((3100, 3101), (CommandLine.Parse([]).ApiPort, CommandLine.Parse([]).StacksPort));
    }

    [Fact]
    public async Task Everywhere_is_also_reached_by_the_addresses_that_it_tells()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Host = IPAddress.Any });

        Assert.Equal(("127.0.0.1", "127.0.0.1"), (emulator.Host.ApiUrl.Host, emulator.Host.StacksUrl.Host));
        Assert.Equal(200, (await emulator.GetAsync("settings.getDokployVersion")).Status);
        // All of 127.0.0.0/8 is this machine, and the loopback listener of before was at the first address alone.
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new UriBuilder(emulator.Host.StacksUrl) { Host = "127.0.0.2" }.Uri, TestEmulator.Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("--pace")]
    [InlineData("--pace", "fast")]
    [InlineData("--api-port", "70000")]
    [InlineData("--host", "everywhere")]
    [InlineData("--nonsense", "1")]
    public void A_wrong_command_line_names_the_option(params string[] args)
    {
        var problem = Assert.Throws<FormatException>(() => CommandLine.Parse(args));

        Assert.Contains(args[0], problem.Message, StringComparison.Ordinal);
    }

    private static Task<Answered> SendAsync(TestEmulator emulator, HttpMethod method, string path, string? body = null) =>
        emulator.SendAsync(emulator.Request(method, path, body));
}
