using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Deployments;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>Reading, changing and storing one deployment: nothing lost, nothing by halves, nothing by a run that was overtaken.</summary>
public abstract class ChangeTests(DatabaseKind kind)
{
    private protected const string Id = "dep_usr_1_req_1";

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_deployment_is_not_changed()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();

        Assert.Null(await store.ChangeAsync<string>("dep_none", _ => throw new InvalidOperationException("nothing to change"), Token));
        Assert.Null(await store.FindAsync("dep_none", Token));
    }

    [Fact]
    public async Task The_write_of_an_overtaken_run_is_refused_and_leaves_nothing()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore paused = database.OpenStore(), newer = database.OpenStore();
        await paused.BeginAsync(Some.Claim(), Token);
        var old = (await paused.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token))!.Value;
        await newer.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token);
        var before = Fingerprint.Of((await newer.FindAsync(Id, Token))!);

        await Assert.ThrowsAsync<StaleRunException>(() => paused.ChangeAsync(
            Id,
            d =>
            {
                d.Stack.ProjectId = "written too early";
                d.Note(old, LogCode.ProjectCreated, null, Some.Start);
                return d;
            },
            Token));

        Assert.Equal(before, Fingerprint.Of((await newer.FindAsync(Id, Token))!));
    }

    [Fact]
    public async Task What_is_returned_equals_what_is_stored_and_stays_usable()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);

        var first = (await store.ChangeAsync(Id, d => Begun(d, DeploymentStep.EnsureProject), Token))!;
        var stored = Fingerprint.Of((await store.FindAsync(Id, Token))!);
        Assert.Equal(stored, Fingerprint.Of(first));
        await store.ChangeAsync(Id, d => { d.Stack.ProjectId = "p1"; return d; }, Token);

        // The context it came from has served another change since.
        Assert.Equal(stored, Fingerprint.Of(first));
        Assert.Equal(DeploymentStep.EnsureProject, first.Steps[^1].Step);
    }

    [Fact]
    public async Task A_worker_and_a_canceller_on_two_processes_lose_nothing_of_each_other()
    {
        const int lines = 100;
        using var database = await TestDatabase.CreateAsync(kind);
        DeploymentStore worker = database.OpenStore(), canceller = database.OpenStore();
        await worker.BeginAsync(Some.Claim(), Token);
        var run = (await worker.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token))!.Value;

        var cancel = Task.Run(
            async () =>
            {
                for (var n = 0; n < lines; n++)
                {
                    await canceller.ChangeAsync(Id, d => { d.Stack.OwnerId = $"usr_{n}"; return d.RequestCancel(Some.Start); }, Token);
                }
            },
            Token);
        for (var n = 0; n < lines; n++)
        {
            await worker.ChangeAsync(Id, d => { d.Stack.AppName = $"app-{n}"; d.Note(run, LogCode.Raw, $"{n}", Some.Start); return d; }, Token);
        }
        await cancel;

        var found = (await worker.FindAsync(Id, Token))!;
        var events = await worker.ReadEventsAsync(Id, 0, 1000, Token);
        Assert.Equal(Enumerable.Range(1, lines + 3).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.Equal(Enumerable.Range(0, lines).Select(n => $"{n}"), events.Where(e => e.Log == LogCode.Raw).Select(e => e.Detail));
        Assert.Equal(Some.Start, found.CancelRequestedAt);
        Assert.Equal(($"usr_{lines - 1}", $"app-{lines - 1}"), (found.Stack.OwnerId, found.Stack.AppName));
    }

    [Fact]
    public async Task A_text_from_outside_is_stored_whatever_is_in_it()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        var run = (await store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token))!.Value;

        await store.ChangeAsync(Id, d => { d.Note(run, LogCode.Raw, "a\0b \u001b[31m é 🙂", Some.Start); return d; }, Token);

        var line = (await store.ReadEventsAsync(Id, 0, 100, Token))[^1];
        Assert.Equal("ab \u001b[31m é 🙂", line.Detail!.Replace("\0", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Facts_and_log_lines_are_stored_together_or_not_at_all()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        var before = Fingerprint.Of((await store.FindAsync(Id, Token))!);
        database.RefuseEvents();

        await Assert.ThrowsAsync<DbUpdateException>(() => store.ChangeAsync(Id, d => Begun(d, DeploymentStep.EnsureProject), Token));

        Assert.Equal(before, Fingerprint.Of((await store.FindAsync(Id, Token))!));
        Assert.Equal(1, database.Count("deployment_events"));
    }

    [Fact]
    public async Task Only_what_was_stored_is_signalled()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var signals = new DeploymentSignals();
        var store = database.OpenStore(signals);
        await store.BeginAsync(Some.Claim(), Token);
        using var subscription = signals.Subscribe(Id);

        await store.ChangeAsync(Id, d => d.Name, Token);
        var waiting = subscription.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, Token);
        Assert.False(waiting.IsCompleted);
        await store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token);

        await waiting;
    }

    [Fact]
    public async Task A_failure_comes_back_as_it_went_in()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var store = database.OpenStore();
        await store.BeginAsync(Some.Claim(), Token);
        var failure = new DeploymentFailure(FailureCode.CrashLoop, DeploymentStep.AwaitContainer, "exit 1", ["line \"one\"", "línea 2 ✓"]);

        await store.ChangeAsync(
            Id,
            d =>
            {
                var run = d.BeginRun(Some.Start)!.Value;
                d.Fail(run, failure, Some.Start);
                d.FinishUnwinding(run, ["ai-stack-jan"], Some.Start);
                return d;
            },
            Token);

        var found = (await store.FindAsync(Id, Token))!.Failure!;
        Assert.Equal((failure.Code, failure.Step, failure.Subject), (found.Code, found.Step, found.Subject));
        Assert.Equal(failure.RawLines, found.RawLines);
        Assert.Equal(["ai-stack-jan"], found.LeftBehind);
        Assert.Equal(FailureCode.CrashLoop, (await store.ReadEventsAsync(Id, 0, 10, Token))[^1].Failure!.Code);
    }

    private static Deployment Begun(Deployment deployment, DeploymentStep step)
    {
        deployment.BeginStep(deployment.BeginRun(Some.Start)!.Value, step, Some.Start);
        return deployment;
    }
}

public sealed class ChangeTestsOnSqlite() : ChangeTests(DatabaseKind.Sqlite)
{
    /// <summary>On PostgreSQL the other one waits for its turn.</summary>
    [Fact]
    public async Task A_change_that_somebody_was_quicker_than_is_decided_again_on_the_new_facts()
    {
        using var database = await TestDatabase.CreateAsync();
        DeploymentStore one = database.OpenStore(), other = database.OpenStore();
        await one.BeginAsync(Some.Claim(), Token);
        var looks = new List<DeploymentPhase>();

        var run = await one.ChangeAsync(
            Id,
            d =>
            {
                looks.Add(d.Phase);
                if (looks.Count == 1)
                {
                    // SQLite works in the thread that asks, so this is done before the write below.
                    Assert.True(other.ChangeAsync(Id, o => o.RequestCancel(Some.Start), Token).IsCompletedSuccessfully);
                }
                return d.BeginRun(Some.Start);
            },
            Token);

        Assert.Null(run);
        Assert.Equal([DeploymentPhase.Queued, DeploymentPhase.Cancelled], looks);
        Assert.Equal(DeploymentPhase.Cancelled, (await one.FindAsync(Id, Token))!.Phase);
    }
}

public sealed class ChangeTestsOnPostgres() : ChangeTests(DatabaseKind.Postgres);
