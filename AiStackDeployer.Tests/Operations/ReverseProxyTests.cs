using System.Net;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Operations;

/// <summary>Whose word on the caller counts.</summary>
public sealed class ReverseProxyTests
{
    [Theory]
    [InlineData("", "127.0.0.1", true)]
    [InlineData("", "172.30.83.1", false)]
    [InlineData("172.30.83.1", "172.30.83.1", true)]
    [InlineData("172.30.83.1", "::ffff:172.30.83.1", true)]
    [InlineData("172.30.83.1", "172.30.83.2", false)]
    [InlineData("172.30.83.1", "203.0.113.7", false)]
    [InlineData("10.0.0.0/8,172.16.0.0/12", "10.0.3.4", true)]
    public async Task A_proxy_that_is_named_is_believed_and_a_stranger_is_not(string trusted, string sender, bool believed)
    {
        var services = new ServiceCollection().AddLogging().AddReverseProxy(SettingsBench.Production(("TRUSTED_PROXIES", trusted)));
        await using var provider = services.BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseForwardedHeaders();
        var context = new DefaultHttpContext { Request = { Scheme = "http" }, Connection = { RemoteIpAddress = IPAddress.Parse(sender) } };
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        context.Request.Headers["X-Forwarded-For"] = "198.51.100.5";

        await app.Build()(context);

        // The cookie is for https alone when the request is: PersonCookieTests.
        Assert.Equal((believed ? "https" : "http", believed ? "198.51.100.5" : sender), (context.Request.Scheme, context.Connection.RemoteIpAddress!.ToString()));
    }
}
