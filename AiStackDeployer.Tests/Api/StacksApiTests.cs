using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class StacksApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stacks_are_filtered_sorted_and_paged()
    {
        var person = portal.NewPerson();
        portal.Emulator.World.Outcomes.Set("ai-stack-sort-bad", ImageOutcome.MissingImage);
        foreach (var name in new[] { "sort-b", "sort-a", "sort-bad", "sort-c" })
        {
            await EndedAsync(person, name);
        }

        Assert.Equal(["sort-c", "sort-bad", "sort-a", "sort-b"], await NamesAsync("name=sort-"));
        Assert.Equal(["sort-b", "sort-a", "sort-bad", "sort-c"], await NamesAsync("name=sort-&order=asc"));
        Assert.Equal(["sort-a", "sort-b", "sort-bad", "sort-c"], await NamesAsync("name=sort-&sort=name"));
        Assert.Equal(["sort-c", "sort-bad", "sort-b", "sort-a"], await NamesAsync("name=sort-&sort=name&order=desc"));
        Assert.Equal(["sort-bad"], await NamesAsync("name=sort-&state=failed"));
        Assert.Equal(["sort-c", "sort-bad", "sort-a", "sort-b"], await NamesAsync("name=sort-&state=failed&state=ready"));
        Assert.Equal(["sort-bad", "sort-c"], await NamesAsync("name=sort-&sort=name&skip=2&take=2"));
        var first = await person.GetJsonAsync("api/stacks?name=sort-&take=3");
        Assert.Equal("/api/stacks?name=sort-&take=3&skip=3", first.Text("next"));
        Assert.Equal(0, (await portal.NewPerson().GetJsonAsync("api/stacks?name=sort-&mine=true"))["total"]!.GetValue<int>());

        async Task<IEnumerable<string>> NamesAsync(string query) =>
            (await person.GetJsonAsync($"api/stacks?{query}&mine=true"))["items"]!.AsArray().Select(i => i!.Text("name"));
    }

    [Fact]
    public async Task A_stack_tells_of_its_last_deployment_and_whose_it_is_only_to_its_owner()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-told-lab", ImageOutcome.MissingImage);
        var person = portal.NewPerson("en");
        var id = await EndedAsync(person, "told-lab");

        var stack = await person.GetJsonAsync("api/stacks/told-lab");

        Assert.Equal(("failed", "failed", "image-not-found", id),
            (stack.Text("state"), stack.Text("deploymentStatus"), stack.Text("errorCode"), stack.Text("deploymentId")));
        Assert.True(stack["mine"]!.GetValue<bool>());
        var others = await portal.NewPerson("en").GetJsonAsync("api/stacks/told-lab");
        Assert.False(others["mine"]!.GetValue<bool>());
        Assert.DoesNotContain("usr_", others.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_stack_tells_whether_it_still_answers_and_its_log_but_not_its_stream_goes_on_after_the_end()
    {
        var person = portal.NewPerson("en");
        var id = await EndedAsync(person, "silent-lab");
        var before = await person.GetJsonAsync("api/stacks/silent-lab");
        Assert.Equal(("answering", "Ready", "1.18"), (before["health"]!.Text("state"), before.Text("summary"), before.Text("openCodeVersion")));
        Assert.Equal(["seenAt", "since", "state"], before["health"]!.AsObject().Select(m => m.Key).Order());
        var application = portal.Emulator.World.Applications.Single(a => a.Name == "ai-stack-silent-lab");

        await portal.Emulator.DoAsync("application.stop", new { applicationId = application.ApplicationId });
        await portal.Services.GetRequiredService<IDeploymentStore>().ChangeAsync(
            id, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Http), d.FinishedAt!.Value.AddSeconds(1)), Token);

        var stack = await person.GetJsonAsync("api/stacks/silent-lab");
        Assert.Equal("ready", stack.Text("state"));
        Assert.StartsWith("Not answering since ", stack.Text("summary"), StringComparison.Ordinal);
        Assert.Equal(("not_answering", "http"), (stack["health"]!.Text("state"), stack["health"]!.Text("layer")));
        Assert.StartsWith("Its address returns an error", stack["health"]!.Text("message"), StringComparison.Ordinal);
        Assert.NotEmpty(stack["health"]!.Text("remedy"));
        Assert.Equal(["silent-lab"], (await person.GetJsonAsync("api/stacks?mine=true&health=not_answering&health=missing"))["items"]!.AsArray().Select(i => i!.Text("name")));
        Assert.Equal("not-answering", (await person.GetJsonAsync($"api/deployments/{id}/diagnosis")).Text("code"));

        var events = await person.GetJsonAsync($"api/deployments/{id}/events?take=500");
        Assert.Equal(("complete", true), (events["items"]!.AsArray()[^1]!.Text("type"), events["ended"]!.GetValue<bool>()));
        Assert.EndsWith("The stack has stopped answering. Its address returns an error; most likely its container is not running.\n",
            await person.GetStringAsync($"api/deployments/{id}/log", Token), StringComparison.Ordinal);
        await using var stream = await EventReader.OpenAsync(person, id);
        Assert.Equal("complete", Assert.Single(await stream.RestAsync()).Type);
        var last = events["items"]!.AsArray()[^1]!["id"]!.GetValue<long>();
        Assert.Equal("complete", Assert.Single(await (await EventReader.OpenAsync(person, id, last - 1)).RestAsync()).Type);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("NONE")]
    [InlineData("-")]
    [InlineData("a%20b")]
    [InlineData("%2e%2e")]
    public async Task A_name_that_no_stack_has_or_can_have_is_not_found(string name)
    {
        using var answer = await portal.NewScript().GetAsync($"api/stacks/{name}", Token);

        await answer.AssertProblemAsync(404, name.StartsWith("%2e", StringComparison.Ordinal) ? "not-found" : "stack-not-found");
    }

    [Fact]
    public async Task Credentials_are_for_who_sends_the_owners_cookie_and_for_nobody_else()
    {
        const string key = "6f0f53a6-4b0f-4a1a-a2f5-7f9e0c0b1a11";
        var owner = portal.NewPerson();
        var begun = await owner.StartAsync("secret-lab", key);
        await EndedAsync(portal.NewPerson(), "others-lab");

        using var own = await owner.GetAsync("api/stacks/secret-lab/credentials", Token);
        Assert.True(own.Headers.CacheControl!.NoStore);
        var credentials = await own.ReadJsonAsync();
        Assert.Equal(begun["credentials"]!.Text("password"), credentials.Text("password"));
        Assert.Equal(("secret-lab", "opencode"), (credentials.Text("name"), credentials.Text("username")));

        var script = portal.NewScript();
        script.DefaultRequestHeaders.Add("Idempotency-Key", key);
        foreach (var stranger in new[] { portal.NewPerson(), portal.NewScript(), script })
        {
            using var refused = await stranger.GetAsync("api/stacks/secret-lab/credentials", Token);
            await refused.AssertProblemAsync(403, "not-owner");
            Assert.DoesNotContain(credentials.Text("password"), await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        using var none = await owner.GetAsync("api/stacks/none/credentials", Token);
        await none.AssertProblemAsync(404, "stack-not-found");
    }

    [Fact]
    public async Task A_stack_is_deleted_by_whoever_confirms_its_name_and_then_its_name_is_free()
    {
        var owner = portal.NewPerson("en");
        var made = await EndedAsync(owner, "gone-lab");
        var script = portal.NewScript();
        using var careless = await script.DeleteAsync("api/stacks/gone-lab", Token);
        await careless.AssertProblemAsync(400, "confirmation-differs");
        using var other = await script.DeleteAsync("api/stacks/gone-lab?confirm=GONE-LAB", Token);
        await other.AssertProblemAsync(400, "confirmation-differs");
        Assert.Equal("ready", (await owner.GetJsonAsync("api/stacks/gone-lab")).Text("state"));

        using var accepted = await script.DeleteAsync("api/stacks/gone-lab?confirm=gone-lab", Token);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.False(accepted.Headers.Contains("Set-Cookie"));
        var begun = await accepted.ReadJsonAsync();
        var id = begun.Text("deploymentId");
        Assert.NotEqual(made, id);
        Assert.Equal((begun.Text("statusEndpoint"), "gone-lab"), (accepted.Headers.Location!.ToString(), begun.Text("name")));
        await using var events = await EventReader.OpenAsync(script, id);
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);

        var deletion = await owner.StatusAsync(id);
        Assert.Equal(("delete", "completed"), (deletion.Text("kind"), deletion.Text("status")));
        Assert.Equal(2, deletion["keptVolumes"]!.AsArray().Count);
        Assert.DoesNotContain(portal.Emulator.World.Projects, p => p.Name == "ai-stack-gone-lab");
        Assert.True((await script.GetJsonAsync("api/check/gone-lab"))["available"]!.GetValue<bool>());
        using var late = await script.DeleteAsync("api/stacks/gone-lab?confirm=gone-lab", Token);
        await late.AssertProblemAsync(404, "stack-not-found");
    }

    [Fact]
    public async Task The_same_key_is_the_same_deletion_also_when_somebody_else_has_the_name_by_then()
    {
        var person = portal.NewPerson();
        var old = (await person.GetJsonAsync($"api/deployments/{await EndedAsync(person, "again-lab")}")).Text("stackId");
        using var first = await DeleteAsync(person, "again-lab", "my-key");
        var id = (await first.ReadJsonAsync()).Text("deploymentId");
        await using (var events = await EventReader.OpenAsync(person, id))
        {
            Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        }
        await AssertSameAsync("after its end");
        await EndedAsync(portal.NewPerson(), "again-lab");
        await AssertSameAsync("after the name was taken anew");

        using var other = await DeleteAsync(person, "other-lab", "my-key");
        await other.AssertProblemAsync(422, "idempotency-key-reused");
        // Somebody else's key of the same text is another key, and no key at all finds nothing: what guards then is the stack's id.
        using var meant = await DeleteAsync(portal.NewPerson(), "again-lab", "my-key", $"&stackId={old}");
        await meant.AssertProblemAsync(409, "stack-differs");
        using var keyless = await DeleteAsync(person, "again-lab", null, $"&stackId={old}");
        await keyless.AssertProblemAsync(409, "stack-differs");
        Assert.Equal("ready", (await person.GetJsonAsync("api/stacks/again-lab")).Text("state"));

        async Task AssertSameAsync(string when)
        {
            using var again = await DeleteAsync(person, "again-lab", "my-key");
            Assert.Equal((when, System.Net.HttpStatusCode.Accepted, id), (when, again.StatusCode, (await again.ReadJsonAsync())["deploymentId"]?.GetValue<string>()));
        }
    }

    [Fact]
    public async Task A_stack_is_deleted_by_its_name_and_the_id_that_it_has()
    {
        var person = portal.NewPerson();
        var made = (await person.GetJsonAsync($"api/deployments/{await EndedAsync(person, "meant-lab")}")).Text("stackId");

        using var accepted = await DeleteAsync(person, "meant-lab", null, $"&stackId={made}");

        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task While_it_is_being_made_a_stack_is_not_deleted_and_a_deletion_is_not_cancelled()
    {
        var person = portal.NewPerson();
        using (var held = await portal.HoldAsync("project.create"))
        {
            var making = (await person.StartAsync("busy-lab")).Text("deploymentId");
            await held.Arrived.WaitAsync(Token);
            using var busy = await person.DeleteAsync("api/stacks/busy-lab?confirm=busy-lab", Token);
            Assert.Equal(making, (await busy.AssertProblemAsync(409, "stack-busy")).Text("deploymentId"));
            Assert.NotNull(busy.Headers.RetryAfter);
            held.Release();
            await using var events = await EventReader.OpenAsync(person, making);
            await events.RestAsync();
        }
        using (var held = await portal.HoldAsync("application.delete"))
        {
            using var deleting = await person.DeleteAsync("api/stacks/busy-lab?confirm=busy-lab", Token);
            var id = (await deleting.ReadJsonAsync()).Text("deploymentId");
            await held.Arrived.WaitAsync(Token);
            using var refused = await person.PostAsync($"api/deployments/{id}/cancel", null, Token);
            await refused.AssertProblemAsync(409, "cannot-be-cancelled");
            Assert.Equal([id], (await person.GetJsonAsync("api/deployments?status=deleting&name=busy-lab"))["items"]!.AsArray().Select(i => i!.Text("deploymentId")));
            held.Release();
            await using var events = await EventReader.OpenAsync(person, id);
            Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        }
    }

    [Fact]
    public async Task Figures_are_what_the_administrators_page_counts()
    {
        await EndedAsync(portal.NewPerson(), "figure-lab");
        using var held = await portal.HoldAsync("project.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("figure-held")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);

        var figures = await portal.NewScript().GetJsonAsync("api/figures");

        Assert.Equal((1, 1), (figures["inProgress"]!.GetValue<int>(), figures["activeDeployments"]!.GetValue<int>()));
        Assert.True(figures["ready"]!.GetValue<int>() > 0);
        Assert.InRange(figures["successSevenDays"]!.GetValue<double>(), 0.01, 1);
        Assert.True(figures["readyInP95TodaySeconds"]!.GetValue<double>() > 0);
        held.Release();
        await using var events = await EventReader.OpenAsync(person, id);
        await events.RestAsync();
    }

    private static async Task<HttpResponseMessage> DeleteAsync(HttpClient client, string name, string? key, string more = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"api/stacks/{name}?confirm={name}{more}");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        return await client.SendAsync(request, Token);
    }

    private static async Task<string> EndedAsync(HttpClient client, string name)
    {
        var id = (await client.StartAsync(name)).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(client, id);
        Assert.True((await events.RestAsync())[^1].IsTerminal);
        return id;
    }
}
