using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>Every row of the contract's table of failures, and what proxies add to it.</summary>
public sealed class DokployFailureTests
{
    private static readonly DomainSettings Domain = new() { Host = "a.test", Port = 8080, Https = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, (Reply Reply, Reply Health)> Answers = new()
    {
        ["key refused, database well"] = (Replies.ShortUnauthorized, Replies.DatabaseWell),
        ["key refused, database down"] = (Replies.ShortUnauthorized, Replies.DatabaseDown),
        ["key refused, health unreachable"] = (Replies.ShortUnauthorized, Replies.Reset),
        ["limit ended between the two key checks"] = (Replies.Error(401, "UNAUTHORIZED", "UNAUTHORIZED", "x"), Replies.DatabaseWell),
        ["401 with a sentence"] = (Replies.Error(401, "UNAUTHORIZED", "You don't have access to this project", "x"), Replies.Reset),
        ["403"] = (Replies.Error(403, "FORBIDDEN", "You are not allowed to access this environment", "x"), Replies.Reset),
        ["create denied with 400"] = (Replies.Error(400, "BAD_REQUEST", "Error creating the project: unauthorized to access resource", "project.create"), Replies.Reset),
        ["validation"] = (Replies.Invalid("x", "name"), Replies.Reset),
        ["bare 400 with SQL"] = (Replies.Error(400, "BAD_REQUEST", Replies.Sql, "x"), Replies.Reset),
        ["409"] = (Replies.Error(409, "CONFLICT", "Taken", "x"), Replies.Reset),
        ["404"] = (Replies.Error(404, "NOT_FOUND", "Project not found", "x"), Replies.Reset),
        ["404 of a proxy"] = (Replies.Text(404, "404 page not found"), Replies.Reset),
        ["403 of a proxy"] = (Replies.Html(403), Replies.Reset),
        ["400 of a proxy"] = (Replies.Text(400, "Client sent an HTTP request to an HTTPS server."), Replies.Reset),
        ["409 of a proxy"] = (Replies.Json(409, """{"error":"leaked-parameter"}"""), Replies.Reset),
        ["413 of a proxy"] = (Replies.Html(413), Replies.Reset),
        ["418 of a proxy"] = (Replies.Json(418, """{"message":"leaked-parameter","code":418}"""), Replies.Reset),
        ["malformed JSON"] = (Replies.Text(400, "Invalid JSON"), Replies.Reset),
        ["body too large"] = (Replies.Text(413, "Body exceeded 1mb limit"), Replies.Reset),
        ["415"] = (Replies.Error(415, "UNSUPPORTED_MEDIA_TYPE", "Missing content-type header", "x"), Replies.Reset),
        ["429"] = (Replies.Text(429, "slow down"), Replies.Reset),
        ["500 with SQL"] = (Replies.Error(500, "INTERNAL_SERVER_ERROR", Replies.Sql, "x"), Replies.Reset),
        ["502"] = (Replies.Html(502), Replies.Reset),
        ["503"] = (Replies.Html(503), Replies.Reset),
        ["504"] = (Replies.Html(504), Replies.Reset),
        ["200 with HTML"] = (Replies.Html(200), Replies.Reset),
        ["200 with an empty body"] = (Replies.Empty, Replies.Reset),
        ["200 with null"] = (Replies.Json(200, "null"), Replies.Reset),
        ["200 without the id"] = (Replies.Json(200, """{"name":"leaked-parameter"}"""), Replies.Reset),
        ["200 with an id of the wrong kind"] = (Replies.Json(200, """{"projectId":{"leaked-parameter":1},"project":7}"""), Replies.Reset),
        ["redirect"] = (Replies.Redirect("https://elsewhere.test/api"), Replies.Reset),
        ["reset"] = (Replies.Reset, Replies.Reset),
        ["cut off"] = (Replies.CutOff, Replies.Reset),
        ["not UTF-8"] = (context => context.Response.Body.WriteAsync(new byte[] { 0x22, 0xff, 0xfe, 0x22 }).AsTask(), Replies.Reset),
    };

    [Theory]
    [InlineData("key refused, database well", DokployFault.KeyRefused, 401, false, false)]
    [InlineData("key refused, database down", DokployFault.DatabaseDown, 401, true, false)]
    [InlineData("key refused, health unreachable", DokployFault.Unreachable, 401, true, false)]
    [InlineData("limit ended between the two key checks", DokployFault.KeyRefused, 401, false, false)]
    [InlineData("401 with a sentence", DokployFault.PermissionDenied, 401, false, false)]
    [InlineData("403", DokployFault.PermissionDenied, 403, false, false)]
    [InlineData("create denied with 400", DokployFault.PermissionDenied, 400, false, false)]
    [InlineData("validation", DokployFault.InvalidRequest, 400, false, false)]
    [InlineData("bare 400 with SQL", DokployFault.Rejected, 400, false, false)]
    [InlineData("409", DokployFault.Rejected, 409, false, false)]
    [InlineData("404", DokployFault.NotFound, 404, false, false)]
    [InlineData("404 of a proxy", DokployFault.Unreadable, 404, true, false)]
    [InlineData("403 of a proxy", DokployFault.Unreadable, 403, true, false)]
    [InlineData("400 of a proxy", DokployFault.Unreadable, 400, true, false)]
    [InlineData("409 of a proxy", DokployFault.Unreadable, 409, true, false)]
    [InlineData("413 of a proxy", DokployFault.Unreadable, 413, true, false)]
    [InlineData("418 of a proxy", DokployFault.Unreadable, 418, true, false)]
    [InlineData("malformed JSON", DokployFault.InvalidRequest, 400, false, false)]
    [InlineData("body too large", DokployFault.InvalidRequest, 413, false, false)]
    [InlineData("415", DokployFault.InvalidRequest, 415, false, false)]
    [InlineData("429", DokployFault.RateLimited, 429, true, false)]
    [InlineData("500 with SQL", DokployFault.ServerError, 500, true, true)]
    [InlineData("502", DokployFault.ServerError, 502, true, true)]
    [InlineData("503", DokployFault.ServerError, 503, true, true)]
    [InlineData("504", DokployFault.ServerError, 504, true, true)]
    [InlineData("200 with HTML", DokployFault.Unreadable, 200, true, true)]
    [InlineData("200 with an empty body", DokployFault.Unreadable, 200, true, true)]
    [InlineData("200 with null", DokployFault.Unreadable, 200, true, true)]
    [InlineData("200 without the id", DokployFault.Unreadable, 200, true, true)]
    [InlineData("200 with an id of the wrong kind", DokployFault.Unreadable, 200, true, true)]
    [InlineData("redirect", DokployFault.Unreadable, 308, true, false)]
    [InlineData("reset", DokployFault.Unreachable, null, true, true)]
    [InlineData("cut off", DokployFault.Unreachable, null, true, true)]
    [InlineData("not UTF-8", DokployFault.Unreadable, 200, true, true)]
    public async Task A_failed_create_tells_its_kind_and_whether_it_may_have_happened(
        string situation, DokployFault kind, int? status, bool transient, bool mayHaveHappened)
    {
        await using var dokploy = await DokployBench.StartAsync();
        var (reply, health) = Answers[situation];
        dokploy.Server.On("project.create", reply).On("settings.health", health);

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", "leaked-parameter", Stop));

        Assert.Equal((kind, status, transient, mayHaveHappened), (fault.Kind, fault.HttpStatus, fault.IsTransient, fault.MayHaveHappened));
        Assert.Equal("project.create", fault.Call);
        Assert.Equal(1, dokploy.Server.Count("project.create"));
        AssertNothingLeaked(fault, dokploy.Logs);
    }

    [Theory]
    [InlineData("key refused, database well", DokployFault.KeyRefused)]
    [InlineData("key refused, database down", DokployFault.DatabaseDown)]
    [InlineData("401 with a sentence", DokployFault.PermissionDenied)]
    [InlineData("validation", DokployFault.InvalidRequest)]
    [InlineData("bare 400 with SQL", DokployFault.Rejected)]
    [InlineData("404 of a proxy", DokployFault.Unreadable)]
    [InlineData("500 with SQL", DokployFault.ServerError)]
    [InlineData("502", DokployFault.ServerError)]
    [InlineData("200 with HTML", DokployFault.Unreadable)]
    [InlineData("200 with an empty body", DokployFault.Unreadable)]
    [InlineData("reset", DokployFault.Unreachable)]
    [InlineData("cut off", DokployFault.Unreachable)]
    public async Task A_failed_read_tells_its_kind_and_never_that_it_may_have_happened(string situation, DokployFault kind)
    {
        await using var dokploy = await DokployBench.StartAsync();
        var (reply, health) = Answers[situation];
        dokploy.Server.On("project.one", reply).On("settings.health", health);

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetProjectAsync("p", Stop));

        Assert.Equal((kind, false), (fault.Kind, fault.MayHaveHappened));
        AssertNothingLeaked(fault, dokploy.Logs);
    }

    [Theory]
    [InlineData("403 of a proxy", false)]
    [InlineData("404 of a proxy", false)]
    [InlineData("413 of a proxy", false)]
    [InlineData("403", true)]
    [InlineData("404", true)]
    [InlineData("validation", true)]
    public async Task What_a_proxy_refuses_is_no_sign_that_Dokploy_is_well(string situation, bool isWell)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("user.get", Answers[situation].Reply);

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetWhoAmIAsync(Stop));

        Assert.Equal(isWell, dokploy.Health.Current.IsWell);
    }

    [Theory]
    [InlineData("200 with HTML")]
    [InlineData("cut off")]
    [InlineData("502")]
    public async Task A_deploy_whose_answer_is_not_Dokploys_may_have_been_queued(string situation)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("application.deploy", Answers[situation].Reply);

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.DeployApplicationAsync("a", "dep_1", "", Stop));

        Assert.True(fault.MayHaveHappened);
    }

    [Fact]
    public async Task The_look_at_the_database_carries_no_key()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("user.get", Replies.ShortUnauthorized).On("settings.health", Replies.DatabaseWell);

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetWhoAmIAsync(Stop));

        Assert.Equal(
            [("user.get", DokployBench.Token), ("settings.health", null)],
            dokploy.Server.Received.Select(received => (received.Call, received.Key)));
    }

    [Fact]
    public async Task A_permission_failure_is_not_taken_for_a_trouble_with_the_key_or_the_database()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("docker.getServiceContainersByAppName", Answers["401 with a sentence"].Reply);

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetTasksAsync("a", Stop));

        Assert.Equal(0, dokploy.Server.Count("settings.health"));
        Assert.Null(dokploy.Health.Current.Problem);
    }

    [Fact]
    public async Task A_refused_member_is_named_in_the_diagnostic_but_an_odd_text_is_not()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("project.create", Replies.Invalid("project.create", "description"), Replies.Invalid("project.create", "select * from x"));

        var named = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", null, Stop));
        var odd = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", null, Stop));

        Assert.Equal("BAD_REQUEST; members: description", named.Diagnostic);
        Assert.Equal("project.create: Dokploy found the request invalid. (HTTP 400; BAD_REQUEST; members: description)", named.Message);
        Assert.Equal("BAD_REQUEST", odd.Diagnostic);
    }

    [Fact]
    public async Task A_refused_connection_cannot_have_changed_anything()
    {
        var port = UnusedPort();
        await using var dokploy = await DokployBench.StartAsync(options => options with { Url = new Uri($"http://127.0.0.1:{port}") });

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", null, Stop));

        Assert.Equal((DokployFault.Unreachable, false, true), (fault.Kind, fault.MayHaveHappened, fault.IsTransient));
    }

    [Fact]
    public async Task A_connection_not_made_in_time_counts_as_nothing_sent()
    {
        using var handler = new WholeBodyHandler(1000) { InnerHandler = new NeverConnects() };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(request, Stop));

        Assert.Equal(HttpRequestError.ConnectionError, fault.HttpRequestError);
    }

    [Fact]
    public async Task An_answer_over_the_limit_is_unreadable_and_not_asked_for_again()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { MaxResponseBytes = 1000 });
        dokploy.Server.On("settings.getDokployVersion", Replies.Gzip($"\"{new string('v', 2000)}\""));

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));

        Assert.Equal((DokployFault.Unreadable, "answer too large"), (fault.Kind, fault.Diagnostic));
        Assert.Equal(1, dokploy.Server.Count("settings.getDokployVersion"));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_no_fault_of_Dokploy()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("user.get", Replies.Hang);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var call = dokploy.Client.GetWhoAmIAsync(cancel.Token);
        await dokploy.Server.ArrivalAsync(Stop);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Null(dokploy.Health.Current.Problem);
    }

    [Theory]
    [InlineData("application.delete")]
    [InlineData("project.remove")]
    [InlineData("domain.delete")]
    [InlineData("mounts.remove")]
    public async Task Removing_what_is_gone_already_counts_as_done(string call)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(call, Replies.Json(200, "{}"), Replies.Error(404, "NOT_FOUND", "Gone", call));

        Assert.True(await RemoveAsync(dokploy.Client, call));
        Assert.False(await RemoveAsync(dokploy.Client, call));
    }

    [Theory]
    [InlineData("application.delete")]
    [InlineData("project.remove")]
    [InlineData("domain.delete")]
    [InlineData("mounts.remove")]
    public async Task A_proxys_404_is_not_taken_for_a_removal(string call)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(call, Replies.Text(404, "404 page not found"));

        var fault = await Assert.ThrowsAsync<DokployException>(() => RemoveAsync(dokploy.Client, call));

        Assert.Equal(DokployFault.Unreadable, fault.Kind);
    }

    [Theory]
    [InlineData("application.update")]
    [InlineData("domain.create")]
    [InlineData("mounts.create")]
    public async Task A_bare_400_is_NotFound_when_the_application_is_gone_and_Rejected_when_not(string call)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server
            .On(call, Replies.Error(400, "BAD_REQUEST", Replies.Sql, call))
            .On("application.one", Replies.Error(404, "NOT_FOUND", "Application not found", "application.one"),
                Replies.Json(200, """{"applicationId":"a","name":"n","appName":"n-x1"}"""));

        var gone = await Assert.ThrowsAsync<DokployException>(() => ChangeAsync(dokploy.Client, call));
        var there = await Assert.ThrowsAsync<DokployException>(() => ChangeAsync(dokploy.Client, call));

        Assert.Equal((DokployFault.NotFound, call), (gone.Kind, gone.Call));
        Assert.Equal((DokployFault.Rejected, call), (there.Kind, there.Call));
        AssertNothingLeaked(gone, dokploy.Logs);
    }

    [Fact]
    public async Task What_is_not_there_reads_as_null()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server
            .On("project.one", Replies.Error(404, "NOT_FOUND", "Project not found", "project.one"))
            .On("application.one", Replies.Error(404, "NOT_FOUND", "Application not found", "application.one"));

        Assert.Null(await dokploy.Client.GetProjectAsync("p", Stop));
        Assert.Null(await dokploy.Client.GetApplicationAsync("a", Stop));

        // However it is worded: it is the path that tells a missing object from a missing call.
        dokploy.Server.On("project.one", Replies.Error(404, "NOT_FOUND", "Not found", "project.one"));
        Assert.Null(await dokploy.Client.GetProjectAsync("p", Stop));
    }

    [Fact]
    public async Task The_database_check_tells_well_from_down()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("settings.health", Replies.DatabaseWell, Replies.DatabaseDown);

        Assert.True(await dokploy.Client.IsDatabaseHealthyAsync(Stop));
        Assert.False(await dokploy.Client.IsDatabaseHealthyAsync(Stop));
    }

    private static async Task<bool> RemoveAsync(DokployClient client, string call) => call switch
    {
        "application.delete" => await client.DeleteApplicationAsync("x", Stop),
        "project.remove" => await client.RemoveProjectAsync("x", Stop),
        "domain.delete" => await client.DeleteDomainAsync("x", Stop),
        _ => await client.RemoveMountAsync("x", Stop),
    };

    private static Task ChangeAsync(DokployClient client, string call) => call switch
    {
        "application.update" => client.UpdateApplicationAsync("a", new ApplicationSettings { Image = "i:1" }, Stop),
        "domain.create" => client.CreateDomainAsync("a", Domain, Stop),
        _ => client.CreateVolumeMountAsync("a", "v", "/v", Stop),
    };

    private static void AssertNothingLeaked(DokployException fault, string logs)
    {
        foreach (var text in new[] { fault.Message, fault.ToString(), fault.Diagnostic ?? "", logs })
        {
            Assert.DoesNotContain("leaked-parameter", text, StringComparison.Ordinal);
            Assert.DoesNotContain("insert into", text, StringComparison.Ordinal);
            Assert.DoesNotContain(DokployBench.Token, text, StringComparison.Ordinal);
        }

        Assert.Contains(fault.Call, logs, StringComparison.Ordinal);
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class NeverConnects : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new TaskCanceledException("cancelled", new TimeoutException());
    }
}
