using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Benchmarks;

/// <summary>
/// Whether people who wait are slowed by a roll-out: <c>-explicit only -class AiStackDeployer.Tests.Benchmarks.RolloutBenchmark</c>. Figures, no
/// verdict. As many stacks as <c>ROLLOUT_STACKS</c> says (200), <c>ROLLOUT_PACE</c> of the recorded durations (0.1).
/// </summary>
public sealed class RolloutBenchmark
{
    private const int People = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Stacks_updated_in_waves_while_people_deploy()
    {
        var stacks = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_STACKS") ?? "200", CultureInfo.InvariantCulture);
        var pace = double.Parse(Environment.GetEnvironmentVariable("ROLLOUT_PACE") ?? "0.1", CultureInfo.InvariantCulture);
        await using var portal = await TestPortal.StartAsync(engine: true, emulated: new EmulatorOptions { Pace = pace, RecordedLatency = pace > 0 });
        foreach (var some in Enumerable.Range(0, stacks).Chunk(20))
        {
            await Task.WhenAll(some.Select(n => DeployAsync(portal, $"old-{n}")));
        }
        Print("20 people alone, from press to ready", await PeopleAsync(portal, "alone"));
        var begun = TimeProvider.System.GetTimestamp();
        var started = Assert.IsType<RolloutResult.Done>(await portal.Get<RolloutService>().StartAsync(
            new RolloutWish { Image = "registry.test/stack:2", OpenCode = 1, WaveSize = 20, StopAfter = 3 }, "usr_a", "Ada", Token)).Rollout;
        Print("20 people during the roll-out, from press to ready", await PeopleAsync(portal, "beside"));
        var ended = started;
        while (ended.IsActive)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
            ended = (await portal.Get<RolloutService>().ReadAsync(Token)).Newest!;
        }
        var steps = new List<double>();
        foreach (var stack in ended.Stacks.Where(stack => stack.DeploymentId is not null))
        {
            var one = await portal.SeeAsync(stack.DeploymentId!);
            steps.Add((one.FinishedAt!.Value - one.StartedAt!.Value).TotalMilliseconds);
        }
        Print("one batch step, begun to verified", steps);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ended.Phase}: {ended.Count(RolloutStackState.Updated)} of {ended.Stacks.Count} updated in {ended.Stacks.Max(stack => stack.Wave)} waves, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0} s"));
    }

    private static async Task<List<double>> PeopleAsync(TestPortal portal, string name) =>
        [.. await Task.WhenAll(Enumerable.Range(0, People).Select(n => DeployAsync(portal, $"{name}-{n}")))];

    private static async Task<double> DeployAsync(TestPortal portal, string name)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var claimed = await portal.ClaimAsync(name, owner: $"usr_{name}");
        var ended = await portal.UntilAsync(claimed.Id, snapshot => snapshot.IsTerminal);
        Assert.Equal(DeploymentPhase.Completed, ended.Phase);
        return TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static void Print(string what, List<double> values)
    {
        values.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: median {values[values.Count / 2]:0} ms, P95 {values[(int)(values.Count * 0.95)]:0} ms, most {values[^1]:0} ms, {values.Count} of them"));
    }
}
