using System.Threading.Channels;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Provisioning.Health;

/// <summary>Who is looked at, when, how often and with which result; the clock, the addresses and Dokploy are in the test's hand.</summary>
public sealed class HealthRoundTests : IDisposable
{
    private static readonly HealthOptions Options = new() { PerSecond = 1_000_000 };
    private static readonly HealthFinding Fine = new((AddressLayer?)null);
    private static readonly HealthFinding Silent = new(AddressLayer.Http);

    private readonly DeploymentSignals _signals = new();
    private readonly MemoryDeploymentStore _store;
    private readonly WatchedTime _time = new(Some.Start);
    private readonly LastSeenTimes _seen = new();
    private readonly Addresses _addresses = new();
    private readonly FakeDokploy _dokploy = new();
    private readonly HealthChecks _checks;

    public HealthRoundTests()
    {
        _store = new MemoryDeploymentStore(_signals);
        _checks = new HealthChecks(_store, _addresses, _dokploy, _seen, Options, new Running(), _time, NullLogger<HealthChecks>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _checks.Dispose();

    [Fact]
    public async Task A_round_is_spread_over_the_interval_and_each_ready_stack_is_looked_at_once()
    {
        foreach (var name in new[] { "one", "two", "three", "four", "five" })
        {
            await ReadyAsync(name);
        }
        await _store.BeginAsync(Some.Claim("waits", request: "waits"), Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        var gap = Options.Interval * 0.9 / 5;
        var written = _store.All.Sum(d => d.LastSequence);

        var round = RoundAsync();
        var asked = new List<string> { await _addresses.NextAsync() };
        TimeSpan[] waits = [await _time.NextWaitAsync(), await _time.NextWaitAsync(), await _time.NextWaitAsync(), await _time.NextWaitAsync()];
        Assert.Equal([gap, gap * 2, gap * 3, gap * 4], waits.Order());
        for (var n = 1; n < 5; n++)
        {
            Assert.Equal(n, _addresses.Count);
            _time.Advance(gap);
            asked.Add(await _addresses.NextAsync());
        }
        await round;

        Assert.Equal(["five", "four", "one", "three", "two"], asked.Order());
        // That all still answer is not written down.
        Assert.Equal(written, _store.All.Sum(d => d.LastSequence));
        Assert.All(_store.All, d => Assert.NotEqual(HealthState.NotAnswering, d.Stack.Health.State));
    }

    [Fact]
    public async Task Of_thousands_never_more_than_allowed_are_looked_at_at_the_same_time()
    {
        for (var n = 0; n < 200; n++)
        {
            await ReadyAsync($"stack-{n}");
        }
        _time.Advance(TimeSpan.FromMinutes(10));
        using var held = _addresses.Hold();
        var round = RoundAsync();
        await GoOnUntilAsync(() => _addresses.Count >= Options.Parallel);
        held.Dispose();
        await GoOnUntilAsync(() => round.IsCompleted);
        await round;

        Assert.Equal((200, Options.Parallel), (_addresses.Count, _addresses.MostAtOnce));
    }

    [Fact]
    public async Task It_is_looked_at_a_second_time_before_it_is_said_not_to_answer()
    {
        var stack = await ReadyAsync("jan");
        _time.Advance(TimeSpan.FromMinutes(2));
        _addresses.Answers.Enqueue(Silent);
        _addresses.Answers.Enqueue(Fine);

        await LookAsync(stack, waits: true);

        Assert.Equal((2, HealthState.Answering), (_addresses.Count, Health.State));
        Assert.Equal(0, _dokploy.Count);
    }

    [Fact]
    public async Task It_stops_answering_is_missing_and_answers_again_and_each_is_one_line()
    {
        var stack = await ReadyAsync("jan");
        _time.Advance(TimeSpan.FromMinutes(2));
        await LookAsync(stack);
        var lastSeen = _time.GetUtcNow();

        _time.Advance(TimeSpan.FromMinutes(5));
        var since = _time.GetUtcNow();
        _addresses.Always = Silent;
        await LookAsync(stack, waits: true);
        // What was only known in memory is stored with the change.
        Assert.Equal(new StackHealth(HealthState.NotAnswering, since, lastSeen, AddressLayer.Http), Health);

        _time.Advance(TimeSpan.FromMinutes(5));
        await LookAsync(stack);
        _dokploy.Missing = MissingPart.Application;
        _time.Advance(TimeSpan.FromMinutes(5));
        await LookAsync(stack);
        Assert.Equal(new StackHealth(HealthState.Missing, since, lastSeen, AddressLayer.Http, MissingPart.Application), Health);

        _time.Advance(TimeSpan.FromMinutes(5));
        _addresses.Always = Fine;
        await LookAsync(stack);
        Assert.Equal(StackHealth.AnsweringSince(_time.GetUtcNow()), Health);
        // Two before it was said not to answer, one each time otherwise.
        Assert.Equal(1 + 2 + 1 + 1 + 1, _addresses.Count);
        var log = await _store.ReadLastLogAsync(stack.LastDeploymentId, 10, Token);
        Assert.Equal([LogCode.StackSilent, LogCode.StackMissing, LogCode.StackAnswers], log.Where(e => e.IsAfterEnd).Select(e => e.Log!.Value));
    }

    [Fact]
    public async Task Whoever_opens_a_page_brings_a_look_about_but_not_a_second_one_within_moments()
    {
        var stack = await ReadyAsync("jan");
        // It has answered when it became ready.
        await _checks.CheckAsync(stack.Id, Token);
        Assert.Equal(0, _addresses.Count);
        _time.Advance(Options.Fresh);

        _checks.CheckSoon([stack.Id, stack.Id]);
        Assert.Equal("jan", await _addresses.NextAsync());
        _checks.CheckSoon([stack.Id]);
        _time.Advance(Options.Fresh);
        _checks.CheckSoon([stack.Id]);
        Assert.Equal("jan", await _addresses.NextAsync());

        Assert.Equal(2, _addresses.Count);
    }

    [Fact]
    public async Task A_change_reaches_those_who_watch_the_stack_after_its_deployment_has_ended()
    {
        var stack = await ReadyAsync("jan");
        _time.Advance(TimeSpan.FromMinutes(2));
        var snapshots = new DeploymentSnapshots(_store, new DurationLearner(_store, _time), _seen);
        var feed = new DeploymentFeed(_store, _signals, snapshots, _time);
        await using var page = feed.WatchStackAsync(stack.LastDeploymentId, long.MaxValue, Token).GetAsyncEnumerator(Token);
        Assert.True(await page.MoveNextAsync());
        var next = page.MoveNextAsync();

        _addresses.Always = Silent;
        await LookAsync(stack, waits: true);

        Assert.True(await next);
        Assert.True(page.Current.Snapshot.IsFailing);
        Assert.Equal([LogCode.StackSilent], page.Current.Events.Select(e => e.Log!.Value));
    }

    private StackHealth Health => Assert.Single(_store.All).Stack.Health;

    private async Task<Stack> ReadyAsync(string name)
    {
        var claim = Some.Claim(name, request: name, at: _time.GetUtcNow());
        await _store.BeginAsync(claim, Token);
        _store.Change(claim.DeploymentId, d => d.Complete(d.BeginRun(_time.GetUtcNow())!.Value, _time.GetUtcNow()));
        return (await _store.FindStackAsync(claim.Claim!.NewStack.Id, Token))!;
    }

    private Task RoundAsync() => Task.Run(() =>
        new HealthRound(_store, _checks, _seen, new ActivitySamples(), Options, _time, NullLogger<HealthRound>.Instance).RunAsync(Token), Token);

    private async Task GoOnUntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            Token.ThrowIfCancellationRequested();
            _time.Advance(Options.Interval);
            await Task.Yield();
        }
    }

    /// <param name="waits">The first look fails, so there is a pause before the second.</param>
    private async Task LookAsync(Stack stack, bool waits = false)
    {
        var look = _checks.CheckAsync(stack.Id, Token);
        if (waits)
        {
            await _time.WaitsForAsync(Options.SecondLookAfter);
            _time.Advance(Options.SecondLookAfter);
        }
        await look;
    }

    private sealed class Addresses : IAddressProbe
    {
        private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();
        private readonly Lock _lock = new();
        private Task _gate = Task.CompletedTask;
        private int _count;
        private int _now;

        public HealthFinding Always { get; set; } = Fine;

        public Queue<HealthFinding> Answers { get; } = [];

        public int Count => Volatile.Read(ref _count);

        public int MostAtOnce { get; private set; }

        /// <summary>The name of the next stack that is looked at.</summary>
        public ValueTask<string> NextAsync() => _asked.Reader.ReadAsync(Token);

        /// <summary>No look ends until this is disposed of.</summary>
        public IDisposable Hold()
        {
            var gate = new Gate();
            _gate = gate.Opened;
            return gate;
        }

        public async Task<HealthFinding> LookAsync(Stack stack, CancellationToken cancellationToken)
        {
            HealthFinding answer;
            lock (_lock)
            {
                (_count, _now) = (_count + 1, _now + 1);
                MostAtOnce = Math.Max(MostAtOnce, _now);
                answer = Answers.Count > 0 ? Answers.Dequeue() : Always;
            }
            _asked.Writer.TryWrite(stack.Name.Value);
            await _gate;
            lock (_lock)
            {
                _now--;
            }
            return answer;
        }

        private sealed class Gate : IDisposable
        {
            private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task Opened => _opened.Task;

            public void Dispose() => _opened.TrySetResult();
        }
    }

    private sealed class FakeDokploy : IMissingParts
    {
        public MissingPart? Missing { get; set; }

        public int Count { get; private set; }

        public Task<HealthFinding> CompleteAsync(Stack stack, HealthFinding finding, CancellationToken cancellationToken)
        {
            Count++;
            return Task.FromResult(finding with { Missing = Missing });
        }
    }

    private sealed class Running : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
