using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Security.OAuth;

/// <summary>A portal that finds clients' descriptions at a site of the test's.</summary>
public sealed class OAuthPortal : SignInPortal
{
    internal DocumentSite Site { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Site = await DocumentSite.StartAsync();
        With(services => services.AddSingleton(new OutsideOptions
        {
            ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            MayConnect = _ => true,
            Certificates = (_, certificate, _, _) => certificate?.Subject == "CN=client.test",
            PerMinute = int.MaxValue,
        }));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Site.DisposeAsync();
    }
}

/// <summary>Kestrel with TLS, which shows what the test put there.</summary>
internal sealed class DocumentSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DocumentSite(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, Func<HttpContext, Task>> Pages { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    public int Port { get; private set; }

    public static async Task<DocumentSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var certificate = TestAuthority.SelfSigned("client.test", "client.test");
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var site = new DocumentSite(app);
        app.Run(context =>
        {
            site.Asked.Enqueue(context.Request.Path);
            if (site.Pages.TryGetValue(context.Request.Path, out var page))
            {
                return page(context);
            }
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        site.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return site;
    }

    /// <summary>The id of a client that is described here.</summary>
    public string AddressOf(string path) => $"https://client.test:{Port}{path}";

    /// <summary>A description as it should be, changed by the test.</summary>
    public string Describe(string path, Action<JsonObject>? change = null)
    {
        var description = new JsonObject
        {
            ["client_id"] = AddressOf(path), ["client_name"] = "Described client", ["redirect_uris"] = new JsonArray("http://127.0.0.1/callback", "https://client.test/callback"),
        };
        change?.Invoke(description);
        Pages[path] = context => context.Response.WriteAsync(description.ToJsonString());
        return AddressOf(path);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What an assistant's client does, step by step, with the browser of the person in front of it.</summary>
internal sealed class OAuthClient(OAuthPortal portal, string clientId, string redirect = "http://127.0.0.1:52111/callback")
{
    private static int _made;

    private readonly HttpClient _http = portal.NewScript();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string ClientId => clientId;

    public string Resource => new Uri(portal.Root, "mcp").ToString();

    public string Verifier { get; } = new('v', 64);

    /// <summary>A client that nobody knows yet.</summary>
    public static OAuthClient New(OAuthPortal portal) => new(portal, portal.Site.Describe($"/client-{Interlocked.Increment(ref _made)}.json"));

    public static async Task<OAuthClient> RegisterAsync(OAuthPortal portal, string name = "Registered client")
    {
        using var http = portal.NewScript();
        using var answer = await http.PostAsync(
            "oauth/register",
            new StringContent(new JsonObject { ["client_name"] = name, ["redirect_uris"] = new JsonArray("http://127.0.0.1:1/callback") }.ToJsonString(), null, "application/json"), Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return new OAuthClient(portal, (await answer.ReadJsonAsync()).Text("client_id"));
    }

    /// <summary>The address that the client opens in the browser.</summary>
    public string Address(params (string Name, string? Value)[] changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = clientId, ["redirect_uri"] = redirect, ["response_type"] = "code", ["scope"] = "read deploy", ["state"] = "st-1", ["resource"] = Resource,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))), ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }
        return QueryHelpers.AddQueryString("oauth/authorize", query.Where(q => q.Value is not null));
    }

    /// <summary>Where the browser is led when the person presses "allow", with these boxes ticked.</summary>
    public async Task<Uri> AllowAsync(HttpClient browser, string grant = "read deploy", string answer = "allow", params (string Name, string? Value)[] changes)
    {
        var page = await LedToAsync(browser, changes);
        Assert.Contains("/oauth/consent", page.ToString(), StringComparison.Ordinal);
        using var pressed = await browser.PressAsync(
            page.ToString()[1..], "oauth/authorize",
            [.. QueryHelpers.ParseQuery(page.ToString()[page.ToString().IndexOf('?', StringComparison.Ordinal)..]).Select(q => (q.Key, q.Value.ToString())),
                .. grant.Split(' ').Select(g => ("grant", g)), ("answer", answer)]);
        Assert.Equal(HttpStatusCode.Redirect, pressed.StatusCode);
        return pressed.Headers.Location!;
    }

    public async Task<Uri> LedToAsync(HttpClient browser, params (string Name, string? Value)[] changes)
    {
        using var answer = await browser.GetAsync(Address(changes), Token);
        Assert.True(HttpStatusCode.Redirect == answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
        return answer.Headers.Location!;
    }

    public static string CodeOf(Uri answer) => QueryHelpers.ParseQuery(answer.Query)["code"].ToString();

    public static string? ErrorOf(Uri answer) => QueryHelpers.ParseQuery(answer.Query).TryGetValue("error", out var error) ? error.ToString() : null;

    /// <summary>The answer to a code.</summary>
    public Task<HttpResponseMessage> RedeemAsync(string code, params (string Name, string Value)[] changes) => AskAsync(
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", Verifier), ("client_id", clientId), ("resource", Resource)], changes);

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, params (string Name, string Value)[] changes) =>
        AskAsync([("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientId)], changes);

    public async Task<JsonNode> SignInAsync(HttpClient browser, string grant = "read deploy")
    {
        using var answer = await RedeemAsync(CodeOf(await AllowAsync(browser, grant)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        return await answer.ReadJsonAsync();
    }

    private Task<HttpResponseMessage> AskAsync((string Name, string Value)[] fields, (string Name, string Value)[] changes) =>
        _http.PostAsync("oauth/token", SignInPortal.Form(fields.Where(f => changes.All(c => c.Name != f.Name)).Concat(changes)), Token);
}
