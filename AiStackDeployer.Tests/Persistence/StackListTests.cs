using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>What the administrators' grid filters by, and what the board reads.</summary>
public abstract class StackListTests(DatabaseKind kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_looks_in_label_owner_and_address_as_well_and_filters_combine()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        foreach (var (name, owner) in new[] { ("ann", "usr_1"), ("bob", "usr_2"), ("cas", "usr_2") })
        {
            await CompleteAsync(store, await ClaimAsync(store, name, owner));
        }
        await using (var db = await database.Open().CreateDbContextAsync(Token))
        {
            db.People.Add(new Person { Id = "usr_2", Issuer = "i", Subject = "s", Name = "Zoë Quist", Role = Role.User, Groups = "", FirstSeenAt = Some.Start, SignedInAt = Some.Start });
            foreach (var stack in db.Stacks)
            {
                stack.Label = stack.Name == "ann" ? "Design Lab" : null;
                stack.UsedAt = stack.Name == "bob" ? Some.Start.AddDays(9) : null;
                stack.Image = stack.Name == "cas" ? "registry.test/stack:2" : stack.Image;
            }
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal(["ann"], await NamesAsync(new StackQuery { Search = "design l" }));
        Assert.Equal(["bob", "cas"], await NamesAsync(new StackQuery { Search = "QUIST" }));
        Assert.Equal(["bob"], await NamesAsync(new StackQuery { Search = "https://bob.ai.test/" }));
        // The end of all addresses alone is in all of them; without its dot it is looked for in names.
        Assert.Empty(await NamesAsync(new StackQuery { Search = "test" }));
        Assert.Equal(["cas"], await NamesAsync(new StackQuery { Image = "registry.test/stack:2" }));
        Assert.Equal(["ann", "cas"], await NamesAsync(new StackQuery { UnusedSince = Some.Start.AddDays(1) }));
        Assert.Equal([], await NamesAsync(new StackQuery { CreatedBefore = Some.Start }));
        Assert.Equal(["cas"], await NamesAsync(new StackQuery { OwnerId = "usr_2", UnusedSince = Some.Start.AddDays(1) }));
        Assert.Equal(["registry.test/stack:1", "registry.test/stack:2"], (await store.ListImagesAsync(Token)).Select(i => i.Image));

        async Task<IEnumerable<string>> NamesAsync(StackQuery query)
        {
            query = query with { Sort = StackSort.Name, Descending = false };
            var names = (await store.ListStacksAsync(query, Token)).Rows.Select(r => r.Stack.Name.Value).ToList();
            Assert.Equal(names, (await store.FindStacksAsync(await store.ListStackIdsAsync(query, Token), Token)).Select(r => r.Stack.Name.Value));
            return names;
        }
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_cause_and_where_it_ends()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await FailAsync(store, await ClaimAsync(store, "ann"), Some.Start.AddMinutes(2));
        await FailAsync(store, await ClaimAsync(store, "bob"), Some.Start.AddMinutes(1));
        await CompleteAsync(store, await ClaimAsync(store, "cas"));
        var silent = await ClaimAsync(store, "dan");
        await CompleteAsync(store, silent);
        await store.ChangeAsync(silent, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Tcp), Some.Start.AddMinutes(3)), Token);
        // Tried again, and under way: nothing is wrong with it now.
        await FailAsync(store, await ClaimAsync(store, "eva"), Some.Start);
        await store.BeginAsync(Some.Claim("eva", request: "again"), Token);

        var trouble = TroubleReport.Of(await store.ListTroubledAsync(Token));

        var failed = Assert.Single(trouble.Failures);
        Assert.Equal((FailureCode.ImageNotFound, Some.Start.AddMinutes(1)), (failed.Cause, failed.Since));
        Assert.Equal(["bob", "ann"], failed.Stacks.Select(s => s.Name.Value));
        var group = Assert.Single(trouble.Silent);
        Assert.Equal((AddressLayer.Tcp, "dan", Some.Start.AddMinutes(3)), (group.Health.Layer, group.Stacks.Single().Name.Value, group.Since));
        Assert.Equal(["ann", "bob"], (await store.ListStacksAsync(new StackQuery { Cause = FailureCode.ImageNotFound, Sort = StackSort.Name, Descending = false }, Token)).Rows.Select(r => r.Stack.Name.Value));
        Assert.Empty((await store.ListStacksAsync(new StackQuery { Cause = FailureCode.CrashLoop }, Token)).Rows);
        var day = DayFigures.Of(await store.ListEndedAsync(Some.Start, Token), DateOnly.FromDateTime(Some.Start.Date), DateOnly.FromDateTime(Some.Start.Date).AddDays(1), TimeZoneInfo.Utc);
        Assert.Equal([(2, 3), (0, 0)], day.Select(d => (d.Completed, d.Failed)));
        Assert.Equal(TimeSpan.FromSeconds(5), day[0].P95);
    }

    [Fact]
    public async Task A_value_of_the_portal_is_kept_changed_and_removed()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var contexts = database.Open();
        var values = new PortalValueStore(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System), TimeProvider.System);

        await values.WriteAsync("view:usr_1", "[1]", "usr_1", Token);
        await values.WriteAsync("view:usr_1", "[2]", "usr_1", Token);
        await values.WriteAsync("view:usr_2", "[3]", "usr_2", Token);
        Assert.Equal("[2]", await values.ReadAsync("view:usr_1", Token));
        await values.WriteAsync("view:usr_1", null, "usr_1", Token);

        Assert.Null(await values.ReadAsync("view:usr_1", Token));
        Assert.Equal("[3]", await values.ReadAsync("view:usr_2", Token));
    }

    private static async Task<string> ClaimAsync(DeploymentStore store, string name, string owner = "usr_1")
    {
        var claim = Some.Claim(name, owner, name, Some.Start);
        await store.BeginAsync(claim, Token);
        return claim.DeploymentId;
    }

    private static Task CompleteAsync(DeploymentStore store, string id) =>
        store.ChangeAsync(id, d => d.Complete(d.BeginRun(d.CreatedAt)!.Value, d.CreatedAt.AddSeconds(5)), Token);

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

public sealed class StackListTestsOnSqlite() : StackListTests(DatabaseKind.Sqlite);

public sealed class StackListTestsOnPostgres() : StackListTests(DatabaseKind.Postgres);
