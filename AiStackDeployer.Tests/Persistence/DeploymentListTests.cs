using System.Data.Common;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Deployments.Operations;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>Pages over all deployments, and the stack behind a name.</summary>
public abstract class DeploymentListTests(DatabaseKind kind)
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_newest_first_and_together_the_whole()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var n in Enumerable.Range(0, 23))
        {
            // Not written in the order of their moments: a clock may be set.
            await ClaimAsync(store, $"n-{n * 7 % 23:00}", at: Some.Start.AddSeconds(n * 7 % 23));
        }

        var paged = new List<string>();
        for (var skip = 0; skip < 30; skip += 5)
        {
            var (rows, total) = await store.ListAsync(new DeploymentQuery { Skip = skip, Take = 5 }, Token);
            Assert.Equal(23, total);
            paged.AddRange(rows.Select(d => d.Name.Value));
        }

        Assert.Equal(Enumerable.Range(0, 23).Reverse().Select(n => $"n-{n:00}"), paged);
    }

    [Fact]
    public async Task A_status_is_found_by_the_facts_it_is_computed_from()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await ClaimAsync(store, "queued");
        foreach (var step in Some.PlanOf(OperationCatalog.Deploy))
        {
            await RunToAsync(store, await ClaimAsync(store, $"at-{(int)step}"), step, unwinds: false);
            await RunToAsync(store, await ClaimAsync(store, $"un-{(int)step}"), step, unwinds: true);
        }
        var completed = await ClaimAsync(store, "completed");
        await EndAsync(store, completed, DeploymentPhase.Completed);
        Assert.IsType<BeginResult.Started>(await store.BeginAsync(
            Some.Delete($"stk_{completed}", request: "again") with { Operation = MadeUpOperation.Instance }, Token));
        var failed = await ClaimAsync(store, "failed");
        await EndAsync(store, failed, DeploymentPhase.Failed);
        await EndAsync(store, await ClaimAsync(store, "cancelled"), DeploymentPhase.Cancelled);
        Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete($"stk_{failed}", "failed"), Token));
        var all = (await store.ListAsync(new DeploymentQuery { Take = 100 }, Token)).Rows;
        Assert.Equal(1 + (2 * Some.PlanOf(OperationCatalog.Deploy).Count) + 5, all.Count);

        foreach (var status in Enum.GetValues<DeploymentStatus>())
        {
            var (rows, total) = await store.ListAsync(new DeploymentQuery { Statuses = [status], Take = 100 }, Token);

            Assert.NotEmpty(rows);
            Assert.Equal(rows.Count, total);
            Assert.Equal(all.Where(d => DeploymentStatuses.Of(d.Operation, d.Phase, d.CurrentStep) == status).Select(d => d.Id), rows.Select(d => d.Id));
        }
        var two = await store.ListAsync(
            new DeploymentQuery { Statuses = [DeploymentStatus.Failed, DeploymentStatus.CreatingProject], Take = 100 }, Token);
        Assert.Equal(["failed", "un-1", "at-1"], two.Rows.Select(d => d.Name.Value).OrderByDescending(n => n == "failed").ThenByDescending(n => n));
    }

    [Fact]
    public async Task Filters_narrow_and_combine()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var first = await ClaimAsync(store, "jan", "usr_1", Some.Start);
        await EndAsync(store, first, DeploymentPhase.Failed);
        var again = await ClaimAsync(store, "jan", "usr_1", Some.Start.AddSeconds(1));
        var anna = await ClaimAsync(store, "anna", "usr_2", Some.Start.AddSeconds(2));
        var piet = await ClaimAsync(store, "piet", "usr_1", Some.Start.AddSeconds(3));
        await EndAsync(store, piet, DeploymentPhase.Cancelled);
        var stack = (await store.FindAsync(first, Token))!.StackId;

        Assert.Equal([piet, anna, again, first], await IdsAsync(new DeploymentQuery()));
        Assert.Equal([anna, again], await IdsAsync(new DeploymentQuery { Active = true }));
        Assert.Equal([piet, first], await IdsAsync(new DeploymentQuery { Active = false }));
        Assert.Equal([piet, again, first], await IdsAsync(new DeploymentQuery { OwnerId = "usr_1" }));
        Assert.Equal([again, first], await IdsAsync(new DeploymentQuery { StackId = stack }));
        Assert.Equal([anna, again, first], await IdsAsync(new DeploymentQuery { Search = " AN " }));
        Assert.Equal([first], await IdsAsync(new DeploymentQuery { Search = "jan", Active = false, OwnerId = "usr_1", StackId = stack }));
        Assert.Empty(await IdsAsync(new DeploymentQuery { Statuses = [DeploymentStatus.Completed] }));
        Assert.Empty(await IdsAsync(new DeploymentQuery { Statuses = [DeploymentStatus.Failed], Active = true }));

        async Task<IEnumerable<string>> IdsAsync(DeploymentQuery query) => (await store.ListAsync(query, Token)).Rows.Select(d => d.Id);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("j_n")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\\")]
    [InlineData("\0")]
    public async Task A_search_is_never_a_pattern(string search)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await ClaimAsync(store, "jan");

        Assert.Equal(0, (await store.ListAsync(new DeploymentQuery { Search = search }, Token)).Total);
    }

    [Fact]
    public async Task A_row_has_its_stack_and_its_steps()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await RunToAsync(store, await ClaimAsync(store, "jan"), DeploymentStep.EnsureApplication, unwinds: false);

        var row = Assert.Single((await store.ListAsync(new DeploymentQuery(), Token)).Rows);

        Assert.Equal("https://jan.ai.test", row.Stack.Url);
        Assert.Equal(
            [DeploymentStep.ClaimName, DeploymentStep.EnsureProject, DeploymentStep.EnsureApplication], row.Steps.Select(s => s.Step).Order());
    }

    [Fact]
    public async Task The_stack_of_a_name_is_the_one_that_has_it_now_and_tells_of_its_last_deployment()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        Assert.Null(await FindAsync("jan"));
        await EndAsync(store, await ClaimAsync(store, "jan", "usr_1", Some.Start), DeploymentPhase.Cancelled);
        Assert.Null(await FindAsync("jan"));

        await EndAsync(store, await ClaimAsync(store, "jan", "usr_2", Some.Start.AddSeconds(1)), DeploymentPhase.Failed);
        await ClaimAsync(store, "jan-2", "usr_2", Some.Start.AddSeconds(2));

        var row = (await FindAsync("jan"))!;
        Assert.Equal(("usr_2", StackState.Failed, DeploymentPhase.Failed, FailureCode.ImageNotFound),
            (row.Stack.OwnerId, row.Stack.State, row.Phase, row.FailureCode));
        Assert.Equal(row.Stack.LastDeploymentId, row.DeploymentId);

        Task<StackRow?> FindAsync(string name) => store.FindStackByNameAsync(Core.Naming.StackName.FromStored(name), Token);
    }

    private protected static async Task<string> ClaimAsync(DeploymentStore store, string name, string owner = "usr_1", DateTimeOffset? at = null)
    {
        var moment = at ?? Some.Start;
        var id = $"dep_{moment.ToUnixTimeMilliseconds()}_{name}";
        var claim = Some.Claim(name, owner, id, moment) with { DeploymentId = id };
        claim = claim with { Claim = claim.Claim! with { NewStack = Some.Stack($"stk_{id}", name, owner, id, moment) } };
        return Assert.IsType<BeginResult.Started>(await store.BeginAsync(claim, Token)).Deployment.Id;
    }

    private static Task RunToAsync(DeploymentStore store, string id, DeploymentStep step, bool unwinds) => store.ChangeAsync(
        id,
        d =>
        {
            var run = d.BeginRun(Some.Start)!.Value;
            foreach (var earlier in Some.PlanOf(OperationCatalog.Deploy).Skip(1).TakeWhile(s => s < step))
            {
                d.BeginStep(run, earlier, Some.Start);
                d.EndStep(run, earlier, Some.Start);
            }
            if (step != DeploymentStep.ClaimName)
            {
                d.BeginStep(run, step, Some.Start);
            }
            if (unwinds)
            {
                d.Fail(run, Some.Failure, Some.Start);
            }
            return d;
        },
        Token);

    private static Task EndAsync(DeploymentStore store, string id, DeploymentPhase end) => store.ChangeAsync(
        id,
        d =>
        {
            if (end == DeploymentPhase.Cancelled)
            {
                d.RequestCancel(Some.Start);
                return d;
            }
            var run = d.BeginRun(Some.Start)!.Value;
            if (end == DeploymentPhase.Completed)
            {
                d.Complete(run, Some.Start);
                return d;
            }
            d.Fail(run, Some.Failure, Some.Start);
            d.FinishUnwinding(run, [], Some.Start);
            return d;
        },
        Token);

    private protected sealed class Statements : DbCommandInterceptor
    {
        public List<string> Texts { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Texts.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}

public sealed class DeploymentListTestsOnSqlite() : DeploymentListTests(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task A_page_is_taken_from_the_primary_key_as_it_lies_however_many_there_are()
    {
        using var database = await TestDatabase.CreateAsync();
        var heard = new Statements();
        var store = TestDatabase.StoreOn(database.Open(null, heard));
        await ClaimAsync(store, "jan");
        heard.Texts.Clear();
        await store.ListAsync(new DeploymentQuery(), Token);

        await using var connection = database.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + heard.Texts[^1];
        foreach (var name in new[] { "@p", "@p1" })
        {
            command.Parameters.Add(new SqliteParameter(name, 25));
        }
        await using var plan = await command.ExecuteReaderAsync(Token);
        var lines = new List<string>();
        while (await plan.ReadAsync(Token))
        {
            lines.Add(plan.GetString(3));
        }

        Assert.Contains(lines, l => l.StartsWith("SCAN d USING INDEX", StringComparison.Ordinal));
        // What is sorted is a row's own steps, not the rows.
        Assert.DoesNotContain("USE TEMP B-TREE FOR ORDER BY", lines);
    }
}

public sealed class DeploymentListTestsOnPostgres() : DeploymentListTests(DatabaseKind.Postgres);
