using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>The beginning of a deletion against real files, raced over two processes' worth of connections.</summary>
public abstract class DeletionStoreTests(DatabaseKind kind)
{
    private const string Stack = "stk_usr_1_req_1";

    private static readonly StackName Jan = StackName.FromStored("jan");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_forty_deletions_at_once_over_two_processes_one_begins_and_the_others_are_led_to_it()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore[] processes = [await MadeAsync(database), database.OpenStore()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            Task.Run(() => processes[n % 2].BeginAsync(Some.Delete(Stack, request: $"r{n}"), Token), Token)));

        var winner = Assert.Single(outcomes.OfType<BeginResult.Started>(), r => !r.Existing);
        Assert.Equal(39, outcomes.OfType<BeginResult.Started>().Count(e => e.Existing && e.Deployment.Id == winner.Deployment.Id));
        Assert.Equal(2, database.Count("deployments"));
    }

    [Fact]
    public async Task Of_a_deletion_and_a_retry_at_once_exactly_one_gets_the_failed_stack()
    {
        for (var round = 0; round < 10; round++)
        {
            using var database = await TestDatabase.CreateAsync(kind);
            DeploymentStore[] processes = [await MadeAsync(database, StackState.Failed), database.OpenStore()];

            var claim = Task.Run(() => processes[0].BeginAsync(Some.Claim(request: "req_2"), Token), Token);
            var deletion = Task.Run(() => processes[1].BeginAsync(Some.Delete(Stack), Token), Token);
            await Task.WhenAll(claim, deletion);

            var stack = (await processes[0].FindStackAsync(Stack, Token))!;
            if (await deletion is BeginResult.Started accepted)
            {
                Assert.Equal(accepted.Deployment.Id, Assert.IsType<BeginResult.NameYours>(await claim).DeploymentId);
                Assert.Equal(StackState.Deleting, stack.State);
            }
            else
            {
                var claimed = Assert.IsType<BeginResult.Started>(await claim).Deployment;
                Assert.Equal(claimed.Id, Assert.IsType<BeginResult.NotNow>(await deletion).DeploymentId);
                Assert.Equal(StackState.Creating, stack.State);
            }
        }
    }

    [Fact]
    public async Task It_is_stored_whole_and_in_one_with_the_stacks_state()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        var accepted = Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete(Stack), Token)).Deployment;
        await store.ChangeAsync(
            accepted.Id,
            d =>
            {
                d.KeepVolumes(d.BeginRun(Some.Start)!.Value, ["v1", "v2"], Some.Start);
                return true;
            },
            Token);

        var found = (await database.OpenStore().FindAsync(accepted.Id, Token))!;

        Assert.Equal((OperationCatalog.Delete, StackState.Deleting, accepted.Id), (found.Operation, found.Stack.State, found.Stack.LastDeploymentId));
        Assert.Equal(["v1", "v2"], found.KeptVolumes);
        Assert.Equal(
            [LogCode.DeleteAccepted, LogCode.VolumeKept, LogCode.VolumeKept], (await store.ReadLastLogAsync(accepted.Id, 10, Token)).Select(e => e.Log));
    }

    [Fact]
    public async Task What_cannot_be_stored_leaves_the_stack_as_it_was()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        database.RefuseEvents();

        await Assert.ThrowsAsync<DbUpdateException>(() => store.BeginAsync(Some.Delete(Stack), Token));

        Assert.Equal(StackState.Ready, (await store.FindStackAsync(Stack, Token))!.State);
        Assert.Equal(1, database.Count("deployments"));
    }

    [Fact]
    public async Task Another_name_than_the_stacks_own_confirms_nothing_whatever_the_stacks_state()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);

        foreach (var typed in new[] { "Jan", "jan ", "", null, "piet" })
        {
            var wish = Some.Delete(Stack) with { ConfirmName = typed };
            Assert.Equal("jan", Assert.IsType<BeginResult.ConfirmationDiffers>(await store.BeginAsync(wish, Token)).Name);
        }
        Assert.Equal(1, database.Count("deployments"));
    }

    [Fact]
    public async Task The_same_request_is_the_same_deletion_also_after_its_end_and_another_one_then_finds_nothing()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        var first = Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete(Stack), Token)).Deployment;
        await EndAsync(store, first.Id, ok: true);

        Assert.Equal(first.Id, Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete(Stack), Token)).Deployment.Id);
        Assert.IsType<BeginResult.NotFound>(await store.BeginAsync(Some.Delete(Stack, request: "req_other"), Token));
        Assert.IsType<BeginResult.NotFound>(await store.BeginAsync(Some.Delete("stk_unknown"), Token));
    }

    [Fact]
    public async Task A_request_id_that_made_something_else_is_refused()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);

        var reused = await store.BeginAsync(Some.Delete(Stack, request: "req_1"), Token);

        Assert.Equal("jan", Assert.IsType<BeginResult.RequestIdReused>(reused).OtherName);
    }

    [Fact]
    public async Task A_request_begins_one_deletion_whoever_owns_the_stacks_also_of_many_at_once()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await store.BeginAsync(Some.Claim("piet", "usr_2"), Token);
        await EndAsync(store, "dep_usr_2_req_1", ok: true);
        DeploymentStore[] processes = [store, database.OpenStore()];
        Assert.Null(await store.FindByRequestAsync("req_del", Token));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => processes[n / 2 % 2].BeginAsync(n % 2 == 0 ? Some.Delete(Stack) : Some.Delete("stk_usr_2_req_1", "piet"), Token), Token)));

        var winner = Assert.Single(outcomes.OfType<BeginResult.Started>(), r => !r.Existing).Deployment;
        Assert.Equal(9, outcomes.OfType<BeginResult.Started>().Count(r => r.Existing && r.Deployment.Id == winner.Id));
        Assert.Equal(10, outcomes.OfType<BeginResult.RequestIdReused>().Count(r => r.OtherName == winner.Name));
        Assert.Equal(winner.Id, (await store.FindByRequestAsync("req_del", Token))?.Id);
        Assert.Null(await store.FindByRequestAsync("req_1", Token));
    }

    [Fact]
    public async Task The_next_try_knows_what_the_failed_one_had_found_out()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await store.BeginAsync(Some.Delete(Stack, request: "one"), Token);
        await EndAsync(store, $"dep_{Stack}_one", ok: false, "v1");

        var again = Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete(Stack, request: "two"), Token));

        Assert.Equal(["v1"], again.Deployment.KeptVolumes);
    }

    [Theory]
    [InlineData(StackState.Deleting)]
    [InlineData(StackState.DeleteFailed)]
    public async Task While_something_of_it_may_still_run_the_name_is_taken_even_days_later_and_from_its_owner(StackState state)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await store.BeginAsync(Some.Delete(Stack, request: "one"), Token);
        if (state == StackState.DeleteFailed)
        {
            await EndAsync(store, $"dep_{Stack}_one", ok: false);
        }
        var later = Some.Start.AddDays(30);
        var register = database.OpenRegister();

        foreach (var owner in new[] { "usr_1", "usr_2" })
        {
            var taken = await store.BeginAsync(Some.Claim(owner: owner, request: "again", at: later), Token);
            Assert.Equal(
                owner == "usr_1" ? $"dep_{Stack}_one" : null,
                taken is BeginResult.NameYours yours ? yours.DeploymentId : taken is BeginResult.NameTaken ? null : "neither");
        }
        Assert.NotNull((await register.GetStandingAsync(Jan, later, Token)).Claim);
        Assert.IsType<HoldResult.Claimed>(await register.TryHoldAsync(Jan, new NameHolder("form", "usr_2"), later, later.AddMinutes(1), Token));
    }

    [Fact]
    public async Task At_the_end_the_name_is_free_at_once_for_anybody_and_found_as_nobodys()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        Assert.Equal(Stack, (await store.FindStackByNameAsync(StackName.FromStored("jan"), Token))?.Stack.Id);
        await store.BeginAsync(Some.Delete(Stack, request: "one"), Token);
        await EndAsync(store, $"dep_{Stack}_one", ok: true);

        Assert.Null(await store.FindStackByNameAsync(StackName.FromStored("jan"), Token));
        Assert.Equal(new NameStanding(null, null), await database.OpenRegister().GetStandingAsync(Jan, Some.Start.AddHours(2), Token));
        var claimed = await store.BeginAsync(Some.Claim(owner: "usr_2", at: Some.Start.AddHours(2)), Token);
        Assert.NotEqual(Stack, Assert.IsType<BeginResult.Started>(claimed).Deployment.StackId);
    }

    [Fact]
    public async Task Figures_and_what_past_runs_teach_leave_deletions_out()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await store.BeginAsync(Some.Delete(Stack, request: "one"), Token);
        await EndAsync(store, $"dep_{Stack}_one", ok: false);
        await store.BeginAsync(Some.Delete(Stack, request: "two"), Token);
        await EndAsync(store, $"dep_{Stack}_two", ok: true);

        var figures = await store.ReadFiguresAsync(Some.Start.AddHours(-1), Some.Start.AddDays(-7), Token);

        Assert.Equal((0, 0, 1.0), (figures.Ready, figures.InProgress, figures.SuccessSevenDays));
        Assert.Equal(TimeSpan.Zero, figures.ReadyInP95Today);
        Assert.Single(await store.ReadPastRunsAsync(OperationCatalog.Deploy, 10, Token));
        Assert.Single(await store.ReadPastRunsAsync(OperationCatalog.Delete, 10, Token));
    }

    [Fact]
    public async Task A_stack_has_volumes_once_its_container_was_handed_to_the_servers()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database, StackState.Failed);
        Assert.False(await store.EverMadeContainerAsync(Stack, Token));

        database.Execute(
            "INSERT INTO deployment_steps (deployment_id, \"index\", step, started_at, outcome, attempts) "
            + "VALUES ('dep_usr_1_req_1', 8, 'AwaitContainer', 0, 'Done', 1)");

        Assert.True(await store.EverMadeContainerAsync(Stack, Token));
        Assert.False(await store.EverMadeContainerAsync("stk_other", Token));
    }

    /// <summary>Jan's stack, ready or failed a moment after it was claimed.</summary>
    private protected static async Task<DeploymentStore> MadeAsync(TestDatabase database, StackState state = StackState.Ready)
    {
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        await EndAsync(store, "dep_usr_1_req_1", ok: state == StackState.Ready);
        return store;
    }

    private static Task<bool> EndAsync(DeploymentStore store, string id, bool ok, params string[] kept) => store.ChangeAsync(
        id,
        d =>
        {
            var run = d.BeginRun(Some.Start)!.Value;
            if (kept.Length > 0)
            {
                d.KeepVolumes(run, kept, Some.Start);
            }
            if (ok)
            {
                return d.Complete(run, Some.Start);
            }
            d.Fail(run, Some.Failure, Some.Start);
            if (d.Phase == DeploymentPhase.Unwinding)
            {
                d.FinishUnwinding(run, [], Some.Start);
            }
            return true;
        },
        Token);
}

public sealed class DeletionStoreTestsOnSqlite() : DeletionStoreTests(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task What_was_there_before_there_were_kinds_reads_as_deployments()
    {
        using var database = await TestDatabase.CreateAsync();
        await MadeAsync(database);

        // As the column's default fills the rows of an older database.
        database.Execute("CREATE TABLE old AS SELECT dflt_value FROM pragma_table_info('deployments') WHERE name = 'kind'");
        Assert.Equal(1, database.Count("old WHERE dflt_value = '''Deploy'''"));
    }
}

public sealed class DeletionStoreTestsOnPostgres() : DeletionStoreTests(DatabaseKind.Postgres);
