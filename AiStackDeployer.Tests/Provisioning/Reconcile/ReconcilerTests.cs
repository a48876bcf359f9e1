using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Provisioning.Reconcile;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning.Reconcile;

/// <summary>The portal compared with the emulator, in which somebody has been at work by hand.</summary>
public sealed class ReconcilerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_as_the_portal_knows_it_is_no_difference_also_while_something_is_made()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.DeployAsync("design-lab");
        var begun = await portal.ClaimAsync("next-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.create");
        var run = portal.RunAsync(begun.Id);
        await gate.Arrived.WaitAsync(Token);

        var compared = (await portal.Get<IReconciler>().CompareAsync(Token))!;

        Assert.Equal((2, 2), (compared.Stacks, compared.Projects));
        Assert.Empty(compared.Differences);
        gate.Release();
        await run;
    }

    [Fact]
    public async Task Each_difference_is_named_and_what_is_missing_can_be_made_again()
    {
        await using var portal = await TestPortal.StartAsync();
        var dokploy = portal.Emulator;
        var gone = await portal.DeployAsync("gone-lab");
        await portal.DeployAsync("half-lab");
        await dokploy.DoAsync("application.delete", new { applicationId = Application(portal, "half-lab") });
        await dokploy.DoAsync("application.delete", new { applicationId = Application(portal, "gone-lab") });
        await dokploy.DoAsync("project.remove", new { projectId = dokploy.World.Projects.Single(p => p.Name == "ai-stack-gone-lab").ProjectId });
        await dokploy.DoAsync("project.create", new { name = "ai-stack-old-lab", description = "AI stack old-lab, made by AI Stack Deployer [stack=stk_0 deployment=dep_0]" });
        await dokploy.DoAsync("project.create", new { name = "ai-stack-copy", description = dokploy.World.Projects.Single(p => p.Name == "ai-stack-half-lab").Description });
        await dokploy.DoAsync("project.create", new { name = "ai-stack-hand-made", description = "mine" });
        await dokploy.DoAsync("project.create", new { name = "something-else", description = "mine" });

        var compared = (await portal.Get<IReconciler>().CompareAsync(Token))!;

        Assert.Equal(
            [
                (DifferenceKind.MissingProject, "gone-lab"), (DifferenceKind.MissingApplication, "half-lab"), (DifferenceKind.Orphan, "ai-stack-old-lab"),
                (DifferenceKind.Second, "ai-stack-copy"), (DifferenceKind.Foreign, "ai-stack-hand-made"),
            ],
            compared.Differences.Select(d => (d.Kind, d.Name)).OrderBy(d => d.Kind));
        Assert.Equal(gone.Id, compared.Differences.Single(d => d.Kind == DifferenceKind.MissingProject).DeploymentId);
        Assert.Same(compared, portal.Get<IReconciler>().Last);
    }

    /// <summary>Somebody changed image, route and volume by hand; a redeploy puts each right.</summary>
    [Fact]
    public async Task What_was_changed_in_an_application_is_named_and_a_redeploy_puts_it_right()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        await portal.DeployAsync("other-lab");
        var dokploy = portal.Emulator;
        var application = Application(portal, "design-lab");
        await dokploy.DoAsync("application.update", new { applicationId = application, dockerImage = "registry.test/stack:0" });
        await dokploy.DoAsync("domain.delete", new { domainId = dokploy.World.Domains.Single(d => d.ApplicationId == application).DomainId });
        await dokploy.DoAsync("mounts.remove", new { mountId = dokploy.World.Mounts.First(m => m.ApplicationId == application).MountId });

        var compared = (await portal.Get<IReconciler>().CompareAsync(Token))!;

        Assert.Equal(
            [(DifferenceKind.OtherImage, made.StackId), (DifferenceKind.OtherRoute, made.StackId), (DifferenceKind.MissingVolume, made.StackId)],
            compared.Differences.Select(d => (d.Kind, d.StackId)));

        var begun = Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Redeploy, StackId = made.StackId, RequestId = "req_repair" }, Token));
        await portal.RunAsync(begun.Deployment.Id);
        Assert.Empty((await portal.Get<IReconciler>().CompareAsync(Token))!.Differences);
    }

    [Fact]
    public async Task An_empty_project_of_no_stack_is_removed_without_a_question_a_day_later()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await TestPortal.StartAsync(dokployTime: TimeProvider.System, time: clock);
        await portal.Emulator.DoAsync("project.create", new { name = "ai-stack-old-lab", description = "AI stack old-lab, made by AI Stack Deployer [stack=stk_0 deployment=dep_0]" });
        var round = new ReconcileRound(portal.Get<IReconciler>(), NullLogger<ReconcileRound>.Instance);
        await round.RunAsync(Token);
        Assert.Single(portal.Emulator.World.Projects);

        clock.Advance(TimeSpan.FromHours(25));
        await round.RunAsync(Token);

        Assert.Empty(portal.Emulator.World.Projects);
    }

    [Fact]
    public async Task A_left_over_project_is_removed_with_its_applications_and_nothing_of_anybody_elses()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var project = Assert.Single(portal.Emulator.World.Projects).ProjectId;
        var reconciler = portal.Get<IReconciler>();
        Assert.False(await reconciler.RemoveOrphanAsync(project, Token));
        // As after a restore of a database in which the stack was never made.
        await portal.Store.ChangeAsync(made.Id, d => d.Stack.ReleasedAt = TimeProvider.System.GetUtcNow(), Token);
        portal.Emulator.World.AddOtherService(project, "postgres", "mine");

        Assert.False(await reconciler.RemoveOrphanAsync(project, Token));
        Assert.Single(portal.Emulator.World.Projects);
        portal.Emulator.World.RemoveOtherServices(project);
        Assert.True(await reconciler.RemoveOrphanAsync(project, Token));
        Assert.Empty(portal.Emulator.World.Projects);
        Assert.Empty(portal.Emulator.World.Services);
    }

    [Fact]
    public async Task A_Dokploy_that_does_not_answer_is_compared_with_nothing()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.all", Kind = new FaultKind.Status(500) });

        Assert.Null(await portal.Get<IReconciler>().CompareAsync(Token));
        Assert.Null(portal.Get<IReconciler>().Last);
    }

    private static string Application(TestPortal portal, string name)
    {
        var project = portal.Emulator.World.Projects.Single(p => p.Name == "ai-stack-" + name).ProjectId;
        return portal.Emulator.World.Applications.Single(a => a.ProjectId == project).ApplicationId;
    }
}
