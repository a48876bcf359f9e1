using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Notices;

/// <summary>What is read of real databases, and the one write on which the boxes rest.</summary>
public abstract class NoticeFactsTests(DatabaseKind kind)
{
    private const string Stack = "stk_usr_1_req_1";
    private const string First = "dep_usr_1_req_1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_warnings_and_silence_are_found_in_their_time_alone()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        var contexts = database.Open();
        var facts = new NoticeFacts(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System));
        await store.BeginAsync(Some.Claim(), Token);
        await store.ChangeAsync(First, d => d.Complete(d.BeginRun(Some.Start)!.Value, Some.Start), Token);
        await store.BeginAsync(Some.Claim("failed", "usr_2", "req_2"), Token);
        await store.ChangeAsync("dep_usr_2_req_2", d =>
        {
            var run = d.BeginRun(Some.Start)!.Value;
            d.Fail(run, Some.Failure, Some.Start.AddMinutes(1));
            d.FinishUnwinding(run, [], Some.Start.AddMinutes(2));
            return true;
        }, Token);
        await store.ChangeAsync(First, d => d.WarnOfStop(Some.Start.AddHours(9), Some.Start.AddMinutes(3)), Token);
        await store.ChangeAsync(First, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Tcp), Some.Start.AddMinutes(4)), Token);

        var all = await facts.ReadAsync(Some.Start, Some.Start.AddMinutes(30), Token);

        Assert.Equal(
            [
                (NoticeCause.OperationFailed, "failed", "usr_2", Some.Start.AddMinutes(2), null), (NoticeCause.StopAnnounced, "jan", "usr_1", Some.Start.AddMinutes(3), Some.Start.AddHours(9)),
                (NoticeCause.NotAnswering, "jan", "usr_1", Some.Start.AddMinutes(4) + NoticeRule.SilentFor, (DateTimeOffset?)null),
            ],
            all.OrderBy(n => n.At).Select(n => (n.Cause, n.StackName, n.OwnerId, n.At, n.Until)));
        Assert.Equal(FailureCode.ImageNotFound, all.Single(n => n.Failure is not null).Failure);
        Assert.Equal([NoticeCause.StopAnnounced], (await facts.ReadAsync(Some.Start.AddMinutes(2), Some.Start.AddMinutes(8), Token)).Select(n => n.Cause));
        Assert.Equal("usr_1", (await facts.OwnersAsync([Stack], Token))[Stack]);
    }

    [Fact]
    public async Task Changes_of_one_value_come_one_after_the_other()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var contexts = database.Open();
        var values = new PortalValueStore(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System), TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => values.ChangeAsync("box:a", json => $"{int.Parse(json ?? "0", CultureInfo.InvariantCulture) + 1}", "usr_1", Token)));
        await values.WriteAsync("other", "1", "usr_1", Token);

        Assert.Equal([new("box:a", "20")], await values.ListAsync("box:", Token));
        await values.ChangeAsync("box:a", _ => null, "usr_1", Token);
        Assert.Empty(await values.ListAsync("box:", Token));
    }
}

public sealed class NoticeFactsTestsOnSqlite() : NoticeFactsTests(DatabaseKind.Sqlite);

public sealed class NoticeFactsTestsOnPostgres() : NoticeFactsTests(DatabaseKind.Postgres);
