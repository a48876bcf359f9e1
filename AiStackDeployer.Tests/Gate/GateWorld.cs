using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiStackDeployer.Contract;
using AiStackDeployer.StackGate;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Supervision;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Gate;

/// <summary>A gate between a client and two programs of the test.</summary>
internal sealed class GateWorld : IAsyncDisposable
{
    public const string Password = "the-stack-password-of-the-tests";
    public const string Stack = "https://piet-lab.example.test";
    public const string Portal = "https://portal.example.test";

    private readonly WebApplication _gate;
    private int _ticket;

    private GateWorld(WebApplication gate, FakeServer openCode, FakeServer terminal, FakePrograms programs, WatchedTime time)
    {
        (_gate, OpenCode, Terminal, Programs, Time) = (gate, openCode, terminal, programs, time);
    }

    public FakeServer OpenCode { get; }

    public FakeServer Terminal { get; }

    public FakePrograms Programs { get; }

    public WatchedTime Time { get; }

    public OpenCodeEndpoint Endpoint => _gate.Services.GetRequiredService<OpenCodeEndpoint>();

    public ActivityNotes Activity => _gate.Services.GetRequiredService<ActivityNotes>();

    public int ExitCode => _gate.Services.GetRequiredService<GateEnd>().ExitCode;

    public Uri Address { get; private set; } = null!;

    /// <summary>Without redirects and cookies of its own.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>A gate whose OpenCode answers.</summary>
    public static async Task<GateWorld> StartAsync(Func<GateOptions, GateOptions>? change = null)
    {
        var world = await BeginAsync(change);
        await world.Endpoint.WaitUntilUpAsync(TestContext.Current.CancellationToken);
        return world;
    }

    /// <summary>A gate whose OpenCode answers as the test says.</summary>
    public static async Task<GateWorld> BeginAsync(Func<GateOptions, GateOptions>? change = null, Microsoft.AspNetCore.Http.RequestDelegate? openCode = null)
    {
        var (behind, terminal) = (await FakeServer.StartAsync(), await FakeServer.StartAsync());
        behind.Answer = openCode ?? FakeServer.VersionOne;
        var options = new GateOptions
        {
            Password = Password,
            StackName = "piet-lab",
            StackUrl = new Uri(Stack),
            PortalUrl = new Uri(Portal),
            OpenCodeUrl = behind.Address,
            TerminalUrl = terminal.Address,
            TerminalCommand = "ttyd",
            ListenAt = IPAddress.Loopback,
            Port = 0,
        };
        var (programs, time) = (new FakePrograms(), new WatchedTime(new DateTimeOffset(2026, 11, 29, 8, 0, 0, TimeSpan.Zero)));
        var gate = GateHost.Build(change?.Invoke(options) ?? options, time, programs);
        var world = new GateWorld(gate, behind, terminal, programs, time);
        await gate.StartAsync(TestContext.Current.CancellationToken);
        world.Address = new Uri(gate.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        world.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = world.Address };
        return world;
    }

    public static string Encoded(string password = Password) => Convert.ToBase64String(Encoding.UTF8.GetBytes("opencode:" + password));

    public string Ticket(string use = TicketUse.Enter, string person = "usr_piet", string stack = Stack, string password = Password) =>
        StackTickets.Issue(password, stack, use, person, $"ticket-{Interlocked.Increment(ref _ticket)}", Time.GetUtcNow());

    /// <summary>A request that a person's browser or program would send.</summary>
    public static HttpRequestMessage Ask(string path, HttpMethod? method = null, string? cookie = null, bool basic = false, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        if (basic)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Encoded());
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> EnterAsync(string ticket, string to = "/", string origin = Stack)
    {
        var request = Ask("/.stack/enter", HttpMethod.Post, headers: ("Origin", origin));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["ticket"] = ticket, ["to"] = to });
        return SendAsync(request);
    }

    /// <summary>The cookie of somebody who came with a ticket.</summary>
    public async Task<string> SignInAsync()
    {
        using var response = await EnterAsync(Ticket());
        return CookieOf(response)!;
    }

    public static string? CookieOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single().Split(';')[0] : null;

    /// <summary>The gate's own end.</summary>
    public Task EndAsync() => _gate.WaitForShutdownAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _gate.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _gate.DisposeAsync();
        await OpenCode.DisposeAsync();
        await Terminal.DisposeAsync();
    }
}
