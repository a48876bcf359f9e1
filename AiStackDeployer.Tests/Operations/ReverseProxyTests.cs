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
        var context = await PassAsync(trusted, sender, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "198.51.100.5"));

        // The cookie is for https alone when the request is: PersonCookieTests.
        Assert.Equal((believed ? "https" : "http", believed ? "198.51.100.5" : sender), (context.Request.Scheme, context.Connection.RemoteIpAddress!.ToString()));
    }

    [Theory]
    [InlineData("203.0.113.9, 10.0.0.5", "https, http", "203.0.113.9", "https")]
    [InlineData("203.0.113.9, 10.0.0.6, 10.0.0.5", "https, http, http", "203.0.113.9", "https")]
    // The one nearest to the caller is nobody's: he may have written what stands before it.
    [InlineData("198.51.100.5, 203.0.113.9, 10.0.0.5", "https, http, http", "203.0.113.9", "http")]
    public async Task Every_hop_of_a_chain_is_believed_as_long_as_it_is_trusted(string chain, string schemes, string caller, string scheme)
    {
        var context = await PassAsync("10.0.0.0/8", "10.0.0.4", ("X-Forwarded-For", chain), ("X-Forwarded-Proto", schemes));

        Assert.Equal((caller, scheme), (context.Connection.RemoteIpAddress!.ToString(), context.Request.Scheme));
    }

    /// <summary>A proxy takes the path off or leaves it on, and says so or does not.</summary>
    [Theory]
    [InlineData("", "127.0.0.1", null, "/stacks", "", "/stacks")]
    [InlineData("", "127.0.0.1", "/portal", "/stacks", "/portal", "/stacks")]
    [InlineData("", "127.0.0.1", "/portal/", "/", "/portal", "/")]
    [InlineData("", "203.0.113.9", "/portal", "/stacks", "", "/stacks")]
    [InlineData("", "127.0.0.1", "//evil.example.org", "/stacks", "", "/stacks")]
    [InlineData("/portal", "127.0.0.1", null, "/portal/stacks", "/portal", "/stacks")]
    [InlineData("/portal", "127.0.0.1", null, "/portal", "/portal", "/")]
    [InlineData("/portal", "127.0.0.1", null, "/stacks", "/portal", "/stacks")]
    [InlineData("/portal", "127.0.0.1", "/portal", "/portal/stacks", "/portal", "/stacks")]
    [InlineData("/portal", "127.0.0.1", null, "/portals", "/portal", "/portals")]
    public async Task Below_a_path_the_program_sees_its_own_addresses_and_knows_the_path(
        string setting, string sender, string? told, string asked, string pathBase, string path)
    {
        var context = await PassAsync("", sender, asked, setting, ("X-Forwarded-Prefix", told), ("X-Forwarded-For", "198.51.100.5"));

        Assert.Equal((pathBase, path), (context.Request.PathBase.Value, context.Request.Path.Value));
    }

    private static Task<HttpContext> PassAsync(string trusted, string sender, params (string Name, string? Value)[] headers) =>
        PassAsync(trusted, sender, "/", "", headers);

    private static async Task<HttpContext> PassAsync(string trusted, string sender, string asked, string setting, params (string Name, string? Value)[] headers)
    {
        var services = new ServiceCollection().AddLogging().AddReverseProxy(SettingsBench.Production(("TRUSTED_PROXIES", trusted)));
        await using var provider = services.BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseForwardedHeaders();
        app.UsePrefix(setting);
        var context = new DefaultHttpContext { Request = { Scheme = "http", Path = asked }, Connection = { RemoteIpAddress = IPAddress.Parse(sender) } };
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }
        await app.Build()(context);
        return context;
    }
}
