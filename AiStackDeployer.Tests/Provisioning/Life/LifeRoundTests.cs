using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Provisioning.Life;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Provisioning.Life;

/// <summary>What the round begins, against the emulator, whose stacks have a gate.</summary>
public sealed class LifeRoundTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_is_deleted_once_and_not_before()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var away = await PlayAsync(portal, made, OperationCatalog.ScheduleDeletion);
        await RoundAsync(portal, LifePolicy.None);
        Assert.Equal(away.Id, (await RowAsync(portal))!.DeploymentId);

        await SetAsync(portal, stack => stack.RemoveAt = TimeProvider.System.GetUtcNow().AddSeconds(-1));
        await RoundAsync(portal, LifePolicy.None);
        await RoundAsync(portal, LifePolicy.None);

        var deletion = (await RowAsync(portal))!;
        Assert.Equal((OperationCatalog.Delete, DeploymentPhase.Queued), (deletion.Operation, deletion.Phase));
        await portal.RunAsync(deletion.DeploymentId);
        var gone = await portal.SeeAsync(deletion.DeploymentId);
        Assert.Equal((DeploymentPhase.Completed, OperationCause.Due), (gone.Phase, gone.Cause));
        Assert.Empty(portal.Emulator.World.Projects);
    }

    [Fact]
    public async Task During_maintenance_nothing_begins_and_what_is_due_waits_for_its_end()
    {
        await using var portal = await TestPortal.StartAsync();
        var away = await PlayAsync(portal, await portal.DeployAsync("design-lab"), OperationCatalog.ScheduleDeletion);
        await SetAsync(portal, stack => stack.RemoveAt = TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var care = portal.Get<PortalCare>();

        await care.SetMaintenanceAsync(new Maintenance(new BilingualText("Work.", "Werk."), TimeProvider.System.GetUtcNow().AddHours(1)), "usr_admin", Token);
        await RoundAsync(portal, LifePolicy.None);
        Assert.Equal(away.Id, (await RowAsync(portal))!.DeploymentId);

        await care.SetMaintenanceAsync(null, "usr_admin", Token);
        await RoundAsync(portal, LifePolicy.None);
        Assert.Equal(OperationCatalog.Delete, (await RowAsync(portal))!.Operation);
    }

    [Fact]
    public async Task An_unused_stack_is_warned_then_stopped_unless_its_owner_keeps_it()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var policy = new LifePolicy(TimeSpan.FromHours(8), null);
        await portal.Get<IStackGates>().AskAsync((await RowAsync(portal))!.Stack, Token);
        // The gate has no past yet: the rule alone is asked, with a policy of no time at all.
        var none = new LifePolicy(TimeSpan.FromMilliseconds(1), null);

        await RoundAsync(portal, policy);
        Assert.Null((await RowAsync(portal))!.Stack.IdleWarnedAt);
        await RoundAsync(portal, none);
        Assert.NotNull((await RowAsync(portal))!.Stack.IdleWarnedAt);
        Assert.Contains(await portal.EventsAsync(made.Id), line => line.Log == LogCode.StopAnnounced);

        Assert.True(await portal.Deployments.KeepRunningAsync(made.StackId, TimeProvider.System.GetUtcNow().AddHours(1), Token));
        await RoundAsync(portal, none);
        Assert.Equal(made.Id, (await RowAsync(portal))!.DeploymentId);

        await SetAsync(portal, stack => (stack.KeepUntil, stack.IdleWarnedAt) = (null, TimeProvider.System.GetUtcNow()));
        await RoundAsync(portal, none);
        var stop = (await RowAsync(portal))!;
        Assert.Equal(OperationCatalog.Stop, stop.Operation);
        await portal.RunAsync(stop.DeploymentId);
        var ended = await portal.SeeAsync(stop.DeploymentId);
        Assert.Equal((DeploymentPhase.Completed, StackState.Stopped, OperationCause.Idle), (ended.Phase, ended.StackState, ended.Cause));
    }

    [Fact]
    public async Task A_stack_that_is_in_use_again_when_its_turn_comes_is_not_stopped()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var begun = Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Stop, StackId = made.StackId, RequestId = "idle:1", Cause = OperationCause.Idle }, Token)).Deployment;
        // Nothing answers for it: that is no proof that nobody is there.
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(503) });

        await portal.RunAsync(begun.Id);

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal((DeploymentPhase.Failed, FailureCode.InUse, StackState.Ready), (ended.Phase, ended.Failure!.Code, ended.StackState));
        Assert.Single(portal.Emulator.World.RoutedHosts);
    }

    private static Task RoundAsync(TestPortal portal, LifePolicy policy) => new LifeRound(
        portal.Store, portal.Deployments, portal.Get<IStackGates>(), new OneLifePolicy(policy), portal.Get<PortalCare>(), portal.Get<HealthOptions>(), TimeProvider.System,
        portal.Get<ILogger<LifeRound>>()).RunAsync(Token);

    private static async Task<StackRow?> RowAsync(TestPortal portal) =>
        await portal.Store.FindStackByNameAsync(StackName.FromStored("design-lab"), Token);

    private static async Task SetAsync(TestPortal portal, Action<Stack> change) => await portal.Store.ChangeAsync(
        (await RowAsync(portal))!.DeploymentId,
        deployment =>
        {
            change(deployment.Stack);
            return true;
        },
        Token);

    private static async Task<DeploymentSnapshot> PlayAsync(TestPortal portal, DeploymentSnapshot on, Operation operation)
    {
        var begun = Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
            new OperationRequest { Operation = operation, StackId = on.StackId, ConfirmName = on.Name, RequestId = portal.Get<Ids>().NewRequestId() }, Token)).Deployment;
        await portal.RunAsync(begun.Id);
        return await portal.SeeAsync(begun.Id);
    }
}
