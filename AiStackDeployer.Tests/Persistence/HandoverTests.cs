using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>The change of a stack's owner against real databases.</summary>
public abstract class HandoverTests(DatabaseKind kind)
{
    private const string Stack = "stk_usr_1_req_1";
    private const string First = "dep_usr_1_req_1";
    private const string New = "usr_new";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stack_and_all_its_deployments_get_the_new_owner_and_watchers_hear_of_it()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var signals = new DeploymentSignals();
        var store = await MadeAsync(database, signals);
        await SignInAsync(database, New);
        var before = (await store.FindAsync(First, Token))!;
        using var watcher = signals.Subscribe(First);

        var result = await store.HandOverAsync(Stack, New, Token);

        Assert.Equal(new HandoverResult.Done("usr_1", "Bram"), result);
        await watcher.WaitAsync(TimeSpan.FromHours(1), TimeProvider.System, Token);
        var after = (await database.OpenStore().FindAsync(First, Token))!;
        Assert.Equal((New, New), (after.OwnerId, after.Stack.OwnerId));
        // Whoever read before and writes after it is refused.
        Assert.Equal((before.Version + 1, before.Stack.Version + 1), (after.Version, after.Stack.Version));
        // The request is the former owner's no more.
        Assert.Null(await store.FindByRequestAsync("usr_1", "req_1", Token));
    }

    [Fact]
    public async Task Under_way_it_is_refused_and_changes_nothing()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await SignInAsync(database, New);
        var deletion = Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Delete(Stack), Token)).Deployment;

        Assert.Equal(new HandoverResult.Busy(deletion.Id), await store.HandOverAsync(Stack, New, Token));

        Assert.Equal("usr_1", (await store.FindStackAsync(Stack, Token))!.OwnerId);
    }

    [Fact]
    public async Task Only_somebody_who_has_signed_in_can_have_a_stack_that_is_there()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);

        Assert.Equal(new HandoverResult.PersonNotFound(), await store.HandOverAsync(Stack, New, Token));
        await SignInAsync(database, New);
        Assert.Equal(new HandoverResult.NotFound(), await store.HandOverAsync("stk_none", New, Token));
    }

    [Fact]
    public async Task The_same_request_of_both_owners_is_no_obstacle()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await SignInAsync(database, New);
        var own = Assert.IsType<BeginResult.Started>(await store.BeginAsync(Some.Claim("other", New, "req_1"), Token)).Deployment;

        Assert.IsType<HandoverResult.Done>(await store.HandOverAsync(Stack, New, Token));

        Assert.Equal(own.Id, (await store.FindByRequestAsync(New, "req_1", Token))!.Id);
    }

    [Fact]
    public async Task Of_a_deletion_and_a_handover_at_once_each_sees_the_stack_before_or_after_the_other()
    {
        for (var round = 0; round < 10; round++)
        {
            using var database = await TestDatabase.CreateAsync(kind);
            DeploymentStore[] processes = [await MadeAsync(database), database.OpenStore()];
            await SignInAsync(database, New);

            var handover = Task.Run(() => processes[0].HandOverAsync(Stack, New, Token), Token);
            var deletion = Task.Run(() => processes[1].BeginAsync(Some.Delete(Stack), Token), Token);
            await Task.WhenAll(handover, deletion);

            var begun = Assert.IsType<BeginResult.Started>(await deletion).Deployment;
            var owner = await handover is HandoverResult.Done ? New : "usr_1";
            Assert.Equal(owner, (await processes[0].FindAsync(begun.Id, Token))!.OwnerId);
            Assert.Equal(owner, (await processes[0].FindStackAsync(Stack, Token))!.OwnerId);
        }
    }

    [Fact]
    public async Task Stacks_of_nobody_who_has_signed_in_are_listed_until_they_are_handed_over_and_owners_sort_by_name()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = await MadeAsync(database);
        await SignInAsync(database, New);
        await store.BeginAsync(Some.Claim("other", New, "req_2"), Token);

        Assert.Equal(["jan"], await NamesAsync(new StackQuery { WithoutPerson = true }));
        await store.HandOverAsync(Stack, New, Token);
        Assert.Equal([], await NamesAsync(new StackQuery { WithoutPerson = true }));
        await SignInAsync(database, "usr_a", "Zoe");
        await store.HandOverAsync(Stack, "usr_a", Token);
        Assert.Equal(["other", "jan"], await NamesAsync(new StackQuery { Sort = StackSort.Owner, Descending = false }));

        async Task<IEnumerable<string>> NamesAsync(StackQuery query) => (await store.ListStacksAsync(query, Token)).Rows.Select(row => row.Stack.Name.Value);
    }

    private static async Task SignInAsync(TestDatabase database, string id, string name = "Bram")
    {
        var contexts = database.Open();
        var people = new PeopleStore(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System));
        await people.SignInAsync(Made.Person(id, name), Made.Session(id, Some.Start), Token);
    }

    /// <summary>A stack that is ready, of somebody who has never signed in.</summary>
    private static async Task<DeploymentStore> MadeAsync(TestDatabase database, DeploymentSignals? signals = null)
    {
        var store = database.OpenStore(signals);
        await store.BeginAsync(Some.Claim(), Token);
        await store.ChangeAsync(First, d => d.Complete(d.BeginRun(Some.Start)!.Value, Some.Start), Token);
        return store;
    }
}

public sealed class HandoverTestsOnSqlite() : HandoverTests(DatabaseKind.Sqlite);

public sealed class HandoverTestsOnPostgres() : HandoverTests(DatabaseKind.Postgres);
