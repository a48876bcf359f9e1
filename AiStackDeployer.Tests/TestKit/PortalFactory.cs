using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// The whole portal on a free port of 127.0.0.1, as its program starts it, against an emulated Dokploy that takes no time. Its
/// database and keys lie in a folder of their own. As a class fixture it is shared by the tests of one class.
/// </summary>
public class PortalFactory : WebApplicationFactory<PortalSettings>, IAsyncLifetime
{
    public const string Image = "registry.test/opencode-stack:1.18";

    private readonly Dictionary<string, string> _settings = [];
    private readonly List<Action<IServiceCollection>> _services = [];

    public DokployEmulatorHost Emulator { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-api-").FullName;

    public string EnvironmentName { get; init; } = "Production";

    /// <summary>Every line of the log, as the program's own filters let it through.</summary>
    internal CapturedLog Log { get; } = new();

    /// <summary>The address the portal listens at, with a trailing slash.</summary>
    public Uri Root => ClientOptions.BaseAddress;

    /// <summary>Before the start: one more setting, or another value for one.</summary>
    public PortalFactory With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    /// <summary>Before the start: another service in the place of the program's own.</summary>
    public PortalFactory With(Action<IServiceCollection> services)
    {
        _services.Add(services);
        return this;
    }

    public virtual async ValueTask InitializeAsync()
    {
        Emulator = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, CancellationToken.None);
        UseKestrel(0);
        StartServer();
    }

    /// <summary>The engine starts in the background, after the web server.</summary>
    public Task ReadyAsync() => Log.SeenAsync("Ready: the engine has started", TestContext.Current.CancellationToken);

    /// <summary>
    /// A gate for what this test begins. What the tests before it left under way ends first: it would arrive at the gate too.
    /// </summary>
    public async Task<CallGate> HoldAsync(string call)
    {
        using var script = NewScript();
        await script.QuietAsync();
        await NobodyWatchesAsync(TestContext.Current.CancellationToken);
        return Emulator.World.Faults.Hold(call);
    }

    /// <summary>The server hears of a closed connection a moment later; it must hear of it, or this never ends.</summary>
    public async Task NobodyWatchesAsync(CancellationToken token)
    {
        var signals = Services.GetRequiredService<DeploymentSignals>();
        while (signals.WatcherCount > 0)
        {
            token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A browser or a script that keeps its cookies: each one is another person.</summary>
    public HttpClient NewPerson(string? language = null) => NewClient(keepsCookies: true, language);

    /// <summary>A script that keeps no cookies.</summary>
    public HttpClient NewScript() => NewClient(keepsCookies: false, null);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Emulator.DisposeAsync();
        IdleConnections.CloseIn(Folder);
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        var settings = new Dictionary<string, string>
        {
            ["DOKPLOY_URL"] = Emulator.ApiUrl.ToString(),
            ["DOKPLOY_API_TOKEN"] = Emulator.ApiKey,
            ["STACK_IMAGE"] = Image,
            ["PUBLIC_URL"] = "http://localhost",
            ["STACK_DOMAIN_SUFFIX"] = "ai.localhost",
            ["STACK_SCHEME"] = "http",
            ["STACK_PUBLIC_PORT"] = Text(Emulator.StacksUrl.Port),
            ["TRAEFIK_IP"] = $"127.0.0.1:{Text(Emulator.StacksUrl.Port)}",
            // Each client is a person of its own, without more; what signing in does has tests of its own.
            ["AUTH"] = "none",
            ["HOST"] = "127.0.0.1",
            ["PORT"] = "0",
            ["METRICS_PORT"] = "none",
            ["DATA_DIR"] = Folder,
            // All tests of a class are one address, and often one person.
            ["LIMIT_FACTOR"] = "none",
            ["STACKS_PER_PERSON"] = "none",
        };
        foreach (var (key, value) in _settings)
        {
            settings[key] = value;
        }
        builder.UseEnvironment(EnvironmentName);
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<ILogEventSink>(Log);
            // On a busy machine a check may take any time; what its limit does has tests of its own.
            services.AddSingleton(new ConnectionOptions { Timeout = TimeSpan.FromMinutes(10) });
            services.AddSingleton(new NamingOptions { FreshAtMost = TimeSpan.Zero, UpstreamTimeout = TimeSpan.FromMinutes(1) });
            foreach (var change in _services)
            {
                change(services);
            }
        });
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private HttpClient NewClient(bool keepsCookies, string? language)
    {
        var client = new HttpClient(keepsCookies ? new BrowserCookies() : new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Root };
        if (language is not null)
        {
            client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        }
        return client;
    }
}

/// <summary>What the portal logged, rendered, and each line's properties.</summary>
internal sealed class CapturedLog : ILogEventSink
{
    private readonly ConcurrentQueue<LogEvent> _events = new();
    private TaskCompletionSource _news = NewNews();

    public IReadOnlyList<LogEvent> Events => [.. _events];

    public void Emit(LogEvent logEvent)
    {
        _events.Enqueue(logEvent);
        Interlocked.Exchange(ref _news, NewNews()).SetResult();
    }

    /// <summary>Until a line with this in it is there.</summary>
    public async Task SeenAsync(string part, CancellationToken cancellationToken)
    {
        while (true)
        {
            var news = Volatile.Read(ref _news);
            if (_events.Any(e => Whole(e).Contains(part, StringComparison.Ordinal)))
            {
                return;
            }
            await news.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Everything any formatter could write about an event.</summary>
    public static string Whole(LogEvent line) =>
        $"{line.RenderMessage(System.Globalization.CultureInfo.InvariantCulture)} {line.Exception} {string.Join(' ', line.Properties)}";

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The REST calls as a script makes them.</summary>
internal static class PortalCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> DeployAsync(this HttpClient client, object? name, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/deploy") { Content = JsonContent.Create(new { name }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        return await client.SendAsync(request, Token);
    }

    /// <summary>Starts a deployment that must be accepted.</summary>
    public static async Task<JsonNode> StartAsync(this HttpClient client, string name, string? key = null)
    {
        using var answer = await client.DeployAsync(name, key);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        return await answer.ReadJsonAsync();
    }

    /// <summary>Until nothing is under way any more.</summary>
    public static async Task QuietAsync(this HttpClient client)
    {
        while ((await client.GetJsonAsync("api/deployments?active=true&take=100"))["items"]!.AsArray() is { Count: > 0 } active)
        {
            foreach (var deployment in active)
            {
                await using var events = await EventReader.OpenAsync(client, deployment!.Text("deploymentId"));
                await events.RestAsync();
            }
        }
    }

    public static async Task<JsonNode> ReadJsonAsync(this HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;

    public static async Task<JsonNode> GetJsonAsync(this HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(path, Token))!;

    public static async Task<JsonNode> StatusAsync(this HttpClient client, string deploymentId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/status/{deploymentId}");
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        return await answer.ReadJsonAsync();
    }

    public static string Text(this JsonNode node, string member) => node[member]!.GetValue<string>();

    /// <summary>A problem as RFC 9457 wants it, with our code.</summary>
    public static async Task<JsonNode> AssertProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal($"urn:ai-stack-deployer:problem:{code}", problem.Text("type"));
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem.Text("title"));
        Assert.NotEmpty(problem.Text("detail"));
        Assert.NotEmpty(problem.Text("traceId"));
        Assert.DoesNotContain(" at AiStackDeployer", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.Null(problem["exception"]);
        return problem;
    }
}
