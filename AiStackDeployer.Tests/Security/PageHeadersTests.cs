using System.Net;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security;

/// <summary>What every answer asks of a browser. Whether pages live with it: <c>Browser/PolicyTests</c>.</summary>
public sealed partial class PageHeadersTests(PageHeadersTests.PublicPortal portal) : IClassFixture<PageHeadersTests.PublicPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_route_answers_without_them()
    {
        var routes = portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        string[] some = ["/", "/admin/connections", "/api/stacks/{name}/credentials", "/mcp", "/health/live", "/openapi/{documentName}.json", "/app.css", "/_blazor/negotiate"];
        Assert.Superset(some.ToHashSet(), routes.Select(route => "/" + route.RoutePattern.RawText!.Trim('/')).ToHashSet());

        foreach (var route in routes)
        {
            var path = Parameter().Replace(route.RoutePattern.RawText!, "any").TrimStart('/');
            var isFile = route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || path.StartsWith("scalar/", StringComparison.Ordinal);
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                await AssertHeadersAsync(method, path, isFile);
            }
        }
    }

    [Theory]
    [InlineData("no-such-page", HttpStatusCode.NotFound)]
    [InlineData("api/no-such-call", HttpStatusCode.NotFound)]
    [InlineData("error", HttpStatusCode.OK)]
    public async Task Nor_does_any_other_address(string path, HttpStatusCode status) => Assert.Equal(status, await AssertHeadersAsync("GET", path));

    [Fact]
    public async Task Nor_does_the_gate()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await AssertHeadersAsync("GET", "", host: "evil.example.org"));
        Assert.Equal(HttpStatusCode.Forbidden, await AssertHeadersAsync("GET", "api/deployments", host: "evil.example.org"));
    }

    [Fact]
    public async Task Each_page_has_a_nonce_of_its_own_for_its_one_inline_script()
    {
        var script = portal.NewScript();
        using var one = await script.GetAsync("", Token);
        using var other = await script.GetAsync("", Token);
        var page = await one.Content.ReadAsStringAsync(Token);

        var nonce = Nonce().Match(PolicyOf(one)).Groups[1].Value;
        Assert.NotEqual(nonce, Nonce().Match(PolicyOf(other)).Groups[1].Value);
        var inline = Assert.Single(InlineScript().Matches(page).Select(match => WebUtility.HtmlDecode(match.Value)));
        Assert.Contains($"nonce=\"{nonce}\"", inline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_plain_http_nothing_is_promised_for_later()
    {
        using var answer = await portal.NewScript().GetAsync("", Token);

        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_fault_answers_with_them_too_and_a_page_may_let_its_form_lead_elsewhere()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UsePageHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => context.Response.WriteAsync("sorry") });
        app.MapGet("/fault", string () => throw new InvalidOperationException("a fault"));
        app.MapGet("/consent", (HttpContext context) =>
        {
            PageHeaders.AllowFormTarget(context, new Uri("http://127.0.0.1:7777/callback?code=1"));
            return Results.Content("<form>", "text/html");
        });
        await app.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var fault = await client.GetAsync("fault", Token);
        Assert.Equal(HttpStatusCode.InternalServerError, fault.StatusCode);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", PolicyOf(fault));
        using var consent = await client.GetAsync("consent", Token);
        Assert.Contains("; form-action 'self' http://127.0.0.1:7777; ", PolicyOf(consent), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> AssertHeadersAsync(string method, string path, bool isFile = false, string host = "portal.example.org")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Host = host } };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Accept.ParseAdd("text/html, */*");
        using var answer = await portal.NewScript().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

        var what = $"{method} {path}: {(int)answer.StatusCode}\n{answer.Headers}";
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["X-Content-Type-Options"] = "nosniff", ["X-Frame-Options"] = "DENY", ["Referrer-Policy"] = "same-origin",
            ["Strict-Transport-Security"] = "max-age=31536000", ["Cross-Origin-Opener-Policy"] = "same-origin",
        })
        {
            Assert.True(answer.Headers.TryGetValues(name, out var values) && values.SequenceEqual([value]), $"{name} of {what}");
        }
        Assert.True(answer.Headers.Contains("Permissions-Policy"), what);
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            Assert.Matches(PagePolicy(), PolicyOf(answer));
        }
        else
        {
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", PolicyOf(answer));
        }
        Assert.True(isFile || answer.Headers.CacheControl?.NoStore == true, what);
        Assert.True(answer.Content.Headers.ContentType is not { MediaType: "text/html" or "text/css" or "text/javascript" or "text/plain", CharSet: not "utf-8" }, what);
        return answer.StatusCode;
    }

    private static string PolicyOf(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("'nonce-([^']{24})'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script(?![^>]* src=)[^>]*>")]
    private static partial Regex InlineScript();

    [GeneratedRegex(
        "^default-src 'none'; script-src 'self'(?: 'nonce-[^']{24}')?; style-src 'self' 'unsafe-inline'; img-src 'self' data:(?: blob:)?; "
        + "font-src 'self'(?: data:; worker-src 'self' blob:)?; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'$")]
    private static partial Regex PagePolicy();

    public sealed class PublicPortal : PortalFactory
    {
        public PublicPortal() => With("PUBLIC_URL", "https://portal.example.org");
    }
}
