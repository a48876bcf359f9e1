using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using static AiStackDeployer.Core.Deployments.DeploymentStep;

namespace AiStackDeployer.Tests.Deployments;

public sealed class DurationLearnerTests
{
    private const string Reading = nameof(IDeploymentStore.ReadPastRunsAsync);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.75, 3)]
    [InlineData(0.76, 4)]
    [InlineData(0.95, 4)]
    [InlineData(1, 4)]
    [InlineData(0, 1)]
    public void A_percentile_is_a_duration_that_really_happened(double share, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            DurationLearner.Percentile([.. new[] { 4, 1, 3, 2 }.Select(s => TimeSpan.FromSeconds(s))], share));

    [Fact]
    public void Each_step_is_learned_from_the_runs_that_have_it()
    {
        var learned = DurationLearner.Learn([Run(9, (EnsureProject, 1), (Configure, 5)), Run(10, (EnsureProject, 3)), Run(30, (EnsureProject, 2))]);

        Assert.Equal(
            new Dictionary<int, TimeSpan> { [(int)EnsureProject] = TimeSpan.FromSeconds(2), [(int)Configure] = TimeSpan.FromSeconds(5) },
            learned.Median);
        Assert.Equal(TimeSpan.FromSeconds(10), learned.Total);
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, 5)]
    [InlineData(20, 19)]
    public void Slower_than_usual_is_not_said_before_there_is_a_usual(int runs, int? seconds) =>
        Assert.Equal(
            seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            DurationLearner.Learn([.. Enumerable.Range(1, runs).Select(n => Run(n))]).TotalP95);

    [Fact]
    public void Without_a_run_nothing_is_known() => Assert.Same(LearnedTimes.None, DurationLearner.Learn([]));

    [Fact]
    public async Task A_reading_serves_for_fifteen_seconds()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.Learner.GetAsync(OperationCatalog.Deploy, Token);
        world.Time.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        await world.Learner.GetAsync(OperationCatalog.Deploy, Token);
        Assert.Equal(1, world.Store.CountOf(Reading));

        world.Time.Advance(TimeSpan.FromTicks(1));
        await world.Learner.GetAsync(OperationCatalog.Deploy, Token);
        Assert.Equal(2, world.Store.CountOf(Reading));
    }

    [Fact]
    public async Task Many_askers_share_one_reading_and_one_who_leaves_does_not_end_it()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Store.Before = _ => gate.Task;
        using var leaving = new CancellationTokenSource();
        var leaver = world.Learner.GetAsync(OperationCatalog.Deploy, leaving.Token);
        var others = Enumerable.Range(0, 20).Select(_ => world.Learner.GetAsync(OperationCatalog.Deploy, Token)).ToList();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        gate.SetResult();

        await Task.WhenAll(others);
        Assert.Equal(1, world.Store.CountOf(Reading));
    }

    [Fact]
    public async Task A_failed_reading_is_not_kept()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Store.Lock(Reading);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => world.Learner.GetAsync(OperationCatalog.Deploy, Token));

        world.Store.Lock();

        Assert.Same(LearnedTimes.None, await world.Learner.GetAsync(OperationCatalog.Deploy, Token));
    }

    private static PastRun Run(int total, params (DeploymentStep Step, int Seconds)[] steps) =>
        new(TimeSpan.FromSeconds(total), steps.ToDictionary(s => (int)s.Step, s => TimeSpan.FromSeconds(s.Seconds)));
}
