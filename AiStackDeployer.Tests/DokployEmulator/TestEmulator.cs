using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.World;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>An emulator of one test under a clock that stands still, and raw HTTP to it: nothing of the portal's client is used.</summary>
internal sealed class TestEmulator : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private TestEmulator(DokployEmulatorHost host, FakeTimeProvider time) => (Host, Time) = (host, time);

    public DokployEmulatorHost Host { get; }
    public FakeTimeProvider Time { get; }
    public EmulatorWorld World => Host.World;
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestEmulator> StartAsync(EmulatorOptions? options = null, FakeTimeProvider? time = null)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        return new TestEmulator(await DokployEmulatorHost.StartAsync(options ?? new EmulatorOptions(), time, Token), time);
    }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public Task<Answered> GetAsync(string call) => SendAsync(Request(HttpMethod.Get, "api/" + call));

    public Task<Answered> PostAsync(string call, string json) => SendAsync(Request(HttpMethod.Post, "api/" + call, json));

    public Task<Answered> PostAsync(string call, JsonObject json) => PostAsync(call, json.ToJsonString());

    public HttpRequestMessage Request(HttpMethod method, string path, string? json = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Host.ApiUrl, path));
        request.Headers.Add("x-api-key", key ?? Host.ApiKey);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return request;
    }

    public async Task<Answered> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (var response = await _http.SendAsync(request, Token))
        {
            var text = await response.Content.ReadAsStringAsync(Token);
            return new Answered((int)response.StatusCode, text, response.Headers, response.Content.Headers);
        }
    }

    /// <summary>A request to the stacks' listener as it arrives for a host.</summary>
    public Task<Answered> StackAsync(string host, string path, string? password = null, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(Host.StacksUrl, path));
        request.Headers.Host = host;
        if (password is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("opencode:" + password)));
        }

        return SendAsync(request);
    }

    /// <summary>A project with one application that has an image, a password "pw" and the domain {name}.ai.test; nothing deployed.</summary>
    public async Task<App> CreateAppAsync(string name = "jan", string image = "registry.test/stack:1", string env = "OPENCODE_SERVER_PASSWORD='pw'", JsonObject? more = null)
    {
        var project = (await PostAsync("project.create", new JsonObject { ["name"] = name })).Json;
        var environmentId = project["environment"]!["environmentId"]!.GetValue<string>();
        var app = (await PostAsync("application.create", new JsonObject
        {
            ["name"] = name, ["appName"] = name, ["environmentId"] = environmentId, ["sourceType"] = "docker",
        })).Json;
        var id = app["applicationId"]!.GetValue<string>();
        var update = more ?? [];
        update["applicationId"] = id;
        update["dockerImage"] = image;
        update["env"] = env;
        await PostAsync("application.update", update);
        await PostAsync("domain.create", new JsonObject
        {
            ["host"] = name + ".ai.test", ["applicationId"] = id, ["domainType"] = "application", ["port"] = 8080, ["https"] = false,
        });
        return new App(project["project"]!["projectId"]!.GetValue<string>(), environmentId, id, app["appName"]!.GetValue<string>(), name + ".ai.test");
    }

    public async Task<App> DeployAsync(App app, string title = "t")
    {
        var answer = await PostAsync("application.deploy", new JsonObject { ["applicationId"] = app.Id, ["title"] = title });
        Assert.Equal(200, answer.Status);
        return app;
    }

    public async Task<string> StatusAsync(App app) =>
        (await GetAsync("application.one?applicationId=" + app.Id)).Json["applicationStatus"]!.GetValue<string>();

    /// <summary>Swarm's word on the newest task: desired state, state, error.</summary>
    public async Task<string[]> TasksAsync(App app) =>
    [
        .. (await GetAsync("docker.getServiceContainersByAppName?appName=" + app.AppName)).Json.AsArray().Select(t =>
            $"{t!["state"]} {t["currentState"]!.GetValue<string>().Split(' ')[0]} {t["error"]!.GetValue<string>().Replace("Error:", "", StringComparison.Ordinal)}".TrimEnd()),
    ];

    public async Task<string> LogOfLastDeploymentAsync(App app)
    {
        var rows = (await GetAsync("deployment.all?applicationId=" + app.Id)).Json.AsArray();
        return (await GetAsync("deployment.readLogs?deploymentId=" + rows[0]!["deploymentId"])).Json.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
    }
}

internal sealed record App(string ProjectId, string EnvironmentId, string Id, string AppName, string HostName);

internal sealed record Answered(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonNode Json => JsonNode.Parse(Text)!;
}
