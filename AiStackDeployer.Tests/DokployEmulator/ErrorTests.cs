using System.Text;
using System.Text.Json.Nodes;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>What is refused, how, and in which words.</summary>
public sealed class ErrorTests
{
    /// <summary>Call, body, status, code, message, and the broken members ("" = an error of the business, without issues).</summary>
    public static TheoryData<string, string, int, string, string, string> Refusals => new()
    {
        { "project.create", "{}", 400, "BAD_REQUEST", "Input validation failed", "name" },
        { "project.create", "[1]", 400, "BAD_REQUEST", "Input validation failed", "name" },
        { "project.create", "\"x\"", 400, "BAD_REQUEST", "Input validation failed", "name" },
        { "project.create", """{"name":""}""", 400, "BAD_REQUEST", "Input validation failed", "name" },
        { "project.create", """{"name":123}""", 400, "BAD_REQUEST", "Input validation failed", "name" },
        { "project.update", """{"projectId":"nope","description":"d"}""", 404, "NOT_FOUND", "Project not found", "" },
        { "project.remove", """{"projectId":"nope"}""", 404, "NOT_FOUND", "Project not found", "" },
        { "application.create", """{"name":"w","projectId":"old"}""", 400, "BAD_REQUEST", "Input validation failed", "environmentId" },
        { "application.create", """{"name":"w","environmentId":"nope"}""", 404, "NOT_FOUND", "Environment not found", "" },
        { "application.create", """{"name":"w","appName":"bad name!","environmentId":"nope"}""", 400, "BAD_REQUEST", "Input validation failed", "appName" },
        { "application.update", """{"applicationId":"nope","name":"x"}""", 400, "BAD_REQUEST", "Error updating application", "" },
        { "application.update", """{"applicationId":"nope"}""", 500, "INTERNAL_SERVER_ERROR", "No values to set", "" },
        { "application.update", """{"applicationId":"x","memoryLimit":134217728}""", 400, "BAD_REQUEST", "Input validation failed", "memoryLimit" },
        { "application.update", """{"applicationId":"x","sourceType":"hub"}""", 400, "BAD_REQUEST", "Input validation failed", "sourceType" },
        { "application.saveDockerProvider", """{"applicationId":"x","dockerImage":"y"}""", 400, "BAD_REQUEST", "Input validation failed", "username password registryUrl" },
        { "application.saveEnvironment", """{"applicationId":"x","env":"A=1"}""", 400, "BAD_REQUEST", "Input validation failed", "buildArgs buildSecrets createEnvFile" },
        { "application.deploy", """{"applicationId":"nope"}""", 404, "NOT_FOUND", "Application not found", "" },
        { "application.redeploy", """{"applicationId":"nope"}""", 404, "NOT_FOUND", "Application not found", "" },
        { "application.stop", """{"applicationId":"nope"}""", 404, "NOT_FOUND", "Application not found", "" },
        { "application.delete", """{"applicationId":"nope"}""", 404, "NOT_FOUND", "Application not found", "" },
        { "domain.create", """{"host":"bad_host.test"}""", 400, "BAD_REQUEST", "Input validation failed", "host" },
        { "domain.create", """{"host":"https://a.test/x"}""", 400, "BAD_REQUEST", "Input validation failed", "host" },
        { "domain.create", """{"host":"*.a.test"}""", 400, "BAD_REQUEST", "Input validation failed", "host" },
        { "domain.create", """{"host":"a.test","port":80.5}""", 400, "BAD_REQUEST", "Input validation failed", "port" },
        { "domain.create", """{"host":" a.test"}""", 400, "BAD_REQUEST", "Input validation failed", "host" },
        { "user.createApiKey", """{"name":"k","metadata":{"organizationId":"foreign"}}""", 403, "FORBIDDEN", "You are not a member of this organization", "" },
        { "domain.create", """{"host":"a.test","port":0}""", 400, "BAD_REQUEST", "Input validation failed", "port" },
        { "domain.create", """{"host":"a.test","certificateType":"self"}""", 400, "BAD_REQUEST", "Input validation failed", "certificateType" },
        { "domain.update", """{"domainId":"nope","port":1}""", 400, "BAD_REQUEST", "Input validation failed", "host" },
        { "domain.update", """{"domainId":"nope","host":"a.b"}""", 404, "NOT_FOUND", "Domain not found", "" },
        { "domain.delete", """{"domainId":"nope"}""", 404, "NOT_FOUND", "Domain not found", "" },
        { "mounts.remove", """{"mountId":"nope"}""", 404, "NOT_FOUND", "Mount not found", "" },
        { "user.createApiKey", """{"name":"k"}""", 400, "BAD_REQUEST", "Input validation failed", "metadata" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_call_names_code_message_and_members(string call, string body, int status, string code, string message, string members)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.PostAsync(call, body);

        Assert.Equal((status, message, code), (answer.Status, answer.Json["message"]!.GetValue<string>(), answer.Json["code"]!.GetValue<string>()));
        var data = answer.Json["data"]!;
        Assert.Equal((code, status, call), (data["code"]!.GetValue<string>(), data["httpStatus"]!.GetValue<int>(), data["path"]!.GetValue<string>()));
        var issues = answer.Json["issues"]?.AsArray().Select(i => i!["path"]![0]!.GetValue<string>()) ?? [];
        Assert.Equal(members, string.Join(' ', issues));
        Assert.Equal(members, string.Join(' ', data["zodError"]?["fieldErrors"]!.AsObject().Select(f => f.Key) ?? []));
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
    }

    [Theory]
    [InlineData("project.one?projectId=nope", 404)]
    [InlineData("project.one?projectId=", 400)]
    [InlineData("project.one", 400)]
    [InlineData("project.search?limit=101", 400)]
    [InlineData("environment.one?environmentId=nope", 404)]
    [InlineData("application.one?applicationId=nope", 404)]
    [InlineData("deployment.readLogs?deploymentId=nope", 404)]
    [InlineData("does.notexist", 404)]
    [InlineData("project.create", 404)]
    public async Task A_query_that_finds_nothing_or_lacks_its_input_is_refused(string call, int status)
    {
        await using var emulator = await TestEmulator.StartAsync();

        Assert.Equal(status, (await emulator.GetAsync(call)).Status);
    }

    [Theory]
    [InlineData("deployment.all?applicationId=nope")]
    [InlineData("environment.byProjectId?projectId=nope")]
    [InlineData("domain.byApplicationId?applicationId=nope")]
    [InlineData("mounts.listByServiceId?serviceType=application&serviceId=nope")]
    [InlineData("docker.getServiceContainersByAppName?appName=nope")]
    public async Task A_list_of_something_unknown_is_empty(string call)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.GetAsync(call);

        Assert.Equal((200, "[]"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task An_unknown_path_has_no_path_in_its_error()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.GetAsync("does.notexist");

        Assert.Equal("""{"message":"Not found","code":"NOT_FOUND","data":{"code":"NOT_FOUND","httpStatus":404,"zodError":null}}""", answer.Text);
    }

    [Theory]
    [InlineData("domain.create", """{"host":"a.test","applicationId":"nope"}""", "insert into \"domain\"")]
    [InlineData("mounts.create", """{"type":"volume","mountPath":"/d","serviceType":"application","serviceId":"nope"}""", "insert into \"mount\"")]
    [InlineData("project.create", """{"name":"a\u0000b"}""", "insert into \"project\"")]
    public async Task A_database_error_leaks_its_statement_and_has_no_issues(string call, string body, string sql)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.PostAsync(call, body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(sql, answer.Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("\nparams: ", answer.Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(answer.Json["issues"]);
    }

    [Theory]
    [InlineData("""{"name": "x" """, 400, "Invalid JSON")]
    [InlineData("name=x", 400, "Invalid JSON")]
    public async Task Malformed_json_is_plain_text_and_seen_before_the_key(string body, int status, string text)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.SendAsync(emulator.Request(HttpMethod.Post, "api/project.create", body, key: "wrong"));

        Assert.Equal((status, text), (answer.Status, answer.Text));
        Assert.Null(answer.ContentHeaders.ContentType);
    }

    [Fact]
    public async Task A_body_over_one_megabyte_is_plain_text_413_and_one_below_is_taken()
    {
        await using var emulator = await TestEmulator.StartAsync();
        static string Body(int size) => new JsonObject { ["name"] = "x", ["description"] = new string('d', size) }.ToJsonString();

        var tooLarge = await emulator.PostAsync("project.create", Body(1_100_000));
        var large = await emulator.PostAsync("project.create", Body(900_000));

        Assert.Equal((413, "Body exceeded 1mb limit"), (tooLarge.Status, tooLarge.Text));
        Assert.Null(tooLarge.ContentHeaders.ContentType);
        Assert.Equal(200, large.Status);
    }

    [Fact]
    public async Task Json_nested_too_deep_is_a_generic_500()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.PostAsync("project.create", "{\"name\":" + new string('[', 5000) + new string(']', 5000) + "}");

        Assert.Equal((500, "Internal server error"), (answer.Status, answer.Json["message"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(null, "Missing content-type header")]
    [InlineData("text/plain", "Unsupported content-type \"text/plain")]
    public async Task A_body_that_is_not_declared_as_json_is_415(string? type, string message)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var request = emulator.Request(HttpMethod.Post, "api/project.create");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"name":"x"}"""));
        request.Content.Headers.ContentType = type is null ? null : new(type);

        var answer = await emulator.SendAsync(request);

        Assert.Equal((415, message), (answer.Status, answer.Json["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Text_is_coerced_for_numbers_and_booleans_so_false_in_quotes_is_true()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var domain = (await emulator.PostAsync("domain.create", """{"host":"a.test","port":"8080","https":"false"}""")).Json;

        Assert.Equal(8080, domain["port"]!.GetValue<int>());
        Assert.True(domain["https"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_path_is_found_in_any_case_a_trailing_slash_is_redirected_and_other_verbs_are_not_found()
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler);

        using var redirect = await http.SendAsync(emulator.Request(HttpMethod.Get, "api/project.all/"), TestEmulator.Token);

        Assert.Equal((308, "/api/project.all"), ((int)redirect.StatusCode, redirect.Headers.Location!.ToString()));
        Assert.Equal(200, (await emulator.GetAsync("Project.All")).Status);
        Assert.Equal(204, (await emulator.SendAsync(emulator.Request(HttpMethod.Head, "api/project.all"))).Status);
        Assert.Equal(404, (await emulator.SendAsync(emulator.Request(HttpMethod.Put, "api/project.create", """{"name":"x"}"""))).Status);
        Assert.Equal(404, (await emulator.SendAsync(emulator.Request(HttpMethod.Options, "api/project.all"))).Status);
    }

    [Fact]
    public async Task An_answer_is_chunked_and_keeps_the_connection_for_five_seconds()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var answer = await emulator.GetAsync("project.all");

        Assert.True(answer.Headers.TransferEncodingChunked);
        Assert.Equal("timeout=5", answer.Headers.GetValues("Keep-Alive").Single());
        Assert.Equal("keep-alive", answer.Headers.Connection.Single());
    }
}
