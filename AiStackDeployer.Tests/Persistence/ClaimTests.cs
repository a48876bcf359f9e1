using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>The claim of a name against real files, raced over two processes' worth of connections.</summary>
public abstract class ClaimTests(DatabaseKind kind)
{
    private static readonly StackName Jan = StackName.FromStored("jan");

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_hundred_claims_at_once_over_two_processes_exactly_one_wins()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore[] processes = [database.OpenStore(), database.OpenStore()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(n =>
            Task.Run(() => processes[n % 2].BeginAsync(Some.Claim(owner: $"usr_{n}"), Token), Token)));

        var winner = Assert.Single(outcomes.OfType<BeginResult.Started>());
        Assert.Equal(99, outcomes.OfType<BeginResult.NameTaken>().Count(t => !t.BeingChosen));
        Assert.Equal((1, 1, 1), (database.Count("stacks"), database.Count("deployments"), database.Count("deployment_events")));
    }

    [Fact]
    public async Task The_same_request_at_once_over_two_processes_is_one_deployment()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore[] processes = [database.OpenStore(), database.OpenStore()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            Task.Run(() => processes[n % 2].BeginAsync(Some.Claim(), Token), Token)));

        var winner = Assert.Single(outcomes.OfType<BeginResult.Started>(), r => !r.Existing);
        Assert.Equal(39, outcomes.OfType<BeginResult.Started>().Count(r => r.Existing && r.Deployment.Id == winner.Deployment.Id));
        Assert.Equal(1, database.Count("deployments"));
    }

    [Fact]
    public async Task A_claim_is_stored_whole()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var claimed = Assert.IsType<BeginResult.Started>(await database.OpenStore().BeginAsync(Some.Claim(), Token)).Deployment;

        var found = await database.OpenStore().FindAsync(claimed.Id, Token);

        Assert.Equivalent(claimed, DeploymentSnapshots.Build(found!));
        var line = Assert.Single(await database.OpenStore().ReadEventsAsync(claimed.Id, 0, 10, Token));
        Assert.Equal((1, LogCode.NameClaimed, "jan"), (line.Sequence, line.Log, line.Detail));
    }

    [Fact]
    public async Task A_hold_stands_in_the_way_of_others_until_it_runs_out()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await HoldAsync(database, "usr_1", Some.Start.AddMinutes(2));

        Assert.IsType<BeginResult.NameTaken>(await store.BeginAsync(Some.Claim(owner: "usr_2", at: Some.Start.AddSeconds(119)), Token));
        Assert.Equal((0, 1), (database.Count("deployments"), database.Count("name_holds")));
        Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Claim(owner: "usr_2", at: Some.Start.AddSeconds(120)), Token));
        Assert.Equal(0, database.Count("name_holds"));
    }

    [Fact]
    public async Task The_holders_own_claim_uses_the_hold_up()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        await HoldAsync(database, "usr_1", Some.Start.AddMinutes(2));

        Assert.IsType<BeginResult.Started>(await database.OpenStore().BeginAsync(OfForm("form_1"), Token));
        Assert.Equal(0, database.Count("name_holds"));
    }

    [Theory]
    [InlineData("form_2")]
    [InlineData(null)]
    public async Task The_hold_of_another_tab_of_the_same_person_stays(string? form)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        await HoldAsync(database, "usr_1", Some.Start.AddMinutes(2));

        Assert.IsType<BeginResult.Started>(await database.OpenStore().BeginAsync(OfForm(form), Token));
        Assert.Equal(1, database.Count("name_holds"));
    }

    [Theory]
    [InlineData(StackState.Creating)]
    [InlineData(StackState.Ready)]
    public async Task An_own_stack_that_has_not_failed_is_taken_too(StackState state)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        database.Execute($"UPDATE stacks SET state = '{state}'");

        var taken = Assert.IsType<BeginResult.NameYours>(await store.BeginAsync(Some.Claim(request: "req_2"), Token));
        Assert.Equal("dep_usr_1_req_1", taken.DeploymentId);
    }

    [Fact]
    public async Task A_forgotten_failed_stack_becomes_history_and_the_new_one_shares_only_its_name()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        database.Execute($"UPDATE stacks SET state = 'Failed', failed_at = {Some.Start.ToUnixTimeMilliseconds()}, project_id = 'p1'");
        var dayAfter = Some.Start + DeploymentService.FailedNameKept;

        Assert.IsType<BeginResult.NameTaken>(await store.BeginAsync(Some.Claim(owner: "usr_2", at: dayAfter), Token));
        var claimed = Assert.IsType<BeginResult.Started>(
            await store.BeginAsync(Some.Claim(owner: "usr_2", at: dayAfter.AddMilliseconds(1)), Token)).Deployment;

        Assert.Equal(("stk_usr_2_req_1", null), (claimed.StackId, (await store.FindStackAsync(claimed.StackId, Token))!.ProjectId));
        Assert.Null(await store.FindStackAsync("stk_usr_1_req_1", Token));
        Assert.Equal(2, database.Count("stacks"));
    }

    [Fact]
    public async Task A_claim_that_cannot_be_stored_leaves_nothing_not_even_the_release_of_a_forgotten_name()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        database.Execute($"UPDATE stacks SET state = 'Failed', failed_at = {Some.Start.ToUnixTimeMilliseconds()}");
        database.RefuseEvents();

        await Assert.ThrowsAsync<DbUpdateException>(() =>
            store.BeginAsync(Some.Claim(owner: "usr_2", at: Some.Start.AddDays(2)), Token));

        Assert.NotNull(await store.FindStackAsync("stk_usr_1_req_1", Token));
        Assert.Equal((1, 1), (database.Count("stacks"), database.Count("deployments")));
    }

    [Fact]
    public async Task Of_twenty_claims_of_one_person_at_once_over_two_processes_as_many_win_as_the_person_may_have()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore[] processes = [database.OpenStore(), database.OpenStore()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Task.Run(() => processes[n % 2].BeginAsync(Limited(3, $"name-{n}", $"req_{n}"), Token), Token)));

        Assert.Equal(3, outcomes.OfType<BeginResult.Started>().Count());
        Assert.Equal(17, outcomes.Count(o => o is BeginResult.QuotaReached { Limit: 3 }));
        Assert.Equal((3, 3), (database.Count("stacks"), database.Count("deployments")));
        Assert.IsType<BeginResult.Started>(await processes[0].BeginAsync(Limited(3, "name-20", "req_20", "usr_2"), Token));
    }

    [Fact]
    public async Task A_failed_or_released_stack_leaves_room_until_the_failed_one_is_tried_again()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Limited(1, "jan", "req_1"), Token);
        Assert.IsType<BeginResult.QuotaReached>(await store.BeginAsync(Limited(1, "piet", "req_2"), Token));
        database.Execute("UPDATE stacks SET state = 'Failed'");

        Assert.IsType<BeginResult.Started>(await store.BeginAsync(Limited(1, "piet", "req_3"), Token));
        Assert.IsType<BeginResult.QuotaReached>(await store.BeginAsync(Limited(1, "jan", "req_4"), Token));
        database.Execute($"UPDATE stacks SET released_at = {Some.Start.ToUnixTimeMilliseconds()} WHERE name = 'piet'");

        Assert.IsType<BeginResult.Started>(await store.BeginAsync(Limited(1, "jan", "req_5"), Token));
    }

    private static NewOperation Limited(int limit, string name, string request, string owner = "usr_1")
    {
        var claim = Some.Claim(name: name, request: request, owner: owner);
        return claim with { Claim = claim.Claim! with { StackLimit = limit } };
    }

    private static NewOperation OfForm(string? form)
    {
        var claim = Some.Claim();
        return claim with { Claim = claim.Claim! with { HolderId = form } };
    }

    private static Task HoldAsync(TestDatabase database, string owner, DateTimeOffset until) =>
        database.OpenRegister().TryHoldAsync(Jan, new NameHolder("form_1", owner), Some.Start, until, Token);
}

public sealed class ClaimTestsOnSqlite() : ClaimTests(DatabaseKind.Sqlite)
{
    /// <summary>What the claim builds on: the write lock is taken at the begin, not at the first write.</summary>
    [Fact]
    public async Task A_transaction_has_the_write_lock_from_its_begin_while_others_still_read()
    {
        using var database = await TestDatabase.CreateAsync();
        await using var one = await database.Open().CreateDbContextAsync(Token);
        await using var transaction = await one.Database.BeginTransactionAsync(Token);
        await using var other = await database.Open(TimeSpan.FromSeconds(1)).CreateDbContextAsync(Token);

        Assert.Equal(0, await other.Stacks.CountAsync(Token));
        var refused = await Assert.ThrowsAsync<SqliteException>(() => other.Database.BeginTransactionAsync(Token));
        Assert.Equal(5, refused.SqliteErrorCode);
    }
}

public sealed class ClaimTestsOnPostgres() : ClaimTests(DatabaseKind.Postgres);
