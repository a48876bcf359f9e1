using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiStackDeployer.Tests.Security;

/// <summary>Who gets in: host, origin, path and kind of request.</summary>
public sealed class GateTests
{
    private const string Intranet = "https://intranet.example.org";

    private static readonly string[] Everywhere =
    [
        "/", "/admin", "/app.css", "/_framework/blazor.web.js", "/_blazor", "/_blazor/negotiate", "/_blazor/disconnect", "/no-such-page", "/openapi/v1.json",
        "/api/deployments", "/API/deploy", "/mcp", "/healthy",
    ];

    [Theory]
    [InlineData("portal.example.org", true)]
    [InlineData("PORTAL.example.org:8443", true)]
    [InlineData("localhost:3000", true)]
    [InlineData("portal.localhost", true)]
    [InlineData("127.0.0.1:3000", true)]
    [InlineData("[::1]:3000", true)]
    [InlineData("10.0.0.7", true)] // an address cannot be rebound
    [InlineData("evil.example.org", false)]
    [InlineData("localhost.evil.example.org", false)]
    [InlineData("evil-localhost", false)]
    [InlineData("portal.example.org.evil.example.org", false)]
    [InlineData("evil.portal.example.org", false)]
    [InlineData("portal.example.org.", false)]
    [InlineData("any", false)]
    [InlineData("", false)]
    public void A_name_that_is_not_the_portals_gets_nowhere(string host, bool allowed)
    {
        foreach (var path in Everywhere)
        {
            Assert.Equal(allowed ? null : GateRefusal.Host, Refusal("GET", path, host));
            // To its browser a rebound page is the same origin.
            Assert.Equal(allowed ? null : GateRefusal.Host, Refusal("POST", path, host, $"http://{host}", "same-origin"));
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/ingest/stacks")]
    public void Programs_of_the_portals_own_network_call_by_whatever_name(string path)
    {
        Assert.Null(Refusal("GET", path, "portal"));
        Assert.Equal(GateRefusal.Host, Refusal("GET", path == "/health" ? "/healthy" : path + "/more", "portal"));
    }

    [Fact]
    public void Any_name_is_good_only_when_the_operator_says_so()
    {
        var any = new Web.Security.Gate(SettingsBench.Production(("ALLOWED_HOSTS", "any")));
        Assert.Null(any.RefusalOf(Request("GET", "/", "whatever.example.org")));
        Assert.Equal(GateRefusal.Origin, any.RefusalOf(Request("POST", "/api/deploy", "whatever.example.org", "https://other.example.org")));
        Assert.Equal(GateRefusal.Host, any.RefusalOf(Request("GET", "/", "")));

        var unset = new Web.Security.Gate(SettingsBench.Development(("HOST", "0.0.0.0")));
        Assert.Equal(GateRefusal.Host, unset.RefusalOf(Request("GET", "/", "whatever.example.org")));
        Assert.Null(unset.RefusalOf(Request("GET", "/", "localhost:3000")));
    }

    [Theory]
    [InlineData("https://portal.example.org", "portal.example.org", true)] // the proxy ends TLS: the request itself is plain http
    [InlineData("http://portal.example.org", "portal.example.org", true)]
    [InlineData("https://PORTAL.example.org", "portal.example.org", true)]
    [InlineData("https://portal.example.org", "portal.example.org:443", true)]
    [InlineData("https://portal.example.org:8443", "portal.example.org:8443", true)]
    [InlineData("http://[::1]:3000", "[::1]:3000", true)]
    [InlineData("https://portal.example.org", "portal.example.org:8443", false)]
    [InlineData("https://portal.example.org:8443", "portal.example.org", false)]
    [InlineData("http://portal.example.org:443", "portal.example.org", false)]
    [InlineData("https://evil.ai.example.org", "portal.example.org", false)]
    [InlineData("https://portal.example.org.evil.example.org", "portal.example.org", false)]
    [InlineData("https://localhost", "portal.example.org", false)]
    [InlineData("null", "portal.example.org", false)]
    [InlineData("", "portal.example.org", false)]
    [InlineData("file://", "portal.example.org", false)]
    [InlineData("ftp://portal.example.org", "portal.example.org", false)]
    [InlineData("chrome-extension://portal.example.org", "portal.example.org", false)]
    [InlineData("https://portal.example.org@evil.example.org", "portal.example.org", false)]
    [InlineData("https://x@portal.example.org", "portal.example.org", false)]
    [InlineData("https://portal.example.org/", "portal.example.org", false)]
    [InlineData("https://portal.example.org/path", "portal.example.org", false)]
    [InlineData("https://portal.example.org?q", "portal.example.org", false)]
    [InlineData("https://portal.example.org#f", "portal.example.org", false)]
    [InlineData(" https://portal.example.org", "portal.example.org", false)]
    [InlineData("https://portal.example.org, https://evil.example.org", "portal.example.org", false)]
    public void An_origin_that_is_sent_is_the_portals_own_whatever_it_asks_for(string origin, string host, bool allowed)
    {
        foreach (var path in Everywhere)
        {
            foreach (var method in new[] { "GET", "POST", "DELETE", "OPTIONS" })
            {
                Assert.Equal(allowed ? null : GateRefusal.Origin, Refusal(method, path, host, origin));
            }
            Assert.Equal(allowed ? null : GateRefusal.Origin, Refusal("GET", path, host, origin, upgrade: true));
            Assert.Equal(allowed ? null : GateRefusal.Origin, Refusal("CONNECT", path, host, origin, upgrade: true));
        }
    }

    [Theory]
    [InlineData("/api/deploy", true)]
    [InlineData("/mcp", true)]
    [InlineData("/", false)]
    [InlineData("/_blazor", false)]
    [InlineData("/_blazor/negotiate", false)]
    [InlineData("/apis", false)]
    public void A_page_that_the_operator_names_may_call_the_api_and_nothing_else(string path, bool allowed)
    {
        foreach (var method in new[] { "GET", "POST", "OPTIONS" })
        {
            Assert.Equal(allowed ? null : GateRefusal.Origin, Refusal(method, path, origin: Intranet, site: "cross-site"));
        }
        Assert.Equal(GateRefusal.Origin, Refusal("POST", path, origin: Intranet + ".evil.example.org", site: "cross-site"));
    }

    [Fact]
    public void Two_origins_are_none()
    {
        var request = Request("POST", "/api/deploy", "portal.example.org");
        request.Request.Headers.Origin = new(["https://portal.example.org", "https://portal.example.org"]);

        Assert.Equal(GateRefusal.Origin, Known.RefusalOf(request));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("CONNECT")] // over HTTP/2
    public void A_WebSocket_without_an_origin_is_no_browsers(string method) =>
        Assert.Equal(GateRefusal.Origin, Refusal(method, "/_blazor", upgrade: true));

    [Theory]
    [InlineData("GET", "cross-site", true)] // a link in a mail
    [InlineData("HEAD", "same-site", true)]
    [InlineData("GET", "none", true)]
    [InlineData("POST", null, true)] // a program
    [InlineData("DELETE", "same-origin", true)]
    [InlineData("POST", "none", true)]
    [InlineData("POST", "cross-site", false)]
    [InlineData("DELETE", "same-site", false)]
    [InlineData("POST", "nonsense", false)]
    public void Without_an_origin_foreign_pages_may_lead_here_and_do_nothing(string method, string? site, bool allowed)
    {
        foreach (var path in Everywhere)
        {
            Assert.Equal(allowed ? null : GateRefusal.Origin, Refusal(method, path, site: site));
        }
    }

    [Theory]
    [InlineData("https://portal.example.org:8443", "portal.example.org:8443", true)]
    [InlineData("https://PORTAL.example.org:8443", "portal.example.org:8443", true)]
    [InlineData("https://portal.example.org:8443", "portal.example.org", true)] // the proxy has dropped the port
    [InlineData("https://portal.example.org:8443", "127.0.0.1:3000", true)] // or names its own target
    [InlineData("http://portal.example.org:8443", "portal.example.org:8443", false)]
    [InlineData("https://portal.example.org", "portal.example.org", false)]
    [InlineData("http://portal.example.org", "portal.example.org", false)]
    [InlineData("https://evil.portal.example.org:8443", "portal.example.org:8443", false)]
    [InlineData("https://x@portal.example.org:8443", "portal.example.org:8443", false)]
    [InlineData("https://portal.example.org:8443/", "portal.example.org:8443", false)]
    [InlineData("http://localhost:3000", "localhost:3000", true)] // a tunnel to this machine
    [InlineData("http://localhost:3000", "portal.example.org:8443", false)]
    [InlineData("https://other.example.org", "other.example.org", true)]
    [InlineData("https://other.example.org", "portal.example.org:8443", false)]
    public void By_its_own_address_the_portal_knows_its_pages_by_scheme_name_and_port(string origin, string host, bool allowed)
    {
        var gate = new Web.Security.Gate(SettingsBench.Production(("PUBLIC_URL", "https://portal.example.org:8443/path"), ("ALLOWED_HOSTS", "other.example.org")));

        foreach (var path in Everywhere)
        {
            Assert.Equal(allowed ? null : GateRefusal.Origin, gate.RefusalOf(Request("POST", path, host, origin, "same-origin")));
            Assert.Equal(allowed ? null : GateRefusal.Origin, gate.RefusalOf(Request("GET", path, host, origin, upgrade: true)));
        }
    }

    [Theory]
    [InlineData("portal.example.org", true)]
    [InlineData("PORTAL.example.org:8443", true)]
    [InlineData("xn--prtal-kua.example.org", false)]
    [InlineData("other.example.org", false)]
    public void The_name_in_the_portals_address_needs_no_second_setting(string host, bool allowed) => Assert.Equal(
        allowed ? null : GateRefusal.Host,
        new Web.Security.Gate(SettingsBench.Production(("PUBLIC_URL", "https://portal.example.org"))).RefusalOf(Request("GET", "/", host)));

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/Health/live")]
    public void Probes_are_asked_for_nothing(string path) =>
        Assert.Null(Refusal("GET", path, "whatever.example.org", "https://evil.example.org", "cross-site"));

    private static Web.Security.Gate Known { get; } = new(SettingsBench.Production(("ALLOWED_HOSTS", "portal.example.org"), ("CORS_ORIGINS", Intranet)));

    private static GateRefusal? Refusal(
        string method, string path, string host = "portal.example.org", string? origin = null, string? site = null, bool upgrade = false) =>
        Known.RefusalOf(Request(method, path, host, origin, site, upgrade));

    private static DefaultHttpContext Request(
        string method, string path, string host, string? origin = null, string? site = null, bool upgrade = false)
    {
        var context = new DefaultHttpContext { Request = { Method = method, Path = path, Scheme = "http" } };
        context.Request.Headers.Host = host;
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }
        if (site is not null)
        {
            context.Request.Headers["Sec-Fetch-Site"] = site;
        }
        context.Features.Set<IHttpWebSocketFeature>(new WebSocketFeature(upgrade));
        return context;
    }

    /// <summary>What <c>UseWebSockets</c> says of a request.</summary>
    private sealed record WebSocketFeature(bool IsWebSocketRequest) : IHttpWebSocketFeature
    {
        public Task<System.Net.WebSockets.WebSocket> AcceptAsync(WebSocketAcceptContext context) => throw new InvalidOperationException("Accepted.");
    }
}
