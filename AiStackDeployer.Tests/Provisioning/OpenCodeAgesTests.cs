using System.Collections.Concurrent;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>OpenCode moved its health with nearly each version; what a visitor meets is told apart in all of them.</summary>
public sealed class OpenCodeAgesTests
{
    private const string V1 = "/global/health";
    private const string V2First = "/api/health";
    private const string V2Between = "/api/status";
    private const string V2Newest = "/api/info";

    public enum Meets
    {
        RightPassword,
        WrongPassword,
        OnlyPages,
        Nothing,
        Garbage,
        OtherJson,
    }

    /// <summary>Four versions, six answers.</summary>
    public static TheoryData<string, Meets, AddressLayer?> Table => new(
        from path in new[] { V1, V2First, V2Between, V2Newest }
        from meets in new[]
        {
            (Meets.RightPassword, (AddressLayer?)null), (Meets.WrongPassword, AddressLayer.Password), (Meets.OnlyPages, AddressLayer.WrongProgram),
            (Meets.Nothing, AddressLayer.Http), (Meets.Garbage, AddressLayer.WrongProgram), (Meets.OtherJson, AddressLayer.WrongProgram),
        }
        select (path, meets.Item1, meets.Item2));

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_version_meets_each_answer(string healthPath, Meets meets, AddressLayer? expected)
    {
        await using var site = await Site.StartAsync(path => Answer(healthPath, meets, path));

        var result = await site.ProbeAsync();

        Assert.Equal(expected, result.Layer);
        Assert.Equal(expected is null ? (healthPath, "2.0.32") : (null, null), (result.Path, result.Version));
    }

    [Fact]
    public async Task Version_2_0_0_answers_without_a_version()
    {
        await using var site = await Site.StartAsync(path => path == V2First ? Json("""{"healthy":true}""") : (404, "text/plain", ""));

        var result = await site.ProbeAsync();

        Assert.Equal((null, V2First, null), (result.Layer, result.Path, result.Version));
    }

    [Fact]
    public async Task A_known_path_is_asked_first_and_alone_until_nothing_is_there_any_more()
    {
        var healthPath = V2First;
        await using var site = await Site.StartAsync(path => path == healthPath ? Json("""{"healthy":true}""") : (404, "text/plain", ""));

        await site.ProbeAsync(V2First);
        Assert.Equal([V2First], site.Asked);
        healthPath = V2Newest;

        Assert.Equal(V2Newest, (await site.ProbeAsync(V2First)).Path);
    }

    [Fact]
    public async Task With_a_path_of_the_operators_only_that_one_is_asked()
    {
        await using var site = await Site.StartAsync(path => path == V2Newest ? Json("""{"version":"2.0.32"}""") : (404, "text/plain", ""));

        var wrong = await site.ProbeAsync(onlyPath: "/up");
        var right = await site.ProbeAsync(onlyPath: V2Newest);

        Assert.Equal(["/up", V2Newest], site.Asked);
        Assert.Equal((AddressLayer.Http, null), (wrong.Layer, right.Layer));
    }

    [Theory]
    [InlineData("""{"version":"\ud800"}""", AddressLayer.WrongProgram, null)]
    [InlineData("""{"version":"<b>2</b>"}""", null, null)]
    [InlineData("""{"version":2}""", AddressLayer.WrongProgram, null)]
    [InlineData("""{"healthy":false,"version":"2.0.32"}""", AddressLayer.WrongProgram, null)]
    [InlineData("""{"healthy":true,"version":"2.0.32-dev.1"}""", null, "2.0.32-dev.1")]
    public async Task A_version_that_a_stack_made_up_is_not_shown(string body, AddressLayer? expected, string? version)
    {
        await using var site = await Site.StartAsync(path => path == V2Newest ? Json(body) : (404, "text/plain", ""));

        var result = await site.ProbeAsync();

        Assert.Equal((expected, version), (result.Layer, result.Version));
    }

    [Theory]
    [InlineData("/terminal/", """{"token": ""}""", true)]
    [InlineData("/terminal", """{"token": "b3BlbmNvZGU6cHc="}""", true)]
    [InlineData("/terminal/", """{"healthy":true}""", false)]
    [InlineData("/terminal/", null, false)]
    public async Task A_terminal_is_known_by_its_token_and_not_by_any_page(string path, string? token, bool answers)
    {
        await using var site = await Site.StartAsync(asked => asked == "/terminal/token" && token is not null ? Json(token) : Page);
        using var probe = site.Probe();

        Assert.Equal(answers, await probe.ProbeTerminalAsync(site.Url, path, Site.Credentials, TestContext.Current.CancellationToken));
    }

    private static (int, string, string) Page => (200, "text/html; charset=utf-8", "<!doctype html><title>OpenCode</title>");

    private static (int, string, string) Json(string body) => (200, "application/json", body);

    private static (int Status, string Type, string Body) Answer(string healthPath, Meets meets, string path)
    {
        // As recorded: version 1 answers any path with its page, and one of version 2's with less than its own.
        var elsewhere = healthPath != V1 ? (404, "application/json", """{"name":"NotFound"}""")
            : path == V2First && meets == Meets.RightPassword ? Json("""{"healthy":true}""")
            : Page;
        return meets switch
        {
            Meets.WrongPassword => (401, "application/json", ""),
            Meets.OnlyPages => Page,
            Meets.Nothing => (404, "text/plain", "404 page not found"),
            _ when path != healthPath => elsewhere,
            Meets.Garbage => Json("{\"healthy\":tr"),
            Meets.OtherJson => Json("""{"status":"ok"}"""),
            _ => Json(healthPath == V2Newest ? """{"version":"2.0.32"}""" : """{"healthy":true,"version":"2.0.32"}"""),
        };
    }

    /// <summary>An HTTP server that answers by path.</summary>
    private sealed class Site : IAsyncDisposable
    {
        public static readonly StackCredentials Credentials = new("opencode", "secret-password");

        private readonly WebApplication _app;
        private readonly ConcurrentQueue<string> _asked = new();

        private Site(Func<string, (int Status, string Type, string Body)> answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(context =>
            {
                var path = context.Request.Path.Value!;
                _asked.Enqueue(path);
                (context.Response.StatusCode, context.Response.ContentType, var body) = answer(path);
                return context.Response.WriteAsync(body);
            });
        }

        public string Url => _app.Urls.Single();

        public IReadOnlyList<string> Asked => [.. _asked];

        public static async Task<Site> StartAsync(Func<string, (int Status, string Type, string Body)> answer)
        {
            var site = new Site(answer);
            await site._app.StartAsync(TestContext.Current.CancellationToken);
            return site;
        }

        public ReadinessProbe Probe(string? path = null) =>
            new(new ReadinessOptions { Path = path, ProbeTimeout = TimeSpan.FromMinutes(1) }, TimeProvider.System);

        public async Task<ProbeResult> ProbeAsync(string? knownPath = null, string? onlyPath = null)
        {
            using var probe = Probe(onlyPath);
            return await probe.ProbeAsync(Url, Credentials, knownPath, TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
