using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AiStackDeployer.Core.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Connections;

public sealed class ConnectionReportsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ConnectionOptions _options = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_checks_run_at_the_same_time_and_are_told_in_the_order_of_the_targets()
    {
        var database = new StagedCheck(ConnectionTarget.Database);
        var dokploy = new StagedCheck(ConnectionTarget.Dokploy, ConnectionTarget.DokployKey);
        var asking = Reports(database, dokploy).GetAsync(TimeSpan.Zero, Stop);
        await database.Started;
        await dokploy.Started;

        database.Tell(ConnectionCause.DatabaseWritable).End();
        dokploy.Tell(ConnectionCause.DokployAnswers).Tell(ConnectionCause.KeyAccepted).End();

        var report = await asking;
        Assert.Equal([ConnectionTarget.Dokploy, ConnectionTarget.DokployKey, ConnectionTarget.Database], report.Results.Select(r => r.Target));
        Assert.Equal((ConnectionVerdict.Good, _time.GetUtcNow()), (report.Overall, report.At));
    }

    [Fact]
    public async Task Whoever_asks_while_a_look_is_under_way_gets_that_one()
    {
        var check = new StagedCheck(ConnectionTarget.Database);
        var reports = Reports(check);
        var first = reports.GetAsync(TimeSpan.Zero, Stop);
        await check.Started;
        var others = Enumerable.Range(0, 50).Select(_ => reports.GetAsync(TimeSpan.Zero, Stop)).ToList();
        check.Tell(ConnectionCause.DatabaseWritable).End();

        Assert.All(await Task.WhenAll(others), report => Assert.Same(first.Result, report));
        Assert.Equal(1, check.Runs);
    }

    [Fact]
    public async Task A_report_is_kept_for_as_long_as_the_asker_bears_and_then_made_anew()
    {
        var check = new StagedCheck(ConnectionTarget.Database);
        check.Tell(ConnectionCause.DatabaseWritable).End();
        var reports = Reports(check);
        var first = await reports.GetAsync(ConnectionReports.UsualAge, Stop);

        _time.Advance(ConnectionReports.UsualAge);
        Assert.Same(first, await reports.GetAsync(ConnectionReports.UsualAge, Stop));
        Assert.Equal(1, check.Runs);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(first, await reports.GetAsync(ConnectionReports.UsualAge, Stop));
        Assert.Equal(2, check.Runs);
        _time.Advance(ConnectionReports.FreshAge + TimeSpan.FromMilliseconds(1));
        await reports.GetAsync(ConnectionReports.FreshAge, Stop);
        Assert.Equal(3, check.Runs);
    }

    [Fact]
    public async Task An_asker_who_leaves_does_not_end_the_look()
    {
        var check = new StagedCheck(ConnectionTarget.Database);
        var reports = Reports(check);
        using var leaving = new CancellationTokenSource();
        var left = reports.GetAsync(TimeSpan.Zero, leaving.Token);
        await check.Started;
        var stayed = reports.GetAsync(TimeSpan.Zero, Stop);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        check.Tell(ConnectionCause.DatabaseWritable).End();

        (await stayed).Results[0].Is(ConnectionVerdict.Good, ConnectionCause.DatabaseWritable);
        Assert.Equal(1, check.Runs);
    }

    [Fact]
    public async Task A_check_that_takes_too_long_is_left_and_what_it_told_by_then_counts()
    {
        var check = new StagedCheck(ConnectionTarget.Dokploy, ConnectionTarget.DokployKey, ConnectionTarget.DokployPermissions) { IsDeaf = true };
        var asking = Reports(check).GetAsync(TimeSpan.Zero, Stop);
        await check.Started;
        check.Tell(ConnectionCause.DokployAnswers);
        await check.Asked(2);

        _time.Advance(_options.Timeout);

        var report = await asking;
        Assert.Equal(
            [
                (ConnectionVerdict.Good, ConnectionCause.DokployAnswers),
                (ConnectionVerdict.Bad, ConnectionCause.CheckTimedOut),
                (ConnectionVerdict.NotChecked, ConnectionCause.EarlierFailed),
            ],
            report.Results.Select(r => (r.Verdict, r.Cause)));
        Assert.Equal(_options.Timeout, report.Results[1].Latency);
        Assert.Equal(ConnectionVerdict.Bad, report.Overall);
    }

    [Fact]
    public async Task A_check_that_throws_is_a_bad_result_and_the_others_stand()
    {
        var broken = new StagedCheck(ConnectionTarget.Dokploy, ConnectionTarget.DokployKey);
        var well = new StagedCheck(ConnectionTarget.Database);
        well.Tell(ConnectionCause.DatabaseWritable).End();
        broken.Throw(new InvalidOperationException("a fault of ours"));

        var report = await Reports(broken, well).GetAsync(TimeSpan.Zero, Stop);

        Assert.Equal(
            [ConnectionCause.CheckFailed, ConnectionCause.EarlierFailed, ConnectionCause.DatabaseWritable], report.Results.Select(r => r.Cause));
    }

    [Fact]
    public async Task A_check_that_throws_before_it_begins_is_a_bad_result_too()
    {
        var report = await Reports(new BrokenCheck()).GetAsync(TimeSpan.Zero, Stop);

        Assert.Equal([ConnectionCause.CheckFailed], report.Results.Select(r => r.Cause));
    }

    [Theory]
    [InlineData(ConnectionCause.KeyExpiresSoon, ConnectionVerdict.Doubtful)]
    [InlineData(ConnectionCause.KeyRefused, ConnectionVerdict.Bad)]
    [InlineData(ConnectionCause.DokployNotSet, ConnectionVerdict.Good)]
    public void The_worst_result_is_the_whole_but_what_is_not_configured_does_not_count(ConnectionCause cause, ConnectionVerdict overall)
    {
        var report = new ConnectionReport(default, [new(ConnectionTarget.Database, ConnectionCause.DatabaseWritable), new(ConnectionTarget.DokployKey, cause)]);

        Assert.Equal(overall, report.Overall);
    }

    private ConnectionReports Reports(params IConnectionCheck[] checks) => new(checks, _options, _time, NullLogger<ConnectionReports>.Instance);

    /// <summary>Tells what the test says, when the test says it; the same again at each run.</summary>
    private sealed class StagedCheck(params ConnectionTarget[] targets) : IConnectionCheck
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<int> _asked = Channel.CreateUnbounded<int>();
        private readonly List<TaskCompletionSource<ConnectionCause?>> _script = [.. Enumerable.Range(0, targets.Length + 1).Select(_ => New())];
        private int _told;

        public IReadOnlyList<ConnectionTarget> Targets => targets;

        public int Runs { get; private set; }

        public Task Started => _started.Task;

        /// <summary>Whether it goes on when it is told to stop.</summary>
        public bool IsDeaf { get; init; }

        public StagedCheck Tell(ConnectionCause cause)
        {
            _script[_told++].SetResult(cause);
            return this;
        }

        public void End() => _script[_told].SetResult(null);

        public void Throw(Exception e) => _script[_told].SetException(e);

        /// <summary>Completes when the so manieth result has been asked for.</summary>
        public async Task Asked(int result)
        {
            while (await _asked.Reader.ReadAsync(Stop) != result)
            {
            }
        }

        public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Runs++;
            _started.TrySetResult();
            for (var i = 0; i < _script.Count; i++)
            {
                _asked.Writer.TryWrite(i + 1);
                if (await _script[i].Task.WaitAsync(IsDeaf ? CancellationToken.None : cancellationToken) is not { } cause)
                {
                    yield break;
                }
                yield return new ConnectionResult(targets[i], cause);
            }
        }

        private static TaskCompletionSource<ConnectionCause?> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class BrokenCheck : IConnectionCheck
    {
        public IReadOnlyList<ConnectionTarget> Targets => [ConnectionTarget.Database];

        public IAsyncEnumerable<ConnectionResult> RunAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("a fault of ours");
    }
}
