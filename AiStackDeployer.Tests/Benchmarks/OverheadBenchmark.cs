using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Benchmarks;

/// <summary>
/// What the portal adds to the bare calls: <c>-explicit only -namespace AiStackDeployer.Tests.Benchmarks</c>. Figures, no verdict.
/// </summary>
public sealed class OverheadBenchmark
{
    private const int Runs = 10;

    [Fact(Explicit = true)]
    public async Task From_submit_to_ready_with_the_engine_against_the_same_calls_by_hand()
    {
        var emulated = new EmulatorOptions { Pace = 1, RecordedLatency = true, StackBootTime = TimeSpan.Zero };
        await using var portal = await TestPortal.StartAsync(engine: true, emulated: emulated);
        await ThroughThePortalAsync(portal, "warm-up");
        await ByHandAsync(portal, "warm-up-2");
        var through = new List<double>();
        var byHand = new List<double>();
        var latency = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            // In turns, so that a noisy minute of the machine strikes both.
            byHand.Add(await ByHandAsync(portal, $"hand-{i}"));
            var (total, start) = await ThroughThePortalAsync(portal, $"portal-{i}");
            through.Add(total);
            latency.Add(start);
        }
        Print("by hand, first call to ready", byHand);
        Print("through the portal, submit to ready", through);
        Print("  of it: submit until the workflow begins", latency);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"the portal's own share: {(Median(through) / Median(byHand)) - 1:P1} of the bare time"));
    }

    private static async Task<(double Total, double Start)> ThroughThePortalAsync(TestPortal portal, string name)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var claimed = await portal.ClaimAsync(name);
        var done = await portal.UntilAsync(claimed.Id, s => s.IsTerminal);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        return (TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds, (done.StartedAt!.Value - done.CreatedAt).TotalMilliseconds);
    }

    private static async Task<double> ByHandAsync(TestPortal portal, string name)
    {
        var token = TestContext.Current.CancellationToken;
        var dokploy = portal.Get<DokployClient>();
        var defaults = portal.Get<StackDefaults>();
        var begun = TimeProvider.System.GetTimestamp();
        await dokploy.FindProjectsAsync("ai-stack-" + name, token);
        var project = await dokploy.CreateProjectAsync("ai-stack-" + name, "by hand", token);
        var application = await dokploy.CreateApplicationAsync(name, "ai-stack-" + name, "by hand", project.Environment.EnvironmentId, token);
        await dokploy.UpdateApplicationAsync(
            application.ApplicationId,
            new ApplicationSettings
            {
                Image = defaults.Image,
                Env = DotEnv.Format(new Dictionary<string, string> { ["OPENCODE_SERVER_PASSWORD"] = "by-hand" }),
            },
            token);
        await dokploy.CreateVolumeMountAsync(application.ApplicationId, name + "-a", "/workspace", token);
        await dokploy.CreateVolumeMountAsync(application.ApplicationId, name + "-b", "/state", token);
        await dokploy.CreateDomainAsync(
            application.ApplicationId, new DomainSettings { Host = defaults.HostOf(name), Port = defaults.Port, Https = false }, token);
        await dokploy.DeployApplicationAsync(application.ApplicationId, name, "", token);
        while ((await dokploy.GetApplicationAsync(application.ApplicationId, token))!.ApplicationStatus != DokployApplicationStatus.Done)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, token);
        }
        while (!(await dokploy.GetTasksAsync(application.AppName, token)).Any(t => t.CurrentState == SwarmTaskState.Running))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, token);
        }
        var probe = portal.Get<ReadinessProbe>();
        for (var good = 0; good < 3;)
        {
            var result = await probe.ProbeAsync(defaults.UrlOf(name), new StackCredentials("opencode", "by-hand"), null, token);
            good = result.Layer is null ? good + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, token);
        }
        return TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(string what, List<double> values) => TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: median {Median(values):0} ms, from {values.Min():0} to {values.Max():0} ms, {values.Count} runs"));
}
