using System.Net;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>Lists, cancel and retry, as a script uses them. Tests tell each other apart by the names of their stacks.</summary>
public sealed class DeploymentsApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_walked_by_its_next_addresses_newest_first_and_keeps_its_filters()
    {
        var person = portal.NewPerson();
        var started = new List<string>();
        foreach (var n in Enumerable.Range(1, 5))
        {
            started.Add((await person.StartAsync($"walk-{n}")).Text("deploymentId"));
        }

        var walked = new List<string>();
        for (var next = "/api/deployments?name=WALK-&mine=true&take=2"; next is not null;)
        {
            var page = await person.GetJsonAsync(next[1..]);
            Assert.Equal((5, 2), (page["total"]!.GetValue<int>(), page["take"]!.GetValue<int>()));
            walked.AddRange(page["items"]!.AsArray().Select(i => i!.Text("deploymentId")));
            next = page["next"]?.GetValue<string>();
        }

        Assert.Equal(started.Order().Reverse(), walked);
        Assert.Empty((await portal.NewPerson().GetJsonAsync("api/deployments?name=walk-&mine=true"))["items"]!.AsArray());
        Assert.Empty((await portal.NewScript().GetJsonAsync("api/deployments?name=walk-&mine=true"))["items"]!.AsArray());
        Assert.Equal(5, (await portal.NewScript().GetJsonAsync("api/deployments?name=walk-"))["total"]!.GetValue<int>());
        Assert.Empty((await person.GetJsonAsync("api/deployments?name=walk-&skip=5"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_is_begun_between_two_pages_moves_no_row_to_another_page()
    {
        var person = portal.NewPerson();
        var started = new List<string>();
        foreach (var n in Enumerable.Range(1, 4))
        {
            started.Add((await person.StartAsync($"drift-{n}")).Text("deploymentId"));
        }
        started.Sort(StringComparer.Ordinal);
        var first = await person.GetJsonAsync("api/deployments?name=drift-&skip=1&take=2");
        await person.StartAsync("drift-late");

        var second = await person.GetJsonAsync(first.Text("next")[1..]);

        Assert.Equal([started[2], started[1]], first["items"]!.AsArray().Select(i => i!.Text("deploymentId")));
        Assert.Equal([started[0]], second["items"]!.AsArray().Select(i => i!.Text("deploymentId")));
        Assert.Equal((5, 0), (second["total"]!.GetValue<int>(), second["skip"]!.GetValue<int>()));
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task Deployments_and_deletions_are_told_apart_by_their_kind()
    {
        var person = portal.NewPerson();
        var made = await EndedAsync(person, "kind-lab");
        using var deleted = await person.DeleteAsync("api/stacks/kind-lab?confirm=kind-lab", Token);
        var deletion = (await deleted.ReadJsonAsync()).Text("deploymentId");

        Assert.Equal([made], await IdsAsync(person, "name=kind-lab&kind=deploy"));
        Assert.Equal([deletion], await IdsAsync(person, "name=kind-lab&kind=delete"));
        Assert.Equal(2, (await IdsAsync(person, "name=kind-lab")).Count());
    }

    [Fact]
    public async Task A_wish_to_cancel_that_was_stored_is_answered_so_when_nobody_can_look_any_more()
    {
        await using var troubled = new TroubledPortal();
        await troubled.InitializeAsync();
        using var held = await troubled.HoldAsync("project.create");
        var person = troubled.NewPerson();
        var id = (await person.StartAsync("late-trouble")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);
        troubled.TroubleAfter(nameof(Core.Deployments.IDeploymentStore.ChangeAsync));

        using var answer = await person.PostAsync($"api/deployments/{id}/cancel", null, Token);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        troubled.Trouble = null;
    }

    [Fact]
    public async Task A_default_that_is_sent_answers_what_its_absence_answers()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-default-bad", ImageOutcome.MissingImage);
        var person = portal.NewPerson();
        var id = await EndedAsync(person, "default-lab");
        await EndedAsync(person, "default-bad");
        using var held = await portal.HoldAsync("project.create");
        await person.StartAsync("default-held");
        await held.Arrived.WaitAsync(Token);
        var contract = await ApiContract.ReadAsync(portal.NewScript());

        foreach (var path in new[] { "api/deployments", "api/stacks", $"api/deployments/{id}/events" })
        {
            var defaults = contract.OperationOf("GET", "/" + path).Node["parameters"]!.AsArray()
                .Where(p => p!["schema"]?["default"] is not null).Select(p => $"{p!.Text("name")}={p!["schema"]!["default"]!.ToJsonString().Trim('"')}").ToList();
            Assert.NotEmpty(defaults);
            foreach (var sent in defaults)
            {
                foreach (var accept in new[] { "application/json", "text/event-stream" })
                {
                    Assert.Equal((path, sent, await AnswerAsync($"{path}?name=default-", accept)), (path, sent, await AnswerAsync($"{path}?name=default-&{sent}", accept)));
                }
            }
        }

        async Task<string> AnswerAsync(string address, string accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await person.SendAsync(request, Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            if (answer.Content.Headers.ContentType?.MediaType != "application/json")
            {
                return text;
            }
            var json = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
            // The next address keeps what was asked for.
            json.Remove("next");
            return json.ToJsonString();
        }
    }

    [Fact]
    public async Task Filters_by_status_and_by_stack_find_what_the_single_answer_says()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-filter-bad", ImageOutcome.MissingImage);
        var person = portal.NewPerson();
        var bad = await EndedAsync(person, "filter-bad");
        var good = await EndedAsync(person, "filter-good");
        var stack = (await person.GetJsonAsync($"api/deployments/{bad}")).Text("stackId");

        Assert.Equal([bad], await IdsAsync(person, "name=filter-&status=failed"));
        Assert.Equal(new[] { bad, good }.Order().Reverse(), await IdsAsync(person, "name=filter-&status=failed&status=completed"));
        Assert.Equal([bad], await IdsAsync(person, $"stackId={stack}"));
        Assert.Empty(await IdsAsync(person, "name=filter-&active=true"));
        Assert.Equal(2, (await IdsAsync(person, "name=filter-&active=false")).Count());
        var row = (await person.GetJsonAsync("api/deployments?name=filter-bad"))["items"]![0]!;
        Assert.Equal((await person.StatusAsync(bad)).ToJsonString(), row.ToJsonString());
        Assert.Equal((await person.GetJsonAsync($"api/deployments/{bad}")).ToJsonString(), row.ToJsonString());
    }

    [Theory]
    [InlineData("take=0", "take")]
    [InlineData("take=101", "take")]
    [InlineData("take=ten", "take")]
    [InlineData("take=", "take")]
    [InlineData("take=1&take=2", "take")]
    [InlineData("skip=-1", "skip")]
    [InlineData("skip=1e3", "skip")]
    [InlineData("skip=99999999999999999999", "skip")]
    [InlineData("active=yes", "active")]
    [InlineData("mine=1", "mine")]
    [InlineData("status=done", "status")]
    [InlineData("status=failed&status=", "status")]
    [InlineData("status=3", "status")]
    [InlineData("kind=undo", "kind")]
    [InlineData("kind=deploy&kind=delete", "kind")]
    public async Task A_value_that_cannot_be_is_a_problem_that_names_its_parameter(string query, string parameter)
    {
        using var answer = await portal.NewPerson("nl").GetAsync($"api/deployments?{query}", Token);

        var problem = await answer.AssertProblemAsync(400, "parameter-invalid");
        Assert.Equal(parameter, problem.Text("parameter"));
        Assert.Contains($"\"{parameter}\"", problem.Text("detail"), StringComparison.Ordinal);
        Assert.StartsWith("De parameter", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_nobody_knows_are_ignored() =>
        Assert.NotNull((await portal.NewScript().GetJsonAsync("api/deployments?tkae=3&x=%00"))["items"]);

    [Fact]
    public async Task A_script_without_a_cookie_may_cancel_what_somebody_else_began_and_twice_does_no_harm()
    {
        using var held = await portal.HoldAsync("project.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("cancel-lab")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);
        var script = portal.NewScript();

        using var first = await script.PostAsync($"api/deployments/{id}/cancel", null, Token);
        using var second = await script.PostAsync($"api/deployments/{id}/cancel", null, Token);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        Assert.Equal($"/api/status/{id}", first.Headers.Location!.ToString());
        Assert.False(first.Headers.Contains("Set-Cookie"));
        held.Release();
        await EndAsync(script, id);

        Assert.Equal("cancelled", (await script.StatusAsync(id)).Text("status"));
        using var late = await script.PostAsync($"api/deployments/{id}/cancel", null, Token);
        await late.AssertProblemAsync(409, "deployment-ended");
        Assert.True((await script.GetJsonAsync("api/check/cancel-lab"))["available"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Somebody_elses_failed_deployment_is_tried_again_for_its_owner_and_the_password_stays_theirs()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-retry-lab", ImageOutcome.CrashLoop);
        var owner = portal.NewPerson();
        var begun = await owner.StartAsync("retry-lab");
        await EndAsync(owner, begun.Text("deploymentId"));
        portal.Emulator.World.Outcomes.Set("ai-stack-retry-lab", ImageOutcome.Runs);
        var script = portal.NewScript();

        using var first = await RetryAsync(script, begun.Text("deploymentId"), "once");
        using var second = await RetryAsync(script, begun.Text("deploymentId"), "once");
        var again = await first.ReadJsonAsync();
        Assert.Equal(again.ToJsonString(), (await second.ReadJsonAsync()).ToJsonString());
        Assert.Null(again["credentials"]);
        Assert.False(first.Headers.Contains("Set-Cookie"));
        await EndAsync(script, again.Text("deploymentId"));

        Assert.Equal("completed", (await script.StatusAsync(again.Text("deploymentId"))).Text("status"));
        // What to do about the first one is history.
        var error = (await script.StatusAsync(begun.Text("deploymentId")))["error"]!;
        Assert.Equal(("crash-loop", null), (error.Text("code"), error["remedy"]));
        Assert.True((await owner.GetJsonAsync("api/stacks/retry-lab"))["mine"]!.GetValue<bool>());
        Assert.False((await script.GetJsonAsync("api/stacks/retry-lab"))["mine"]!.GetValue<bool>());
        Assert.Equal(begun["credentials"]!.Text("password"), (await owner.GetJsonAsync("api/stacks/retry-lab/credentials")).Text("password"));
        using var needless = await RetryAsync(script, begun.Text("deploymentId"), "twice");
        var problem = await needless.AssertProblemAsync(409, "retry-not-needed");
        Assert.Equal(again.Text("deploymentId"), problem.Text("deploymentId"));
    }

    [Fact]
    public async Task A_key_that_began_a_deployment_can_be_used_to_try_it_again()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-same-key", ImageOutcome.MissingImage);
        var person = portal.NewPerson();
        var first = (await person.StartAsync("same-key", "one-key")).Text("deploymentId");
        await EndAsync(person, first);

        using var again = await RetryAsync(person, first, "one-key");

        Assert.NotEqual(first, (await again.ReadJsonAsync()).Text("deploymentId"));
    }

    [Fact]
    public async Task What_was_deleted_is_not_brought_back_by_trying_again_and_is_not_said_to_be_there()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-undead-lab", ImageOutcome.MissingImage);
        var person = portal.NewPerson("en");
        var failed = await EndedAsync(person, "undead-lab");
        using var deleted = await person.DeleteAsync("api/stacks/undead-lab?confirm=undead-lab", Token);
        var deletion = (await deleted.ReadJsonAsync()).Text("deploymentId");
        await EndAsync(person, deletion);

        foreach (var id in new[] { failed, deletion })
        {
            using var refused = await RetryAsync(person, id, $"again-{id}");
            var problem = await refused.AssertProblemAsync(409, "cannot-be-retried");
            Assert.Equal(deletion, problem.Text("deploymentId"));
            Assert.Contains("was deleted", problem.Text("detail"), StringComparison.Ordinal);
        }
        using var gone = await person.GetAsync("api/stacks/undead-lab", Token);
        await gone.AssertProblemAsync(404, "stack-not-found");
    }

    [Fact]
    public async Task To_try_a_deletion_again_takes_the_right_to_delete()
    {
        await using var strict = new TroubledPortal().Deny(Web.Security.Policies.RetryDeployment, Web.Security.Policies.AdministerDeployments);
        await strict.InitializeAsync();
        var owner = strict.NewPerson();
        var made = await EndedAsync(owner, "right-lab");
        using var deleted = await owner.DeleteAsync("api/stacks/right-lab?confirm=right-lab", Token);
        var deletion = (await deleted.ReadJsonAsync()).Text("deploymentId");
        await EndAsync(owner, deletion);

        using var deploying = await RetryAsync(owner, made, "one");
        using var deleting = await RetryAsync(owner, deletion, "two");
        using var stranger = await RetryAsync(strict.NewPerson(), deletion, "three");

        await deploying.AssertProblemAsync(403, "not-allowed");
        await deleting.AssertProblemAsync(409, "cannot-be-retried");
        await stranger.AssertProblemAsync(403, "not-allowed");
    }

    private static Task<HttpResponseMessage> RetryAsync(HttpClient client, string id, string key) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"api/deployments/{id}/retry") { Headers = { { "Idempotency-Key", key } } }, Token);

    private static async Task<IEnumerable<string>> IdsAsync(HttpClient client, string query) =>
        (await client.GetJsonAsync($"api/deployments?{query}"))["items"]!.AsArray().Select(i => i!.Text("deploymentId"));

    private static async Task<string> EndedAsync(HttpClient client, string name)
    {
        var id = (await client.StartAsync(name)).Text("deploymentId");
        await EndAsync(client, id);
        return id;
    }

    private static async Task EndAsync(HttpClient client, string id)
    {
        await using var events = await EventReader.OpenAsync(client, id);
        Assert.True((await events.RestAsync())[^1].IsTerminal);
    }
}
