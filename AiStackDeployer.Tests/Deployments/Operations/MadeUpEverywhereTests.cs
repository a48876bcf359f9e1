using System.Net;
using AiStackDeployer.Tests.Mcp;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Deployments.Operations;

/// <summary>What programs and assistants can do with an operation that the product does not have: all that they can do with its own.</summary>
public sealed class MadeUpEverywhereTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_REST_it_begins_is_watched_and_listed_and_the_same_key_is_the_same_one()
    {
        var person = portal.NewPerson();
        await ReadyAsync(person, "made-rest");

        using var begun = await BeginAsync(person, "made-rest", "key-of-made-up-1");
        using var again = await BeginAsync(person, "made-rest", "key-of-made-up-1");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (begun.StatusCode, again.StatusCode));
        var id = (await begun.ReadJsonAsync()).Text("deploymentId");
        Assert.Equal(id, (await again.ReadJsonAsync()).Text("deploymentId"));
        var stream = await person.GetStringAsync($"api/status/{id}", Token);
        Assert.Contains("\"status\":\"in_progress\"", stream, StringComparison.Ordinal);
        Assert.Contains("event: complete", stream, StringComparison.Ordinal);
        var state = await person.GetJsonAsync($"api/deployments/{id}");
        Assert.Equal(("made-up", "completed"), (state.Text("kind"), state.Text("status")));
        Assert.Equal(5, state["steps"]!.AsArray().Count);
        Assert.Equal([id], (await person.GetJsonAsync("api/deployments?kind=made-up&mine=true"))["items"]!.AsArray().Select(row => row!.Text("deploymentId")));
        Assert.Equal("ready", (await person.GetJsonAsync("api/stacks/made-rest")).Text("state"));
    }

    [Fact]
    public async Task Over_REST_an_unknown_stack_is_refused()
    {
        using var unknown = await BeginAsync(portal.NewPerson(), "made-none", null);

        await unknown.AssertProblemAsync(404, "stack-not-found");
    }

    [Fact]
    public async Task Over_MCP_it_begins_and_is_waited_for()
    {
        await using var pipe = await McpPipe.OpenAsync(portal.Services);
        await pipe.Client.DeployAsync("made-mcp");

        var begun = await pipe.Client.AskAsync("operate_stack", new { name = "made-mcp", operation = "made-up" });
        var end = await pipe.Client.EndOfAsync(begun.Text("deployment_id"));

        Assert.Equal(("in_progress", "completed"), (begun.Text("status"), end.Text("status")));
        await pipe.Client.RefuseAsync("unknown-operation", "operate_stack", new { name = "made-mcp", operation = "delete" });
    }

    private static async Task ReadyAsync(HttpClient person, string name)
    {
        var id = (await person.StartAsync(name)).Text("deploymentId");
        await person.GetStringAsync($"api/status/{id}", Token);
    }

    private static async Task<HttpResponseMessage> BeginAsync(HttpClient person, string name, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/stacks/{name}/operations/made-up");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        return await person.SendAsync(request, Token);
    }
}
