using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The relay without its process, as a script uses it: lines go in, answers come out.</summary>
public sealed class RelayTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int GivesUpAfter = 120_000;

    private const string Words = "SELECT secret FROM table";

    private const string Greeting =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"script","version":"1"}}}""";

    private const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_deployments","arguments":{}}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = GivesUpAfter)]
    public async Task All_that_was_asked_before_the_input_ended_is_answered()
    {
        var (answers, errors) = await PipeAsync(
            Target(portal.Root.ToString()),
            [
                Greeting,
                """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
                "no message at all",
                """{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}""",
                """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":true}}""",
                """{"jsonrpc":"2.0","id":"tools","method":"tools/list"}""",
                """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"deploy_stack","arguments":{"name":"relay-piped"}}}""",
            ],
            TestContext.Current.CancellationToken);

        Assert.Empty(errors);
        Assert.Equal("ai-stack-deployer", answers["1"]["result"]!["serverInfo"]!.Text("name"));
        Assert.Contains(answers["tools"]["result"]!["tools"]!.AsArray(), t => t!.Text("name") == "deploy_stack");
        Assert.NotEmpty(answers["3"]["result"]!["structuredContent"]!["credentials"]!.Text("password"));
        Assert.Equal(3, answers.Count);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Where_no_portal_answers_each_request_is_told_and_standard_error_once()
    {
        var port = FreePort.Next();

        var (answers, errors) = await PipeAsync(Target($"http://127.0.0.1:{port}"), [Greeting, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}"""], TestContext.Current.CancellationToken);

        var sentence = $"No portal answers at http://127.0.0.1:{port}: start one (dotnet run --project AiStackDeployer.Web) or set PORTAL_URL.";
        Assert.Equal([sentence, sentence], answers.Values.Select(a => a["error"]!.Text("message")));
        Assert.Equal(sentence, errors.Trim());
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData(401, null, Words, "refuses the call: set PORTAL_TOKEN")]
    [InlineData(403, "application/json", """{"jsonrpc":"2.0","id":$id,"error":{"code":-32000,"message":"SELECT secret FROM table"}}""", "refuses the call")]
    [InlineData(404, null, Words, "is not this portal, or an older one (status 404)")]
    [InlineData(503, null, Words, "answers with an error now")]
    [InlineData(302, null, Words, "redirects elsewhere")]
    [InlineData(200, "text/html", "<html>" + Words, "or a page to sign in at")]
    [InlineData(200, "application/json", "{}", "or a page to sign in at")]
    [InlineData(200, null, "", "or a page to sign in at")]
    public async Task The_token_goes_to_the_portal_alone_and_its_answer_is_explained_without_its_words(int status, string? type, string body, string told)
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await ServeAsync(async context =>
        {
            seen.Enqueue(context.Request.Headers.Authorization.ToString());
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://elsewhere.example.org/mcp";
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body.Replace("$id", await IdOf(context), StringComparison.Ordinal), Token);
        });

        var (answers, errors) = await PipeAsync(Target(server.Urls.Single(), "token-of-somebody"), [Greeting, List], TestContext.Current.CancellationToken);

        Assert.Equal(2, answers.Count);
        Assert.All(answers.Values, a => Assert.Contains(told, a["error"]!.Text("message"), StringComparison.Ordinal));
        Assert.NotEmpty(seen);
        Assert.All(seen, authorization => Assert.Equal("Bearer token-of-somebody", authorization));
        var all = string.Concat(answers.Values.Select(a => a.ToJsonString())) + errors;
        Assert.DoesNotContain("token-of-somebody", all, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT", all, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task An_answer_that_is_lost_is_said_to_leave_open_what_has_begun()
    {
        await using var server = await ServeAsync(async context =>
        {
            if (await IdOf(context) is var id && id != "1")
            {
                context.Abort();
                return;
            }
            await context.Response.WriteAsJsonAsync(
                JsonNode.Parse($$"""{"jsonrpc":"2.0","id":{{id}},"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"x","version":"1"} } }"""),
                Token);
        });

        var (answers, _) = await PipeAsync(Target(server.Urls.Single()), [Greeting, List], TestContext.Current.CancellationToken);

        Assert.NotNull(answers["1"]["result"]);
        Assert.Contains("was lost. Before you repeat", answers["2"]["error"]!.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://portal.example.org", "t", true)]
    [InlineData("https://portal.example.org", "t", false)]
    [InlineData("http://portal.example.org", null, false)]
    [InlineData("http://localhost:3000", "t", false)]
    [InlineData("http://127.0.0.1:3000", "t", false)]
    [InlineData("http://[::1]:3000", "t", false)]
    [InlineData("http://portal.localhost:3000", "t", false)]
    [InlineData("http://localhost.example.org", "t", true)]
    [InlineData("ftp://example.org", null, true)]
    [InlineData("localhost:3000", null, true)]
    public void Nothing_is_sent_without_an_address_and_no_token_without_https(string url, string? token, bool isRefused) =>
        Assert.Equal(isRefused, Target(url, token).Fault is not null);

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_may_not_be_sent_is_refused_with_what_to_set()
    {
        var (answers, errors) = await PipeAsync(Target("http://portal.example.org", "token-of-somebody"), [Greeting], TestContext.Current.CancellationToken);

        Assert.Contains("set PORTAL_URL to the portal's https address", answers["1"]["error"]!.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-somebody", errors + answers["1"].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_did_not_expand_counts_as_not_set()
    {
        var target = Target("${PORTAL_URL:-http://localhost:3000}", "${PORTAL_TOKEN:-}");

        Assert.Equal((new Uri("http://localhost:3000/mcp"), null), (target.Endpoint, target.Token));
    }

    private static PortalTarget Target(string url, string? token = null) =>
        PortalTarget.Read(key => key == PortalTarget.UrlKey ? url : key == PortalTarget.TokenKey ? token : null);

    /// <summary>Answers by their id, and what stood on standard error.</summary>
    private static async Task<(Dictionary<string, JsonNode> Answers, string Errors)> PipeAsync(
        PortalTarget target, string[] lines, CancellationToken cancellationToken)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        await StdioRelay.ServeAsync(input, output, target, errors).WaitAsync(cancellationToken);
        var answers = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
        return (answers.ToDictionary(a => a["id"]!.ToString()), errors.ToString());
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }

    private static async Task<string> IdOf(HttpContext context) =>
        JsonNode.Parse(await new StreamReader(context.Request.Body).ReadToEndAsync(Token))!["id"]?.ToJsonString() ?? "null";
}
