using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What is said at the end is so: as met against a real Dokploy.</summary>
public sealed class TrueEndsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deleted_is_said_only_once_no_container_runs_any_more()
    {
        await using var portal = await TestPortal.StartAsync(emulated: Lingering);
        var made = await portal.DeployAsync("design-lab");
        var appName = Assert.Single(portal.Emulator.World.Applications).AppName;

        var deleted = await portal.DeleteAsync(made);

        Assert.Equal(DeploymentPhase.Completed, deleted.Phase);
        Assert.Empty(await portal.Get<DokployClient>().GetContainersAsync(appName, Token));
    }

    [Fact]
    public async Task A_failed_deployment_has_ended_only_once_no_container_of_it_runs_any_more()
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { Readiness = o.Readiness with { StubbornAfter = TimeSpan.Zero } }, emulated: Lingering);
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.WrongProgram);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitReadiness);
        var appName = Assert.Single(portal.Emulator.World.Applications).AppName;
        await run;

        Assert.Null((await portal.SeeAsync(claimed.Id)).Failure?.LeftBehind);
        Assert.Empty(await portal.Get<DokployClient>().GetContainersAsync(appName, Token));
    }

    [Theory]
    [InlineData(ImageOutcome.NeverHealthy, 8080, "address-http", "503", false, "upstream is not ready")]
    [InlineData(ImageOutcome.Runs, 9000, "address-port-silent", "8080", true, "opencode server listening")]
    public async Task A_failure_at_the_address_keeps_the_containers_last_lines(
        ImageOutcome outcome, int containerPort, string code, string subject, bool needsAdministrator, string line)
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { Readiness = o.Readiness with { Timeout = TimeSpan.FromSeconds(1) } },
            emulated: new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero, ContainerPort = containerPort });
        portal.Emulator.World.Outcomes.Set("*", outcome);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Equal((code, subject), (failed.Failure!.Code.ToWire(), failed.Failure.Subject));
        Assert.Equal(needsAdministrator, failed.Failure.Code.NeedsAdministrator());
        Assert.Contains(failed.Failure.RawLines ?? [], raw => raw.Contains(line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ImageOutcome.Unschedulable, 0)]
    [InlineData(ImageOutcome.CrashLoop, 2)]
    public async Task A_volume_that_Docker_never_made_does_not_stay(ImageOutcome outcome, int volumes)
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", outcome);

        Assert.Equal(volumes, (await portal.DeployAsync("design-lab")).KeptVolumes.Count);
    }

    [Fact]
    public async Task The_lines_of_a_crash_loop_come_in_the_order_of_time()
    {
        await using var portal = await TestPortal.StartAsync(emulated: new EmulatorOptions { Pace = 0.05, StackBootTime = TimeSpan.Zero });
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.CrashLoop);

        var failed = await portal.DeployAsync("design-lab");

        var stamps = failed.Failure!.RawLines!.Where(line => line.StartsWith("20", StringComparison.Ordinal)).ToList();
        Assert.True(stamps.Count > 1, string.Join('\n', failed.Failure.RawLines!));
        Assert.Equal(stamps.Order(StringComparer.Ordinal), stamps);
    }

    [Theory]
    [InlineData(4, "larger-than-any-server", "4 GB")]
    [InlineData(null, "unschedulable", null)]
    public async Task Memory_that_no_server_has_is_told_from_memory_that_none_has_to_spare(int? gigabytes, string code, string? subject)
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { MemoryReservation = (gigabytes ?? 1) * (1L << 30), MemoryLimit = 8L << 30 },
            emulated: new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero, NodeMemoryBytes = 2L << 30 });
        if (gigabytes is null)
        {
            portal.Emulator.World.Outcomes.Set("*", ImageOutcome.Unschedulable);
        }

        var failure = (await portal.DeployAsync("design-lab")).Failure!;

        Assert.Equal((code, subject), (failure.Code.ToWire(), failure.Subject));
        Assert.True(failure.Code.NeedsAdministrator());
    }

    [Fact]
    public async Task Where_the_servers_cannot_be_asked_there_is_no_room()
    {
        await using var portal = await TestPortal.StartAsync(
            emulated: new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero, NodeMemoryBytes = 1 });
        portal.Emulator.World.Faults.Add(new Fault { Call = "cluster.getNodes", Kind = new FaultKind.Status(404, "{}") });

        Assert.Equal(FailureCode.Unschedulable, (await portal.DeployAsync("design-lab")).Failure?.Code);
    }

    [Fact]
    public async Task An_outage_of_Dokploys_costs_no_stack_whose_container_runs()
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { UpstreamTimeout = TimeSpan.FromMilliseconds(500) }, o => o with { Retries = 0 });
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy", afterWork: true);
        var run = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(Token);
        portal.Emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.DatabaseDown() });
        gate.Release();

        await run;

        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);
    }

    [Fact]
    public async Task An_outage_does_not_use_up_the_time_of_a_step()
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { ContainerTimeout = TimeSpan.FromSeconds(2) }, o => o with { Retries = 0, CircuitMinimumCalls = 1000 },
            emulated: new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.FromDays(1), StopGraceTime = TimeSpan.Zero });
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NeverHealthy);
        portal.Emulator.World.Faults.Add(new Fault { Call = "docker.getServiceContainersByAppName", Times = 5, Kind = new FaultKind.Reset() });
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);

        // Five failures with their pauses take longer than the step has.
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitReadiness);
        await portal.Deployments.CancelAsync(claimed.Id, Token);
        await run;
    }

    private static EmulatorOptions Lingering { get; } = new()
    {
        Pace = 0, StackBootTime = TimeSpan.Zero, StopGraceTime = TimeSpan.FromSeconds(3),
    };
}
