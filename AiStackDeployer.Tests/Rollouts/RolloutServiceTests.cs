using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Rollouts;

/// <summary>Roll-outs on the real database and the real workflow, against the emulator, whose stacks have a gate.</summary>
public sealed class RolloutServiceTests
{
    private const string New = "registry.test/stack:2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Canary_and_waves_give_each_stack_the_image_and_others_begin_nothing_meanwhile()
    {
        await using var portal = await TestPortal.StartAsync();
        await DeployAsync(portal, 3);

        var started = await StartAsync(portal, Wish());
        Assert.Equal(RolloutRefusal.AnotherActive, Assert.IsType<RolloutResult.Refused>(await portal.Get<RolloutService>().StartAsync(Wish(), "usr_b", "Bo", Token)).Why);
        Assert.Equal(["lab-2"], await WorkAsync(portal));
        Assert.Equal(["lab-0", "lab-1"], (await WorkAsync(portal)).Order());
        Assert.Empty(await WorkAsync(portal));

        var ended = await NewestAsync(portal);
        Assert.Equal((started.Id, RolloutPhase.Completed), (ended.Id, ended.Phase));
        Assert.All(portal.Emulator.World.Services, service => Assert.Equal(New, service.Image));
        Assert.All(ended.Stacks, stack => Assert.NotNull(stack.DeploymentId));
        Assert.Equal(OperationCause.Batch, (await portal.SeeAsync(ended.Stacks[0].DeploymentId!)).Cause);
    }

    [Fact]
    public async Task Rounds_at_the_same_time_and_one_after_a_crash_begin_each_update_once()
    {
        await using var portal = await TestPortal.StartAsync();
        await DeployAsync(portal, 1);
        await using var other = await portal.SecondProcessAsync();
        await StartAsync(portal, Wish());

        // Nobody has run what began: each of these looks again, as after a crash.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => (n % 2 == 0 ? portal : other).Get<RolloutService>().TickAsync(Token)));
        Assert.Single(await portal.Store.ListActiveAsync(Token));
        Assert.Equal(["lab-0"], await WorkAsync(other));

        Assert.Equal(2, portal.Emulator.World.Deployments.Count);
    }

    [Fact]
    public async Task What_was_stored_and_not_begun_begins_when_a_portal_looks_again()
    {
        await using var portal = await TestPortal.StartAsync();
        await DeployAsync(portal, 1);
        var values = portal.Get<IPortalValues>();
        await StartAsync(portal, Wish());
        var stored = (await values.ReadAsync("rollout", Token))!;
        // As if the portal had died between its two writes: the operation is not there, the decision is.
        await using var died = await TestPortal.StartAsync();
        await DeployAsync(died, 1);
        var (dead, living) = ((await RowAsync(portal, "lab-0")).Stack.Id, (await RowAsync(died, "lab-0")).Stack.Id);
        await died.Get<IPortalValues>().WriteAsync("rollout", stored.Replace(dead, living, StringComparison.Ordinal), "usr_a", Token);

        Assert.Equal(RolloutPace.Soon, await died.Get<RolloutService>().TickAsync(Token));
        Assert.Equal(OperationCatalog.Redeploy, Assert.Single(await died.Store.ListActiveAsync(Token)).Operation);
    }

    [Fact]
    public async Task A_roll_back_by_the_swarm_is_a_failure_and_stops_it_and_going_back_restores_the_canary()
    {
        await using var portal = await TestPortal.StartAsync(emulated: new EmulatorOptions { Pace = 0.3, StackBootTime = TimeSpan.Zero });
        await DeployAsync(portal, 3);
        var started = await StartAsync(portal, Wish());
        await WorkAsync(portal);
        portal.Emulator.World.Outcomes.Set("ai-stack-lab-0", ImageOutcome.RolledBackUpdate);
        await WorkAsync(portal);
        Assert.Empty(await WorkAsync(portal));

        var stopped = await NewestAsync(portal);
        Assert.Equal((RolloutPhase.Stopped, RolloutStop.Failures), (stopped.Phase, stopped.Stopped));
        var failed = Assert.Single(stopped.Stacks, stack => stack.State == RolloutStackState.Failed);
        Assert.Equal(("lab-0", FailureCode.RolledBack), (failed.Name, failed.Failure));

        portal.Emulator.World.Outcomes.Clear();
        Assert.IsType<RolloutResult.Done>(await portal.Get<RolloutService>().ActAsync(started.Id, RolloutAct.GoBack, "usr_a", Token));
        Assert.Equal(["lab-1", "lab-2"], (await WorkAsync(portal)).Order());
        Assert.Equal(RolloutPhase.WentBack, (await NewestAsync(portal)).Phase);
        Assert.All(portal.Emulator.World.Services, service => Assert.Equal("registry.test/stack:1", service.Image));
    }

    [Fact]
    public async Task A_migration_needs_copies_and_one_that_loses_sessions_goes_back_by_itself()
    {
        const string image = "registry.test/stack-forgets:2.0.4";
        await using var portal = await TestPortal.StartAsync();
        await DeployAsync(portal, 2);
        var wish = Wish() with { Image = image, OpenCode = null };

        Assert.Equal(RolloutRefusal.OpenCodeUnknown, await RefusedAsync(portal, wish));
        Assert.Equal(RolloutRefusal.CopiesNeeded, await RefusedAsync(portal, wish with { OpenCode = 2 }));
        var preview = await portal.Get<RolloutService>().PreviewAsync(wish with { OpenCode = 2 }, Token);
        var volume = portal.Emulator.World.Mounts.Select(mount => mount.VolumeName!).First(name => name.EndsWith("-state", StringComparison.Ordinal));
        Assert.Contains(preview.Copies, copy => copy.CopyCommand.Contains($"-v {volume}:/from:ro -v {volume}-v1:/to registry.test/stack:1 ", StringComparison.Ordinal));

        await StartAsync(portal, wish with { OpenCode = 2, CopiesAreMade = true });
        Assert.Equal(["lab-1"], await WorkAsync(portal));
        Assert.Equal(["lab-1"], await WorkAsync(portal));
        Assert.Empty(await WorkAsync(portal));

        var stopped = await NewestAsync(portal);
        Assert.Equal(RolloutStop.Canary, stopped.Stopped);
        Assert.Equal((RolloutStackState.Failed, RolloutReason.SessionsLost, 3, 2), (stopped.Canary.State, stopped.Canary.Reason!.Value, stopped.Canary.SessionsBefore!.Value, stopped.Canary.SessionsAfter!.Value));
        Assert.All(portal.Emulator.World.Services, service => Assert.Equal("registry.test/stack:1", service.Image));
    }

    [Fact]
    public async Task The_image_of_the_owners_role_is_that_of_a_new_stack_of_its_redeploy_and_of_what_is_offered()
    {
        await using var portal = await TestPortal.StartAsync();
        var policies = new StackPolicies([New], new Dictionary<Role, RolePolicy> { [Role.User] = new(Image: New) });
        await DeployAsync(portal, 1);
        await portal.Get<PortalCare>().SetPoliciesAsync(policies, "usr_admin", Token);

        await portal.DeployAsync("later");
        Assert.Equal(New, (await RowAsync(portal, "later")).Stack.Image);
        var row = await RowAsync(portal, "lab-0");
        Assert.Equal("registry.test/stack:1", row.Stack.Image);
        var begun = Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Redeploy, StackId = row.Stack.Id, RequestId = "req_update" }, Token)).Deployment;
        await portal.RunAsync(begun.Id);
        Assert.Equal(New, (await RowAsync(portal, "lab-0")).Stack.Image);
    }

    private static RolloutWish Wish() => new() { Image = New, Canary = null, WaveSize = 5, OpenCode = 1 };

    private static async Task DeployAsync(TestPortal portal, int stacks)
    {
        // The newest is used the longest ago: their times of use are what the proposal goes by.
        for (var i = 0; i < stacks; i++)
        {
            var made = await portal.DeployAsync($"lab-{i}");
            await portal.Store.ChangeAsync(made.Id, deployment => deployment.Stack.UsedAt = TimeProvider.System.GetUtcNow().AddDays(-i - 1), Token);
        }
    }

    private static async Task<Rollout> StartAsync(TestPortal portal, RolloutWish wish) =>
        Assert.IsType<RolloutResult.Done>(await portal.Get<RolloutService>().StartAsync(wish, "usr_a", "Ada", Token)).Rollout;

    private static async Task<RolloutRefusal> RefusedAsync(TestPortal portal, RolloutWish wish) =>
        Assert.IsType<RolloutResult.Refused>(await portal.Get<RolloutService>().StartAsync(wish, "usr_a", "Ada", Token)).Why;

    private static async Task<Rollout> NewestAsync(TestPortal portal) => (await portal.Get<RolloutService>().ReadAsync(Token)).Newest!;

    private static async Task<StackRow> RowAsync(TestPortal portal, string name) => (await portal.Store.FindStackByNameAsync(StackName.FromStored(name), Token))!;

    /// <summary>Runs what has begun to its end, then looks as one round does: until something new has begun, or nothing will soon.</summary>
    /// <returns>The names of the stacks that were worked on.</returns>
    private static async Task<IReadOnlyList<string>> WorkAsync(TestPortal portal)
    {
        var active = await portal.Store.ListActiveAsync(Token);
        foreach (var one in active)
        {
            await portal.RunAsync(one.Id);
        }
        for (var round = 0; round < 4 && (await portal.Store.ListActiveAsync(Token)).Count == 0; round++)
        {
            if (await portal.Get<RolloutService>().TickAsync(Token) != RolloutPace.Soon)
            {
                break;
            }
        }
        return [.. active.Select(one => one.Name.Value)];
    }
}
