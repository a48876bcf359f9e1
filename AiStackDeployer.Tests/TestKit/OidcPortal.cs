using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Api;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A portal in Production at which people sign in by a provider of the test's.</summary>
public sealed class OidcPortal : PortalFactory
{
    public OidcPortal() => With(services =>
    {
        services.Replace(ServiceDescriptor.Singleton<IPeople>(
            provider => TroubledPortal.Troubled<IPeople>.Around(ActivatorUtilities.CreateInstance<PeopleStore>(provider), Database)));
        // On a busy machine the provider may take any time.
        services.ConfigureAll<OpenIdConnectOptions>(options => options.BackchannelTimeout = TimeSpan.FromMinutes(10));
    });

    internal TestProvider Provider { get; private set; } = null!;

    /// <summary>Of people and sessions only.</summary>
    internal TroubledPortal.TroubledRegister.Switch Database { get; } = new();

    private IAuditLog Audit => Services.GetRequiredService<IAuditLog>();

    public override async ValueTask InitializeAsync()
    {
        Provider = await TestProvider.StartAsync("http://localhost/sign-in/callback");
        With("AUTH", "oidc").With("OIDC_AUTHORITY", Provider.Issuer).With("OIDC_CLIENT_ID", TestProvider.ClientId).With("OIDC_CLIENT_SECRET", TestProvider.ClientSecret);
        With("OIDC_ALLOWED_GROUPS", "stack-users").With("OIDC_OPERATOR_GROUPS", "stack-operators").With("OIDC_ADMIN_GROUPS", "stack-admins");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
    }

    /// <summary>Reaches the portal at <c>PUBLIC_URL</c>, as if a proxy stood at its port 80.</summary>
    internal OidcBrowser NewBrowser() => new(Root.Port);

    internal string IdOf(string subject) => Person.IdOf(Provider.Issuer, subject);

    /// <summary>The newest line about a sign-in, and how many there are.</summary>
    internal async Task<(int Count, AuditEntry? Last)> SignInsAsync()
    {
        var lines = await Audit.ReadAsync(new AuditQuery { Action = "sign-in", Take = 1000 }, TestContext.Current.CancellationToken);
        return (lines.Count, lines is [var last, ..] ? last : null);
    }
}

/// <summary>A browser without scripts: cookies and redirects.</summary>
internal sealed class OidcBrowser : IDisposable
{
    public const string Session = "__Host-aisd_session";

    private readonly BrowserCookies _cookies;

    public OidcBrowser(int portal)
    {
        _cookies = new BrowserCookies(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Host == "localhost" ? portal : context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        Client = new HttpClient(_cookies) { BaseAddress = new Uri("http://localhost/") };
        Client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public HttpClient Client { get; }

    /// <summary>Every address of the last walk.</summary>
    public List<Uri> Way { get; } = [];

    public List<string> SetCookies { get; } = [];

    public string? SessionCookie => _cookies.Kept.SingleOrDefault(c => c.Name == Session)?.Value;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Goes there, and on to wherever it is led.</summary>
    public async Task<HttpResponseMessage> GoAsync(string address)
    {
        Way.Clear();
        SetCookies.Clear();
        return await FollowAsync(new Uri(Client.BaseAddress!, address), _ => false);
    }

    /// <summary>As whoever the provider signs in now.</summary>
    public async Task SignInAsync()
    {
        using var page = await GoAsync("account");
        Assert.True(page.StatusCode == HttpStatusCode.OK && Way[^1].AbsolutePath == "/account", $"{page.StatusCode} {string.Join(' ', Way)}");
    }

    /// <summary>Signs in, up to before the answer of the provider gets to the portal, whose address is returned.</summary>
    public async Task<Uri> GoToCallbackAsync()
    {
        using var last = await FollowAsync(new Uri(Client.BaseAddress!, "sign-in/start"), next => next.AbsolutePath == "/sign-in/callback");
        return last.Headers.Location!;
    }

    public async Task<HttpStatusCode> StatusOfApiAsync()
    {
        using var answer = await Client.GetAsync("api/check/a-name", Token);
        return answer.StatusCode;
    }

    public void Dispose() => Client.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri next, Predicate<Uri> isEnd)
    {
        while (true)
        {
            Way.Add(next);
            var answer = await Client.GetAsync(next, Token);
            SetCookies.AddRange(answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : []);
            if (answer.Headers.Location is not { } location || isEnd(new Uri(next, location)))
            {
                return answer;
            }
            Assert.InRange(Way.Count, 1, 10);
            next = new Uri(next, location);
            answer.Dispose();
        }
    }
}
