using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning.Health;

/// <summary>What somebody does to a stack in Dokploy, past the portal, shows in its health.</summary>
public sealed class HealthOnDokployTests
{
    private static readonly HealthOptions Quick = new() { SecondLookAfter = TimeSpan.Zero, Fresh = TimeSpan.Zero };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_that_is_stopped_does_not_answer_and_one_that_is_started_answers_again()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        Assert.Equal(HealthState.Answering, (await LookAsync(portal, made)).State);
        var application = Assert.Single(portal.Emulator.World.Applications).ApplicationId;

        await portal.Emulator.DoAsync("application.stop", new { applicationId = application });
        var stopped = await LookAsync(portal, made);
        Assert.Equal((HealthState.NotAnswering, AddressLayer.Http, null), (stopped.State, stopped.Layer, stopped.Missing));
        Assert.True((await portal.SeeAsync(made.Id)).IsFailing);

        await portal.Emulator.DoAsync("application.start", new { applicationId = application });
        Assert.Equal(HealthState.Answering, (await LookAsync(portal, made)).State);
        Assert.Equal(
            [LogCode.StackSilent, LogCode.StackAnswers], (await portal.EventsAsync(made.Id)).Where(e => e.IsAfterEnd).Select(e => e.Log!.Value));
    }

    [Fact]
    public async Task A_domain_that_is_deleted_is_missing_until_somebody_makes_it_again()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var domain = Assert.Single(portal.Emulator.World.Domains);

        await portal.Emulator.DoAsync("domain.delete", new { domainId = domain.DomainId });
        var missing = await LookAsync(portal, made);
        Assert.Equal((HealthState.Missing, MissingPart.Domain), (missing.State, missing.Missing));

        await portal.Emulator.DoAsync("domain.create", new { host = domain.Host, applicationId = domain.ApplicationId, port = domain.Port, https = false, certificateType = "none" });
        Assert.Equal(HealthState.Answering, (await LookAsync(portal, made)).State);
    }

    [Theory]
    [InlineData(false, MissingPart.Application)]
    [InlineData(true, MissingPart.Project)]
    public async Task What_is_removed_is_missing_and_said_by_its_name(bool wholeProject, MissingPart missing)
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");

        await portal.Emulator.DoAsync("application.delete", new { applicationId = Assert.Single(portal.Emulator.World.Applications).ApplicationId });
        if (wholeProject)
        {
            await portal.Emulator.DoAsync("project.remove", new { projectId = Assert.Single(portal.Emulator.World.Projects).ProjectId });
        }

        var health = await LookAsync(portal, made);
        Assert.Equal((HealthState.Missing, missing), (health.State, health.Missing));
        Assert.Equal(StackState.Ready, (await portal.SeeAsync(made.Id)).StackState);
    }

    [Fact]
    public async Task A_Dokploy_that_cannot_be_reached_makes_no_stack_missing()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        await portal.Emulator.DoAsync("domain.delete", new { domainId = Assert.Single(portal.Emulator.World.Domains).DomainId });
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.one", Kind = new FaultKind.Status(500, "{}") });

        Assert.Equal(HealthState.NotAnswering, (await LookAsync(portal, made)).State);
        portal.Emulator.World.Faults.Clear();
        Assert.Equal(HealthState.Missing, (await LookAsync(portal, made)).State);
    }

    [Fact]
    public async Task The_engine_runs_the_rounds_by_itself()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { Health = Quick with { Interval = TimeSpan.FromSeconds(1), FirstAfter = TimeSpan.Zero } }, engine: true);
        var made = await portal.ClaimAsync("design-lab");
        await portal.UntilAsync(made.Id, s => s.IsTerminal);
        await portal.Emulator.DoAsync("domain.delete", new { domainId = Assert.Single(portal.Emulator.World.Domains).DomainId });

        await foreach (var update in portal.Feed.WatchStackAsync(made.Id, long.MaxValue, Token))
        {
            if (update.Snapshot.Health.State == HealthState.Missing)
            {
                return;
            }
        }
        Assert.Fail("The watching ended.");
    }

    private static Task<TestPortal> StartAsync() => TestPortal.StartAsync(o => o with { Health = Quick });

    private static async Task<StackHealth> LookAsync(TestPortal portal, DeploymentSnapshot made)
    {
        await portal.Get<HealthChecks>().CheckAsync(made.StackId, Token);
        return (await portal.SeeAsync(made.Id)).Health;
    }
}
