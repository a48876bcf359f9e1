using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>An operation that only the tests know goes the whole way: accepted, run against Dokploy, followed, and never at the stack's cost.</summary>
public sealed class MadeUpOperationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_accepted_run_and_followed_to_its_end()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");

        var begun = await BeginAsync(portal, made);
        Assert.Equal(("made-up", DeploymentStatus.InProgress), (begun.Operation.Name, begun.Status));
        await portal.RunAsync(begun.Id);

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal((DeploymentPhase.Completed, 100, StackState.Ready), (ended.Phase, ended.Progress, ended.StackState));
        Assert.All(ended.Steps, step => Assert.Equal(StepOutcome.Done, step.Outcome));
        Assert.Equal(2, portal.Emulator.World.Deployments.Count);
        var row = (await portal.Deployments.FindStackByNameAsync("design-lab", Token))!;
        Assert.Equal((begun.Id, MadeUpOperation.Instance, true), (row.DeploymentId, row.Operation, row.MayBegin(OperationCatalog.Delete)));
        var page = await portal.Deployments.ListDeploymentsAsync(new DeploymentQuery { Operation = MadeUpOperation.Instance }, Token);
        Assert.Equal([begun.Id], page.Rows.Select(d => d.Id));
    }

    [Fact]
    public async Task While_it_waits_nothing_else_begins_and_the_same_again_leads_to_it()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var begun = await BeginAsync(portal, made);

        var deletion = await portal.Deployments.BeginAsync(Request(portal, made, OperationCatalog.Delete), Token);
        Assert.Equal(new BeginResult.NotNow(StackState.Ready, begun.Id), deletion);
        var again = await portal.Deployments.BeginAsync(Request(portal, made, MadeUpOperation.Instance), Token);
        Assert.Equal((begun.Id, true), again is BeginResult.Started s ? (s.Deployment.Id, s.Existing) : default);
    }

    [Fact]
    public async Task When_it_fails_the_stack_still_runs_and_it_can_be_tried_again()
    {
        await using var portal = await TestPortal.StartAsync(options => options with { Readiness = options.Readiness with { Timeout = TimeSpan.FromSeconds(20) } });
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var begun = await BeginAsync(portal, made);

        await portal.RunAsync(begun.Id);

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal((DeploymentPhase.Failed, FailureCode.ImageNotFound), (ended.Phase, ended.Failure?.Code));
        Assert.Equal((StackState.Ready, null), (ended.StackState, ended.StackReleasedAt));
        Assert.Single(portal.Emulator.World.Projects);
        Assert.True(ended.MayBeRetried());
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.Runs);
        var again = Assert.IsType<BeginResult.Started>(await portal.Deployments.RetryAsync(ended.Id, "req_again", Allowance.Unlimited, Token)).Deployment;
        await portal.RunAsync(again.Id);
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(again.Id)).Phase);
    }

    [Fact]
    public async Task An_update_that_the_swarm_rolls_back_is_found_out_although_Dokploy_calls_it_done()
    {
        // Slow enough for the update to be under way when Dokploy says that it is done.
        await using var portal = await TestPortal.StartAsync(emulated: new EmulatorOptions { Pace = 0.3, StackBootTime = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.RolledBackUpdate);
        portal.Emulator.World.Outcomes.ContainerLog = "cannot read the new settings";
        var begun = await BeginAsync(portal, made);

        await portal.RunAsync(begun.Id);

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal("done", portal.Emulator.World.Deployments[^1].Status);
        Assert.Equal((FailureCode.RolledBack, DeploymentStep.AwaitContainer), (ended.Failure?.Code, ended.Failure?.Step));
        Assert.Contains(ended.Failure!.RawLines!, line => line.Contains("cannot read the new settings", StringComparison.Ordinal));
        Assert.Equal(StackState.Ready, ended.StackState);
        Assert.True(Assert.Single(portal.Emulator.World.Services).IsServing);
    }

    [Fact]
    public async Task Cancelled_in_its_middle_it_removes_nothing()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var begun = await BeginAsync(portal, made);
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy");
        var run = portal.RunAsync(begun.Id);
        await gate.Arrived.WaitAsync(Token);

        Assert.Equal(CancelResult.Requested, await portal.Deployments.CancelAsync(begun.Id, Token));
        gate.Release();
        await run;

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal((DeploymentPhase.Cancelled, StackState.Ready, null), (ended.Phase, ended.StackState, ended.StackReleasedAt));
        Assert.Single(portal.Emulator.World.Applications);
    }

    private static async Task<DeploymentSnapshot> BeginAsync(TestPortal portal, DeploymentSnapshot on) =>
        Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(Request(portal, on, MadeUpOperation.Instance), Token)).Deployment;

    private static OperationRequest Request(TestPortal portal, DeploymentSnapshot on, Operation operation) => new()
    {
        Operation = operation, StackId = on.StackId, ConfirmName = on.Name, RequestId = portal.Get<Ids>().NewRequestId(),
    };
}
