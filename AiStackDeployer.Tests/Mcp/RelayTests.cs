using System.IO.Pipelines;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp.Relay;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The relay without its process, before a real portal: what it makes of answers that do not come.</summary>
public sealed class RelayTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int GivesUpAfter = 120_000;

    private const string NoStack = """{"name":"no-stack","confirm_name":"no-stack"}""";

    private const string Rehearsal = """{"name":"no-stack","dry_run":true}""";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(nameof(Fate.AnswerIsCutOff))]
    [InlineData(nameof(Fate.AnswerIsAnError))]
    public async Task A_stack_whose_answer_was_lost_is_found_again_with_its_password_by_the_key_that_the_relay_names(string fate)
    {
        var name = $"lost-{fate.ToLowerInvariant()[^6..]}";
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using var relay = await OpenAsync(way.Root);
        way.FateOf = Once("deploy_stack", Enum.Parse<Fate>(fate));

        var refusal = await relay.Pipe.Client.RefuseAsync("portal-lost", "deploy_stack", new { name });

        var next = refusal.Text("next");
        var key = next[next.IndexOf("key_", StringComparison.Ordinal)..next.IndexOf(':', StringComparison.Ordinal)];
        var found = await relay.Pipe.Client.AskAsync("deploy_stack", new { name, idempotency_key = key });
        var list = (await relay.Pipe.Client.AskAsync("list_deployments", new { search = name }))["deployments"]!.AsArray();
        Assert.Equal(found.Text("deployment_id"), Assert.Single(list)!.Text("deployment_id"));
        Assert.NotEmpty(found["credentials"]!.Text("password"));
    }

    [Fact]
    public async Task A_key_of_the_callers_own_is_passed_on_and_named()
    {
        const string idempotency_key = "2f8d1c07-e94a-4b53-8d60-71ab3ce5f942";
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using var relay = await OpenAsync(way.Root);
        way.FateOf = Once("deploy_stack", Fate.AnswerIsCutOff);

        var refusal = await relay.Pipe.Client.RefuseAsync("portal-lost", "deploy_stack", new { name = "lost-own", idempotency_key });

        Assert.Contains(idempotency_key, refusal.Text("next"), StringComparison.Ordinal);
        Assert.Equal(idempotency_key, (await relay.Pipe.Client.AskAsync("deploy_stack", new { name = "lost-own", idempotency_key })).Text("idempotency_key"));
    }

    [Theory]
    [InlineData("delete_stack", NoStack, nameof(Fate.AnswerIsAnError), "portal-lost", "list_deployments before", true)]
    [InlineData("delete_stack", NoStack, nameof(Fate.AnswerIsCutOff), "portal-lost", "list_deployments before", true)]
    // The key may be another's than the owner's, who alone is told them.
    [InlineData("deploy_stack", """{"name":"no-stack","retry_of":"dep_1"}""", nameof(Fate.AnswerIsCutOff), "portal-lost", ": it answers what was begun.", true)]
    [InlineData("deploy_stack", Rehearsal, nameof(Fate.AnswerIsCutOff), "portal-lost", "Call deploy_stack again.", false)]
    [InlineData("deploy_stack", Rehearsal, nameof(Fate.AnswerIsAnError), "portal-in-trouble", "again in a minute", false)]
    [InlineData("list_deployments", "{}", nameof(Fate.AnswerIsCutOff), "portal-lost", "Call list_deployments again.", false)]
    [InlineData("list_deployments", "{}", nameof(Fate.AnswerIsAnError), "portal-in-trouble", "again in a minute", false)]
    [InlineData("check_name_availability", """{"name":"no-stack"}""", nameof(Fate.AnswerIsCutOff), "portal-lost", "Call check_name_availability again.", false)]
    [InlineData("diagnose_deployment", """{"deployment_id":"dep_1"}""", nameof(Fate.AnswerIsCutOff), "portal-lost", "Call diagnose_deployment again.", false)]
    [InlineData("cancel_deployment", """{"deployment_id":"dep_1"}""", nameof(Fate.AnswerIsCutOff), "portal-lost", "Call cancel_deployment again.", false)]
    public async Task What_only_looks_may_be_called_again_and_what_begins_something_is_looked_for_first(
        string tool, string arguments, string fate, string code, string next, bool mayHaveBegun)
    {
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using var relay = await OpenAsync(way.Root);
        way.FateOf = Once(tool, Enum.Parse<Fate>(fate));

        var refusal = await relay.Pipe.Client.RefuseAsync(code, tool, JsonNode.Parse(arguments));

        Assert.Contains(next, refusal.Text("next"), StringComparison.Ordinal);
        Assert.Equal(mayHaveBegun, refusal.Text("message").Contains("What was begun there goes on", StringComparison.Ordinal));
        await relay.Pipe.Client.AskAsync("list_deployments");
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_wait_survives_what_happens_to_other_calls()
    {
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using var relay = await OpenAsync(way.Root);
        using var gate = await portal.HoldAsync("application.create");
        var client = relay.Pipe.Client;
        var deployment_id = (await client.AskAsync("deploy_stack", new { name = "relay-survives" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var told = new Told();
        var waiting = client.CallToolAsync(
            "wait_for_deployment", new Dictionary<string, object?> { ["deployment_id"] = deployment_id, ["timeout_seconds"] = 300 },
            told, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        await told.CountAsync(1);

        await client.RefuseAsync("call-too-large", "check_name_availability", new { name = new string('a', 70_000) });
        way.FateOf = Once("list_deployments", Fate.AnswerIsCutOff);
        await client.RefuseAsync("portal-lost", "list_deployments");
        // On the next connection; the wait is still on the one before.
        await client.AskAsync("list_deployments");
        gate.Release();

        Assert.Equal("completed", (await waiting).StructuredContent!.Value.GetProperty("status").GetString());
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task An_answer_that_does_not_come_is_waited_for_as_long_as_the_call_may_take()
    {
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using var relay = await OpenAsync(way.Root);
        var client = relay.Pipe.Client;
        await client.AskAsync("list_deployments");
        way.FateOf = _ => Fate.IsSwallowed;
        var list = client.RefuseAsync("portal-lost", "list_deployments");
        await way.SwallowedAsync();
        var wait = client.RefuseAsync("portal-lost", "wait_for_deployment", new { deployment_id = "dep_1", timeout_seconds = 60 });
        await way.SwallowedAsync();

        _time.Advance(PortalLink.AnswerTakesAtMost);
        await list.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(75) - PortalLink.AnswerTakesAtMost);

        Assert.Contains("wait_for_deployment again", (await wait.WaitAsync(TestContext.Current.CancellationToken)).Text("next"), StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task When_its_client_has_closed_its_end_a_wait_ends_soon_and_a_stack_that_was_asked_for_still_gets_its_answer_and_key()
    {
        var token = TestContext.Current.CancellationToken;
        var time = new WatchedTime(_time.GetUtcNow());
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        way.FateOf = body => body.Contains("\"name\":\"deploy_stack\"", StringComparison.Ordinal) ? Fate.AnswerIsLate
            : body.Contains("\"name\":\"wait_for_deployment\"", StringComparison.Ordinal) ? Fate.IsSwallowed : Fate.Passes;
        Pipe up = new(), down = new();
        await using var link = new PortalLink(new PortalTarget(way.Root, Token: null), time, NullLoggerFactory.Instance);
        await using var transport = new PipedTransport(up.Reader.AsStream(), down.Writer.AsStream());
        var serving = StdioRelay.ServeAsync(transport, link, time, NullLoggerFactory.Instance);
        using var answers = new StreamReader(down.Reader.AsStream());

        // As a script pipes its lines.
        await up.Writer.WriteAsync(
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"script","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"deploy_stack","arguments":{"name":"relay-last"}}}
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"wait_for_deployment","arguments":{"deployment_id":"dep_1"}}}

            """u8.ToArray(),
            token);
        await way.SwallowedAsync();
        await way.SwallowedAsync();
        await up.Writer.CompleteAsync();
        await time.WaitsForAsync(StdioRelay.LastWords);
        time.Advance(StdioRelay.LastWords);
        var wait = await AnswerAsync(3);
        way.LetGo();
        var stack = await AnswerAsync(2);
        await serving.WaitAsync(token);

        Assert.Contains("Call wait_for_deployment again.", wait["content"]![0]!.Text("text"), StringComparison.Ordinal);
        Assert.StartsWith("key_", stack["structuredContent"]!.Text("idempotency_key"), StringComparison.Ordinal);
        Assert.NotEmpty(stack["structuredContent"]!["credentials"]!.Text("password"));

        async Task<JsonNode> AnswerAsync(int id)
        {
            while (await answers.ReadLineAsync(token) is { } line)
            {
                if (JsonNode.Parse(line) is { } message && message["id"]?.GetValue<int>() == id)
                {
                    return message["result"]!;
                }
            }
            throw new EndOfStreamException($"No answer to {id}.");
        }
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Nothing_of_a_connection_that_it_has_turned_from_stays_open()
    {
        await using var way = await FaultyWay.OpenAsync(portal.Root);
        await using (var relay = await OpenAsync(way.Root))
        {
            await relay.Pipe.Client.AskAsync("list_deployments");
            way.FateOf = Once("list_deployments", Fate.AnswerIsCutOff);
            await relay.Pipe.Client.RefuseAsync("portal-lost", "list_deployments");
            await relay.Pipe.Client.AskAsync("list_deployments");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await way.AllClosedAsync();
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
    public void A_token_goes_over_no_network_without_https(string url, string? token, bool isRefused) =>
        Assert.Equal(isRefused, Target(url, token).WouldShowToken);

    [Fact]
    public async Task A_token_that_everybody_could_read_is_not_sent()
    {
        await using var relay = await OpenAsync(Target("http://portal.example.org", "token-of-somebody"));

        var refusal = await relay.Pipe.Client.RefuseAsync("portal-token-unsafe", "list_deployments");

        Assert.Contains("https", refusal.Text("next"), StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-somebody", refusal.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_did_not_expand_counts_as_not_set()
    {
        var target = Target("${PORTAL_URL:-http://localhost:3000}", "${PORTAL_TOKEN:-}");

        Assert.Equal((new Uri("http://localhost:3000/mcp"), null), (target.Endpoint, target.Token));
    }

    private static PortalTarget Target(string url, string? token) =>
        PortalTarget.Read(key => key == PortalTarget.UrlKey ? url : key == PortalTarget.TokenKey ? token : null);

    /// <summary>This fate for the next call of a tool, and for nothing else.</summary>
    private static Func<string, Fate> Once(string tool, Fate fate)
    {
        var struck = false;
        return body => !struck && body.Contains($"\"name\":\"{tool}\"", StringComparison.Ordinal) && (struck = true) ? fate : Fate.Passes;
    }

    private Task<Relay> OpenAsync(Uri root) => OpenAsync(new PortalTarget(root, Token: null));

    private async Task<Relay> OpenAsync(PortalTarget target)
    {
        var link = new PortalLink(target, _time, NullLoggerFactory.Instance);
        return new Relay(await McpPipe.OpenAsync(StdioRelay.OptionsFor(link), services: null), link);
    }

    private sealed record Relay(McpPipe Pipe, PortalLink Link) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Pipe.DisposeAsync();
            await Link.DisposeAsync();
        }
    }
}
