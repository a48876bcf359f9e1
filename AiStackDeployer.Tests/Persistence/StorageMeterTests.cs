using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>What is told of a database that can be read and not be written.</summary>
public sealed class StorageMeterTests
{
    private const string Writable = "aistack.database.writable";
    private const string Failures = "aistack.storage.failures";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_another_process_locks_is_not_writable_until_it_lets_go()
    {
        using var database = await TestDatabase.CreateAsync();
        using var meters = new TestMeters();
        var time = new FakeTimeProvider(Some.Start);
        _ = new StorageMeter(meters, database.Open(TimeSpan.FromSeconds(1)), time) { ReadTimeout = Timeout.InfiniteTimeSpan };
        using (var other = database.Connect())
        using (other.BeginTransaction())
        {
            Assert.Equal(0, Assert.Single(meters.Observe(Writable)).Value);
        }

        // Not tried again at every scrape: it takes the one writer's lock.
        Assert.Equal(0, Assert.Single(meters.Observe(Writable)).Value);
        time.Advance(StorageMeter.Fresh);
        Assert.Equal(1, Assert.Single(meters.Observe(Writable)).Value);
    }

    [Fact]
    public async Task To_find_out_leaves_nothing_behind()
    {
        using var database = await TestDatabase.CreateAsync();
        using var meters = new TestMeters();
        _ = new StorageMeter(meters, database.Open(), new FakeTimeProvider(Some.Start)) { ReadTimeout = Timeout.InfiniteTimeSpan };
        var before = database.Count("sqlite_master");

        Assert.Equal(1, Assert.Single(meters.Observe(Writable)).Value);

        Assert.Equal(before, database.Count("sqlite_master"));
    }

    [Fact]
    public async Task What_the_stores_were_refused_counts_by_its_cause()
    {
        using var database = await TestDatabase.CreateAsync();
        using var meters = new TestMeters();
        var store = database.OpenStore(lockTimeout: TimeSpan.FromSeconds(1), meters: meters);
        using (var other = database.Connect())
        using (other.BeginTransaction())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.BeginAsync(Some.Claim(), Token));
        }
        await store.BeginAsync(Some.Claim(), Token);

        Assert.Equal([("cause=locked", 1)], meters.Of(Failures).Select(m => (m.Labels, (int)m.Value)));
    }

    [Fact]
    public async Task A_form_that_cannot_hold_its_name_counts_too()
    {
        using var database = TestDatabase.Empty();
        Directory.CreateDirectory(database.File);
        using var meters = new TestMeters();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.OpenRegister(meters).ReleaseAsync("form_1", Token));

        Assert.Equal(1, meters.Sum(Failures, "cause=unusable"));
    }

    [Fact]
    public void Every_cause_begins_at_zero()
    {
        using var database = TestDatabase.Empty();
        using var meters = new TestMeters();

        new StorageMeter(meters, database.Open(), TimeProvider.System).BeginAtZero();

        Assert.Equal(
            [("cause=locked", 0), ("cause=full", 0), ("cause=read-only", 0), ("cause=damaged", 0), ("cause=unusable", 0),
                ("cause=unreachable", 0), ("cause=refused", 0), ("cause=too-many-connections", 0), ("cause=slow", 0)],
            meters.Of(Failures).Select(m => (m.Labels, (int)m.Value)));
    }
}
