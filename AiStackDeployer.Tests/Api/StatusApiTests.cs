using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class StatusApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static int _names;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_opens_on_the_current_state_and_goes_on_without_gap_to_complete()
    {
        using var held = await portal.HoldAsync("project.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("stream-all")).Text("deploymentId");
        await held.Arrived;
        await using var events = await EventReader.OpenAsync(person, id);

        var first = await events.NextAsync();
        Assert.Equal("progress", first.Type);
        Assert.Equal("creating_project", first.Json.Text("status"));
        Assert.Equal("running", Step(first.Json, "ensure_project").Text("outcome"));
        held.Release();
        var rest = Log(await events.RestAsync());

        Assert.Equal("complete", rest[^1].Type);
        Assert.All(rest[..^1], e => Assert.Contains(e.Type, new[] { "progress", "log" }));
        Assert.Equal(Enumerable.Range(1, rest.Count).Select(n => first.Id + n), rest.Select(e => e.Id));
        var progress = rest.Prepend(first).Where(e => e.Type != "log").Select(e => e.Json["progress"]!.GetValue<int>()).ToList();
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(100, progress[^1]);
        string[] order = ["creating_project", "creating_application", "deploying", "completed"];
        Assert.Equal(order, rest.Prepend(first).Where(e => e.Type != "log").Select(e => e.Json.Text("status")).Distinct());
    }

    [Fact]
    public async Task A_stream_is_neither_buffered_nor_compressed_nor_cached()
    {
        var person = portal.NewPerson();
        person.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        var id = (await person.StartAsync("stream-headers")).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(person, id);

        Assert.Equal("text/event-stream", events.Answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["no"], events.Answer.Headers.GetValues("X-Accel-Buffering"));
        Assert.True(events.Answer.Headers.CacheControl!.NoCache);
        Assert.DoesNotContain(events.Answer.Content.Headers.ContentEncoding, e => e != "identity");
        await events.RestAsync();
    }

    [Fact]
    public async Task Last_event_id_replays_exactly_what_is_missing()
    {
        var person = portal.NewPerson();
        var id = (await person.StartAsync("stream-replay")).Text("deploymentId");
        await using (var whole = await EventReader.OpenAsync(person, id))
        {
            await whole.RestAsync();
        }
        await using var fromStart = await EventReader.OpenAsync(person, id, lastEventId: 0);
        var all = await fromStart.RestAsync();
        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long?)n), all.Select(e => e.Id));

        foreach (var last in new[] { 1, all.Count / 2, all.Count - 1 })
        {
            await using var later = await EventReader.OpenAsync(person, id, last);
            Assert.Equal(all.Skip(last), await later.RestAsync());
        }
    }

    [Fact]
    public async Task Who_lost_the_stream_in_the_middle_gets_the_rest_live()
    {
        using var held = await portal.HoldAsync("application.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("stream-resume")).Text("deploymentId");
        await held.Arrived;
        long last;
        await using (var before = await EventReader.OpenAsync(person, id))
        {
            last = (await before.NextAsync()).Id!.Value;
        }

        await using var after = await EventReader.OpenAsync(person, id, last);
        // Nothing was missed: what comes is no event, and says how it stands.
        var standing = await after.NextAsync();
        held.Release();
        var rest = Log(await after.RestAsync());

        Assert.Equal(("progress", null, "creating_application"), (standing.Type, standing.Id, standing.Json.Text("status")));
        Assert.Equal(Enumerable.Range(1, rest.Count).Select(n => (long?)(last + n)), rest.Select(e => e.Id));
        Assert.Equal("complete", rest[^1].Type);
    }

    [Fact]
    public async Task A_finished_deployment_answers_its_terminal_event_at_once_and_alone()
    {
        var (person, id) = await FinishedAsync("stream-late");

        await using var late = await EventReader.OpenAsync(person, id);
        var only = Assert.Single(await late.RestAsync());

        Assert.Equal("complete", only.Type);
        Assert.Equal("completed", only.Json.Text("status"));
    }

    [Fact]
    public async Task Who_has_the_terminal_event_is_told_not_to_come_back()
    {
        var (person, id) = await FinishedAsync("stream-again");
        await using var late = await EventReader.OpenAsync(person, id);
        var end = Assert.Single(await late.RestAsync());

        await using var again = await EventReader.OpenAsync(person, id, end.Id);

        Assert.Equal(HttpStatusCode.NoContent, again.Answer.StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999")]
    [InlineData("999999")]
    public async Task A_last_event_id_that_cannot_be_ends_in_the_terminal_event_all_the_same(string last)
    {
        var (person, id) = await FinishedAsync($"stream-odd-{Interlocked.Increment(ref _names)}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/status/{id}");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        using var answer = await person.SendAsync(request, Token);

        Assert.Contains("event: complete", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_no_watcher()
    {
        // The other tests of this class share the portal and its log, and one of them makes a deployment fail.
        var before = portal.Log.Events.Count;
        using var held = await portal.HoldAsync("project.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("stream-leave")).Text("deploymentId");
        await held.Arrived;
        var signals = portal.Services.GetRequiredService<DeploymentSignals>();
        await using (var events = await EventReader.OpenAsync(person, id))
        {
            await events.NextAsync();
            Assert.Equal(1, signals.WatcherCount);
        }

        await portal.NobodyWatchesAsync(Token);
        held.Release();
        await using var late = await EventReader.OpenAsync(person, id);
        Assert.Equal("complete", (await late.RestAsync())[^1].Type);
        await portal.NobodyWatchesAsync(Token);
        Assert.DoesNotContain(portal.Log.Events.Skip(before), e => e.Exception is not null);
    }

    [Fact]
    public async Task A_failed_deployment_ends_in_an_error_event_with_code_reason_and_remedy()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-stream-fail", ImageOutcome.MissingImage);
        var person = portal.NewPerson("nl");
        var id = (await person.StartAsync("stream-fail")).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(person, id);

        var end = (await events.RestAsync())[^1];

        Assert.Equal("error", end.Type);
        Assert.Equal("failed", end.Json.Text("status"));
        var error = end.Json["error"]!;
        Assert.Equal("image-not-found", error.Text("code"));
        Assert.NotEmpty(error.Text("message"));
        Assert.NotEmpty(error.Text("remedy"));
        Assert.Equal("await_dokploy", error.Text("step"));
        Assert.Equal(end.Json.ToJsonString(), (await person.StatusAsync(id)).ToJsonString());
    }

    [Fact]
    public async Task As_json_a_deployment_has_named_steps_ISO_times_and_no_nulls()
    {
        var (person, id) = await FinishedAsync("status-json");

        var status = (await person.StatusAsync(id)).AsObject();

        Assert.Equal(id, status.Text("deploymentId"));
        Assert.Equal("completed", status.Text("status"));
        Assert.Equal(100, status["progress"]!.GetValue<int>());
        Assert.NotEmpty(status.Text("currentStep"));
        Assert.Equal(
            ["claim_name", "ensure_project", "ensure_application", "configure", "ensure_volumes", "ensure_domain", "trigger_deploy",
                "await_dokploy", "await_container", "await_readiness"],
            status["steps"]!.AsArray().Select(s => s!.Text("step")));
        Assert.All(status["steps"]!.AsArray(), s => Assert.Equal("done", s!.Text("outcome")));
        foreach (var moment in new[] { "createdAt", "startedAt", "finishedAt" })
        {
            Assert.True(DateTimeOffset.TryParseExact(
                status.Text(moment), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), moment);
        }
        Assert.DoesNotContain("null", status.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(status["error"]);
        Assert.Null(status["ownerId"]);
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("APPLICATION/JSON", "application/json")]
    [InlineData("application/json, text/event-stream", "text/event-stream")]
    [InlineData("*/*", "text/event-stream")]
    [InlineData("text/html", "text/event-stream")]
    [InlineData("not a media type", "text/event-stream")]
    public async Task Accept_decides_between_json_and_stream(string accept, string type)
    {
        var (person, id) = await FinishedAsync($"accept-{Interlocked.Increment(ref _names)}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/status/{id}");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await person.SendAsync(request, Token);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task An_unknown_id_is_a_problem_in_either_form(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/status/dep_1_unknown");
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await portal.NewScript().SendAsync(request, Token);

        await answer.AssertProblemAsync(404, "deployment-not-found");
    }

    private async Task<(HttpClient Person, string Id)> FinishedAsync(string name)
    {
        var person = portal.NewPerson();
        var id = (await person.StartAsync(name)).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(person, id);
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        return (person, id);
    }

    /// <summary>The events themselves. How it stands may come between them at any time.</summary>
    private static List<SeenEvent> Log(List<SeenEvent> seen) => [.. seen.Where(e => e.Id is not null)];

    private static JsonNode Step(JsonNode status, string step) => status["steps"]!.AsArray().Single(s => s!.Text("step") == step)!;
}
