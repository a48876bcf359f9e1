using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>The administrator's grid and figures, and what the learner reads.</summary>
public abstract class ReportTests(DatabaseKind kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_of_every_order_is_a_part_of_the_same_whole()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var n in Enumerable.Range(0, 23))
        {
            await store.BeginAsync(Some.Claim($"n-{n * 7 % 23:00}", $"usr_{n % 3}", $"r{n}", Some.Start.AddSeconds(n % 5)), Token);
        }

        foreach (var sort in Enum.GetValues<StackSort>())
        {
            foreach (var descending in new[] { false, true })
            {
                var query = new StackQuery { Sort = sort, Descending = descending, Take = 100 };
                var whole = (await store.ListStacksAsync(query, Token)).Rows.Select(r => r.Stack).ToList();
                var paged = new List<Stack>();
                for (var skip = 0; skip < 30; skip += 5)
                {
                    var page = await store.ListStacksAsync(query with { Skip = skip, Take = 5 }, Token);
                    Assert.Equal(23, page.Total);
                    paged.AddRange(page.Rows.Select(r => r.Stack));
                }

                Assert.Equal(whole.Select(s => s.Id), paged.Select(s => s.Id));
                Func<Stack, IComparable> key = sort switch
                {
                    StackSort.Name => s => s.Name.Value,
                    StackSort.Owner => s => s.OwnerId,
                    StackSort.Created or StackSort.Used => s => s.CreatedAt,
                    StackSort.State => s => s.State.ToString(),
                    _ => s => s.Image,
                };
                var sorted = descending ? whole.OrderByDescending(key) : whole.OrderBy(key);
                Assert.Equal(sorted.ThenBy(s => s.Name, StringComparer.Ordinal).Select(s => s.Id), whole.Select(s => s.Id));
            }
        }
    }

    [Theory]
    [InlineData("an", 2)]
    [InlineData("  JAN ", 1)]
    [InlineData("   ", 3)]
    [InlineData(null, 3)]
    [InlineData("%", 0)]
    [InlineData("_", 0)]
    [InlineData("j_n", 0)]
    [InlineData("'", 0)]
    [InlineData("' OR 1=1 --", 0)]
    [InlineData("\\", 0)]
    [InlineData("\0", 0)]
    public async Task A_search_finds_exactly_the_names_that_contain_it(string? search, int expected)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var name in new[] { "jan", "anna", "piet" })
        {
            await store.BeginAsync(Some.Claim(name, request: name), Token);
        }

        var page = await store.ListStacksAsync(new StackQuery { Search = search }, Token);

        Assert.Equal((expected, expected), (page.Total, page.Rows.Count));
    }

    [Fact]
    public async Task Health_is_stored_whole_filtered_among_ready_stacks_and_counted()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var name in new[] { "ann", "bob", "cas", "dan" })
        {
            var claim = Some.Claim(name, request: name);
            await store.BeginAsync(claim, Token);
            if (name != "dan")
            {
                await store.ChangeAsync(claim.DeploymentId, d => d.Complete(d.BeginRun(Some.Start)!.Value, Some.Start), Token);
            }
        }
        var finding = new HealthFinding(AddressLayer.Tls) { Missing = MissingPart.Service };
        await store.ChangeAsync("dep_usr_1_ann", d => d.RecordLook(d.Stack.Health, finding, Some.Start.AddMinutes(1)), Token);
        await store.ChangeAsync(
            "dep_usr_1_bob", d => d.RecordLook(d.Stack.Health, new HealthFinding((AddressLayer?)null) { Version = "2.0.4", Path = "/api/info" }, Some.Start), Token);

        var missing = await store.ListStacksAsync(new StackQuery { Healths = [HealthState.Missing, HealthState.NotAnswering] }, Token);
        var answering = await store.ListStacksAsync(new StackQuery { Healths = [HealthState.Answering], Sort = StackSort.Name, Descending = false }, Token);
        var unknown = await store.ListStacksAsync(new StackQuery { Healths = [HealthState.NotLookedAtYet] }, Token);

        Assert.Equal(
            new StackHealth(HealthState.Missing, Some.Start.AddMinutes(1), Some.Start, AddressLayer.Tls, MissingPart.Service), Assert.Single(missing.Rows).Health);
        Assert.Equal(["bob", "cas"], answering.Rows.Select(r => r.Stack.Name.Value));
        Assert.Equal(("2.0.4", "/api/info"), (answering.Rows[0].Stack.OpenCodeVersion, answering.Rows[0].Stack.HealthPath));
        Assert.Empty(unknown.Rows);
        var figures = await store.ReadFiguresAsync(Some.Start, Some.Start, Token);
        Assert.Equal((3, 1), (figures.Ready, figures.NotAnswering));
        Assert.Equal(["stk_usr_1_ann", "stk_usr_1_bob", "stk_usr_1_cas"], await store.ListReadyStackIdsAsync(Token));
    }

    [Fact]
    public async Task Filters_narrow_and_released_stacks_are_not_shown()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await ClaimAsync(store, "a-1", "usr_1");
        await FailAsync(store, await ClaimAsync(store, "a-2", "usr_1"), Some.Start);
        await FailAsync(store, await ClaimAsync(store, "a-3", "usr_2"), Some.Start);
        await store.ChangeAsync(await ClaimAsync(store, "a-4", "usr_2"), d => d.RequestCancel(Some.Start), Token);

        Assert.Equal(["a-1", "a-2", "a-3"], await NamesAsync(new StackQuery()));
        Assert.Equal(["a-1", "a-2", "a-3"], (await store.ListStackPasswordsAsync(Token)).Select(stack => stack.Name.Value));
        Assert.Equal(["a-2", "a-3"], await NamesAsync(new StackQuery { States = [StackState.Failed] }));
        Assert.Equal(["a-3"], await NamesAsync(new StackQuery { OwnerId = "usr_2" }));
        Assert.Equal(["a-2"], await NamesAsync(new StackQuery { OwnerId = "usr_1", States = [StackState.Failed], Search = "a-" }));

        async Task<IEnumerable<string>> NamesAsync(StackQuery query) =>
            (await store.ListStacksAsync(query with { Sort = StackSort.Name, Descending = false }, Token)).Rows.Select(r => r.Stack.Name.Value);
    }

    [Fact]
    public async Task A_row_tells_of_the_last_deployment()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await FailAsync(store, await ClaimAsync(store, "jan"), Some.Start);
        var failed = Assert.Single((await store.ListStacksAsync(new StackQuery(), Token)).Rows);
        Assert.Equal((DeploymentPhase.Failed, FailureCode.ImageNotFound), (failed.Phase, failed.FailureCode));

        await store.BeginAsync(Some.Claim("jan", request: "again"), Token);

        var row = Assert.Single((await store.ListStacksAsync(new StackQuery(), Token)).Rows);
        Assert.Equal(("dep_usr_1_again", DeploymentPhase.Queued, null), (row.DeploymentId, row.Phase, row.FailureCode));
    }

    [Fact]
    public async Task Figures_count_what_is_ready_what_goes_on_and_how_it_went()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var today = Some.Start;
        var none = await store.ReadFiguresAsync(today, today.AddDays(-7), Token);
        Assert.Equal(new PortalFigures(0, 0, 0, null, null), none);

        foreach (var seconds in Enumerable.Range(1, 20))
        {
            await CompleteAsync(store, await ClaimAsync(store, $"c-{seconds}"), today.AddSeconds(seconds));
        }
        await CompleteAsync(store, await ClaimAsync(store, "yesterday", at: today.AddDays(-1)), today.AddMilliseconds(-1));
        await CompleteAsync(store, await ClaimAsync(store, "long-ago", at: today.AddDays(-9)), today.AddDays(-7).AddMilliseconds(-1));
        await FailAsync(store, await ClaimAsync(store, "failed"), today);
        await store.ChangeAsync(await ClaimAsync(store, "cancelled"), d => d.RequestCancel(today), Token);
        await ClaimAsync(store, "queued");
        await store.ChangeAsync(await ClaimAsync(store, "running"), d => d.BeginRun(today), Token);

        var figures = await store.ReadFiguresAsync(today, today.AddDays(-7), Token);
        Assert.Equal(new PortalFigures(22, 0, 2, TimeSpan.FromSeconds(19), 21.0 / 22), figures);
        Assert.Equal(2, await store.CountActiveAsync(Token));
    }

    [Fact]
    public async Task Past_runs_are_those_asked_for_last_whichever_ended_last()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var first = await ClaimAsync(store, "asked-first");
        var second = await ClaimAsync(store, "asked-second");
        await CompleteAsync(store, second, Some.Start.AddSeconds(1));
        await CompleteAsync(store, first, Some.Start.AddSeconds(9));

        Assert.Equal([1], (await store.ReadPastRunsAsync(OperationCatalog.Deploy, 1, Token)).Select(r => r.Total.TotalSeconds));
    }

    [Fact]
    public async Task Past_runs_are_the_newest_completed_ones_without_steps_that_a_crash_drew_out()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var seconds in Enumerable.Range(1, 5))
        {
            await CompleteAsync(store, await ClaimAsync(store, $"c-{seconds}"), Some.Start.AddSeconds(seconds));
        }
        await FailAsync(store, await ClaimAsync(store, "failed"), Some.Start.AddSeconds(60));
        var crashed = await ClaimAsync(store, "crashed");
        await store.ChangeAsync(crashed, d => d.BeginStep(d.BeginRun(Some.Start)!.Value, DeploymentStep.Configure, Some.Start), Token);
        await CompleteAsync(store, crashed, Some.Start.AddSeconds(50));

        var runs = await store.ReadPastRunsAsync(OperationCatalog.Deploy, 3, Token);

        Assert.Equal([50, 5, 4], runs.Select(r => r.Total.TotalSeconds));
        Assert.DoesNotContain((int)DeploymentStep.Configure, runs[0].Steps.Keys);
        Assert.Equal(TimeSpan.FromSeconds(5), runs[1].Steps[(int)DeploymentStep.Configure]);
    }

    [Fact]
    public async Task The_line_and_the_active_ones_come_oldest_first()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var late = await ClaimAsync(store, "late", at: Some.Start.AddSeconds(2));
        var early = await ClaimAsync(store, "early", at: Some.Start);
        var running = await ClaimAsync(store, "running", at: Some.Start.AddSeconds(1));
        await store.ChangeAsync(running, d => d.BeginRun(Some.Start), Token);

        Assert.Equal([early, late], await store.ListQueuedIdsAsync(Token));
        Assert.Equal(0, await store.CountQueuedBeforeAsync(early, Some.Start, Token));
        Assert.Equal(1, await store.CountQueuedBeforeAsync(late, Some.Start.AddSeconds(2), Token));
        Assert.Equal([early, running, late], (await store.ListActiveAsync(Token)).Select(d => d.Id));
    }

    [Fact]
    public async Task The_last_log_lines_come_oldest_first_without_the_progress_between()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var id = await ClaimAsync(store, "jan");
        await store.ChangeAsync(
            id,
            d =>
            {
                var run = d.BeginRun(Some.Start)!.Value;
                d.Note(run, LogCode.Raw, "one", Some.Start);
                d.BeginStep(run, DeploymentStep.Configure, Some.Start);
                d.Note(run, LogCode.Raw, "two", Some.Start);
                return d;
            },
            Token);

        Assert.Equal(["one", "two"], (await store.ReadLastLogAsync(id, 2, Token)).Select(e => e.Detail));
    }

    private static async Task<string> ClaimAsync(DeploymentStore store, string name, string owner = "usr_1", DateTimeOffset? at = null) =>
        Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Claim(name, owner, name, at), Token)).Deployment.Id;

    /// <summary>With one step, as long as the whole run.</summary>
    private static Task CompleteAsync(DeploymentStore store, string id, DateTimeOffset end) => store.ChangeAsync(
        id,
        d =>
        {
            var run = d.BeginRun(d.CreatedAt)!.Value;
            d.BeginStep(run, DeploymentStep.Configure, d.CreatedAt);
            d.EndStep(run, DeploymentStep.Configure, end);
            return d.Complete(run, end);
        },
        Token);

    private static Task FailAsync(DeploymentStore store, string id, DateTimeOffset end) => store.ChangeAsync(
        id,
        d =>
        {
            var run = d.BeginRun(d.CreatedAt)!.Value;
            d.Fail(run, Some.Failure, end);
            d.FinishUnwinding(run, [], end);
            return d;
        },
        Token);
}

public sealed class ReportTestsOnSqlite() : ReportTests(DatabaseKind.Sqlite);

public sealed class ReportTestsOnPostgres() : ReportTests(DatabaseKind.Postgres);
