using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>Two portals on one PostgreSQL and one Dokploy, as processes. Whichever of them runs a deployment, the other one can.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private const int GivesUpAfter = 600_000;

    private readonly List<PortalHome> _homes = [];
    private DokployEmulatorHost _dokploy = null!;
    private TestPostgres _postgres = null!;
    private CuttableLine _line = null!;
    private string _database = null!;
    private readonly BrowserCookies _cookies = new();
    private HttpClient _person = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _dokploy = await DokployEmulatorHost.StartAsync(new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, Token);
        // Of its own: it is restarted here.
        _postgres = await TestPostgres.StartAsync();
        _line = new CuttableLine(_postgres.Port);
        _database = await _postgres.CreateDatabaseAsync();
        var direct = _postgres.UrlOf(_database);
        _homes.Add(PortalHome.For(_dokploy).With("DATABASE_URL", direct));
        _homes.Add(PortalHome.For(_dokploy).With("DATABASE_URL", direct.Replace($":{_postgres.Port}", $":{_line.Port}", StringComparison.Ordinal)));
        await Task.WhenAll(_homes.Select(home => home.StartAsync(Token)));
        _person = At(_homes[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _person.Dispose();
        _cookies.Dispose();
        foreach (var home in _homes)
        {
            await home.DisposeAsync();
        }
        await _line.DisposeAsync();
        await _postgres.DisposeAsync();
        await _dokploy.DisposeAsync();
    }

    /// <summary>In one life of two portals, because their starts are what takes the time.</summary>
    [Fact(Timeout = GivesUpAfter)]
    public async Task What_one_of_them_begins_the_other_shows_goes_on_with_and_never_does_twice()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await A_person_of_one_is_the_same_person_at_the_other_and_watches_there();
        await One_name_asked_of_both_at_once_has_one_winner();
        await Killed_the_other_goes_on();
        await Stopped_it_hands_over();
        await Paused_and_woken_the_older_run_does_nothing_any_more();
        await Cut_off_from_the_database_it_says_so_and_the_other_goes_on();
        await The_database_restarts_and_all_complete();
        await The_next_version_has_upgraded_the_tables_and_the_old_portals_work_on();
    }

    private async Task A_person_of_one_is_the_same_person_at_the_other_and_watches_there()
    {
        using var gate = _dokploy.World.Faults.Hold("domain.create");
        var started = await _person.StartAsync("watched");
        await gate.Arrived.WaitAsync(Token);
        using var there = At(_homes[1]);
        await using var events = await EventReader.OpenAsync(there, started.Text("deploymentId"));

        gate.Release();

        var seen = await events.RestAsync();
        Assert.Equal("complete", seen[^1].Type);
        var ids = seen.Where(e => e.Id is not null).Select(e => e.Id!.Value).ToList();
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(n => ids[0] + n), ids);
        // Of her own stack the password too, which the other portal encrypted.
        Assert.Equal(started["credentials"]!.Text("password"), (await there.GetJsonAsync("api/stacks/watched/credentials")).Text("password"));
        await AssertOneOfEverythingAsync("watched", started);
    }

    private async Task One_name_asked_of_both_at_once_has_one_winner()
    {
        using var other = _homes[1].NewPerson();
        var answers = await Task.WhenAll(
            _person.PostAsJsonAsync("api/deploy", new { name = "wanted" }, Token), other.PostAsJsonAsync("api/deploy", new { name = "wanted" }, Token));

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        var winner = answers.Single(a => a.StatusCode == HttpStatusCode.Accepted);
        await AssertCompletesAsync(winner == answers[0] ? _person : other, (await winner.Content.ReadFromJsonAsync<JsonNode>(Token))!);
    }

    private async Task Killed_the_other_goes_on()
    {
        var (started, runner, gate) = await HeldAsync("killed", "application.create", afterWork: true);
        using (gate)
        {
            await runner.Process.KillAsync();
            gate.Release();
        }

        await AssertGoesOnAsync(started, runner, TimeProvider.System.GetUtcNow());

        await runner.StartAsync(Token);
    }

    private async Task Stopped_it_hands_over()
    {
        var (started, runner, gate) = await HeldAsync("stopped", "domain.create", afterWork: false);
        using (gate)
        {
            await runner.Process.AskToStopAsync();
            await runner.Process.LineAsync("Stopping: running steps", Token);
            gate.Release();
        }
        var released = TimeProvider.System.GetUtcNow();
        Assert.Equal(0, await runner.Process.EndAsync(Token));

        await AssertGoesOnAsync(started, runner, released);

        Assert.Equal(1, _dokploy.World.Domains.Count(d => d.Host.StartsWith("stopped.", StringComparison.Ordinal)));
        await runner.StartAsync(Token);
    }

    private async Task Paused_and_woken_the_older_run_does_nothing_any_more()
    {
        var (started, runner, gate) = await HeldAsync("paused", "application.update", afterWork: false);
        using (gate)
        {
            await runner.Process.PauseAsync();
            gate.Release();
        }
        await AssertGoesOnAsync(started, runner, TimeProvider.System.GetUtcNow());
        var other = _homes.Single(home => home != runner);
        var made = MakingCalls();
        var events = await EventsAsync(started, other);

        await runner.Process.ResumeAsync();
        await runner.Process.LineAsync("was superseded by a newer run", Token);

        Assert.Equal(made, MakingCalls());
        Assert.Equal(events, await EventsAsync(started, other));
    }

    private async Task Cut_off_from_the_database_it_says_so_and_the_other_goes_on()
    {
        _line.Cut();
        using var cut = _homes[1].NewPerson();
        using var ready = await cut.GetAsync(new Uri("health/ready", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var refused = await cut.PostAsJsonAsync("api/deploy", new { name = "nowhere" }, Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("The database server 127.0.0.1 cannot be reached.", await _homes[1].AssertEndsAsync(1, "--check"), StringComparison.Ordinal);

        await AssertCompletesAsync(_person, await _person.StartAsync("alone"));

        _line.Mend();
        // Its engine looks again by itself; a deployment that it accepts is the proof.
        using var there = At(_homes[1]);
        await UntilReadyAsync(there);
        await AssertCompletesAsync(there, await there.StartAsync("mended"));
    }

    private async Task The_database_restarts_and_all_complete()
    {
        var started = new List<JsonNode>();
        using (var gate = _dokploy.World.Faults.Hold("mounts.create"))
        {
            foreach (var n in Enumerable.Range(0, 6))
            {
                started.Add(await _person.StartAsync($"load-{n}"));
            }
            await gate.Arrived.WaitAsync(Token);
            await _postgres.StopAsync();
            gate.Release();
        }
        await _postgres.StartAgainAsync();

        await UntilReadyAsync(_person);
        foreach (var one in started)
        {
            await AssertCompletesAsync(_person, one);
        }
    }

    /// <summary>As an upgrade without a pause goes: a new version adds what it needs, and the old portals run until they are replaced.</summary>
    private async Task The_next_version_has_upgraded_the_tables_and_the_old_portals_work_on()
    {
        await _postgres.ExecuteAsync(
            _database,
            """
            ALTER TABLE stacks ADD COLUMN note text;
            ALTER TABLE deployments ADD COLUMN priority integer NOT NULL DEFAULT 0;
            CREATE TABLE snapshots (id text PRIMARY KEY, stack_id text NOT NULL REFERENCES stacks (id));
            INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Next', '99.0.0')
            """);

        foreach (var home in _homes)
        {
            using var there = At(home);
            await AssertCompletesAsync(there, await there.StartAsync($"beside-{_homes.IndexOf(home)}"));
        }
        Assert.Contains("29990101000000_Next", await _homes[0].AssertEndsAsync(3), StringComparison.Ordinal);
    }

    /// <summary>A deployment that is held in a call, and the portal that makes the call.</summary>
    private async Task<(JsonNode Started, PortalHome Runner, CallGate Gate)> HeldAsync(string name, string call, bool afterWork)
    {
        var gate = _dokploy.World.Faults.Hold(call, afterWork);
        var started = await _person.StartAsync(name);
        await gate.Arrived.WaitAsync(Token);
        var runner = Assert.Single(_homes, home => home.Process.Output.Split('\n').Any(line => IsBegin(line, started, run: 1)));
        return (started, runner, gate);
    }

    /// <param name="since">When the runner did its last; how long the other one took from there is written down, not judged.</param>
    private async Task AssertGoesOnAsync(JsonNode started, PortalHome runner, DateTimeOffset since)
    {
        var other = _homes.Single(home => home != runner);
        using var there = At(other);
        var end = await AssertCompletesAsync(there, started);
        var begun = Assert.Single(other.Process.Output.Split('\n'), line => IsBegin(line, started, run: 2));
        var took = JsonNode.Parse(begun)!["@t"]!.GetValue<DateTimeOffset>() - since;
        TestContext.Current.SendDiagnosticMessage($"{end.Text("name")}: the other portal went on after {took.TotalSeconds:0.0} s");
    }

    /// <returns>The last event.</returns>
    private async Task<JsonNode> AssertCompletesAsync(HttpClient person, JsonNode started)
    {
        var end = (await Completion.ReadUntilAsync(person, started, e => e.IsTerminal))[^1];
        Assert.True(end.Type == "complete", $"{end.Data}\n{string.Join("\n---\n", _homes.Select(home => home.Process.Output))}");
        await AssertOneOfEverythingAsync(end.Json.Text("name"), started);
        return end.Json;
    }

    private async Task AssertOneOfEverythingAsync(string name, JsonNode started)
    {
        var world = _dokploy.World;
        var project = Assert.Single(world.Projects, p => p.Name == $"ai-stack-{name}");
        var application = Assert.Single(world.Applications, a => a.ProjectId == project.ProjectId);
        Assert.Single(world.Domains, d => d.ApplicationId == application.ApplicationId);
        Assert.Equal(2, world.Mounts.Count(m => m.ApplicationId == application.ApplicationId));
        Assert.Single(world.Deployments, d => d.ApplicationId == application.ApplicationId);
        if (started["credentials"] is { } credentials)
        {
            await Completion.AssertOpensAsync(_dokploy.StacksUrl, name, credentials);
        }
    }

    private static bool IsBegin(string line, JsonNode started, int run) =>
        line.Contains("begins at {Step}", StringComparison.Ordinal) && line.Contains($"\"RunNumber\":{run}", StringComparison.Ordinal)
        && line.Contains(started.Text("deploymentId"), StringComparison.Ordinal);

    private async Task<List<string>> EventsAsync(JsonNode started, PortalHome home)
    {
        using var there = At(home);
        await using var events = await EventReader.OpenAsync(there, started.Text("deploymentId"));
        return [.. (await events.RestAsync()).Select(e => $"{e.Id} {e.Type}")];
    }

    private static async Task UntilReadyAsync(HttpClient person)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(Token))
        {
            using var answer = await person.GetAsync(new Uri("health/ready", UriKind.Relative), Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    /// <summary>The same browser, sent to this portal by the proxy.</summary>
    private HttpClient At(PortalHome home) => new(_cookies, disposeHandler: false) { BaseAddress = home.Root, Timeout = Timeout.InfiniteTimeSpan };

    private int MakingCalls() => _dokploy.World.Calls.Counts
        .Where(c => c.Key.Split('.')[1] is "create" or "update" or "deploy" or "remove" or "delete").Sum(c => c.Value);
}
