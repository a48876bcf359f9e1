using System.Net.Http.Json;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>A stack that is deleted is gone, its name free, and what cannot be removed through Dokploy named.</summary>
public sealed class DeletionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ready_stack_is_removed_proven_gone_and_its_volumes_are_named()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");

        var deleted = await portal.DeleteAsync(made);

        Assert.Null(deleted.Failure);
        Assert.Equal((OperationCatalog.Delete, DeploymentPhase.Completed, 100), (deleted.Operation, deleted.Phase, deleted.Progress));
        Assert.Equal([$"ai-stack-{made.StackId}-workspace", $"ai-stack-{made.StackId}-state"], deleted.KeptVolumes);
        Assert.All(deleted.Steps, s => Assert.Equal(StepOutcome.Done, s.Outcome));
        AssertNothingLeft(portal);
        Assert.Equal(
            [
                LogCode.DeleteAccepted, LogCode.VolumeKept, LogCode.VolumeKept, LogCode.ApplicationRemoved, LogCode.ProjectRemoved,
                LogCode.ProvenGone,
            ],
            (await portal.EventsAsync(deleted.Id)).Where(e => e.Log is not null).Select(e => e.Log!.Value));
    }

    [Fact]
    public async Task Application_before_project_and_never_a_project_that_still_holds_one()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");

        await portal.DeleteAsync(made);

        Assert.Equal(
            ["application.delete", "project.remove"],
            portal.Emulator.World.Calls.All.Select(c => c.Call).Where(c => c is "application.delete" or "project.remove"));
    }

    [Fact]
    public async Task Progress_never_goes_back_and_the_log_has_no_gap()
    {
        await using var portal = await TestPortal.StartAsync();
        var deleted = await portal.DeleteAsync(await portal.DeployAsync("design-lab"));

        var events = await portal.EventsAsync(deleted.Id);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal(events.Select(e => e.Progress).Order(), events.Select(e => e.Progress));
        Assert.Equal(DeploymentEventKind.Complete, events[^1].Kind);
    }

    [Fact]
    public async Task The_page_of_the_old_deployment_knows_that_its_stack_is_gone()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        Assert.True((await portal.SeeAsync(made.Id)).StackMayBeDeleted);

        var deleted = await portal.DeleteAsync(made);

        var old = await portal.SeeAsync(made.Id);
        Assert.Equal((DeploymentPhase.Completed, false), (old.Phase, old.StackMayBeDeleted));
        Assert.Equal((deleted.FinishedAt, deleted.Id), (old.StackDeletedAt, old.LastDeploymentId));
        Assert.Null(await portal.Deployments.GetCredentialsAsync(made.StackId, "usr_one", Token));
    }

    [Fact]
    public async Task The_name_is_free_at_once_and_the_next_stack_of_that_name_gets_other_volumes()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = await portal.DeployAsync("design-lab");
        var deleted = await portal.DeleteAsync(first);

        Assert.IsType<NameAvailability.Available>(
            await portal.Get<NameAvailabilityService>().CheckAsync("design-lab", new NameHolder("form", "usr_two"), Token));
        var second = await portal.ClaimAsync("design-lab", owner: "usr_two");
        await portal.RunAsync(second.Id);

        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(second.Id)).Phase);
        var mounted = portal.Emulator.World.Mounts.Select(m => m.VolumeName).ToList();
        Assert.Equal(2, mounted.Count);
        Assert.Empty(mounted.Intersect(deleted.KeptVolumes));
    }

    [Fact]
    public async Task A_failed_stack_that_never_ran_is_deleted_and_no_volume_is_claimed_to_be_left()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var failed = await portal.DeployAsync("design-lab");

        var deleted = await portal.DeleteAsync(failed);

        Assert.Equal(DeploymentPhase.Completed, deleted.Phase);
        Assert.Empty(deleted.KeptVolumes);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task A_failed_stack_whose_container_ran_leaves_its_volumes()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.CrashLoop);
        var failed = await portal.DeployAsync("design-lab");

        var deleted = await portal.DeleteAsync(failed);

        Assert.Equal(2, deleted.KeptVolumes.Count);
    }

    [Fact]
    public async Task What_somebody_removed_in_Dokploys_own_pages_is_gone_and_its_volumes_are_named_all_the_same()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var world = portal.Emulator.World;
        await portal.Get<DokployClient>().DeleteApplicationAsync(Assert.Single(world.Applications).ApplicationId, Token);
        await portal.Get<DokployClient>().RemoveProjectAsync(Assert.Single(world.Projects).ProjectId, Token);

        var deleted = await portal.DeleteAsync(made);

        Assert.Equal(DeploymentPhase.Completed, deleted.Phase);
        Assert.Equal([$"ai-stack-{made.StackId}-workspace", $"ai-stack-{made.StackId}-state"], deleted.KeptVolumes);
        Assert.Equal((1, 1), (world.Calls.Count("application.delete"), world.Calls.Count("project.remove")));
    }

    [Fact]
    public async Task A_volume_that_somebody_attached_by_hand_is_named_too_and_a_bind_mount_is_not()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var application = Assert.Single(portal.Emulator.World.Applications).ApplicationId;
        await portal.Get<DokployClient>().CreateVolumeMountAsync(application, "by-hand", "/extra", Token);
        await CallAsync(portal, "mounts.create", new { type = "bind", hostPath = "/srv", mountPath = "/srv", serviceType = "application", serviceId = application });

        var deleted = await portal.DeleteAsync(made);

        Assert.Equal(3, deleted.KeptVolumes.Count);
        Assert.Contains("by-hand", deleted.KeptVolumes);
    }

    [Fact]
    public async Task A_project_that_somebody_gave_another_name_is_found_by_its_id_and_marker()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        await CallAsync(portal, "project.update", new { projectId = Assert.Single(portal.Emulator.World.Projects).ProjectId, name = "renamed" });

        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(made)).Phase);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task The_second_application_that_a_lost_answer_made_goes_as_well()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var application = Assert.Single(portal.Emulator.World.Applications);
        var environment = (await portal.Get<DokployClient>().GetProjectAsync(application.ProjectId, Token))!.DefaultEnvironment!.EnvironmentId;
        await portal.Get<DokployClient>().CreateApplicationAsync("twin", "twin", application.Description, environment, Token);

        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(made)).Phase);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task Somebody_elses_project_of_the_same_name_is_left_alone()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        await portal.Get<DokployClient>().CreateProjectAsync("ai-stack-design-lab", "by hand", Token);

        var deleted = await portal.DeleteAsync(made);

        Assert.Equal(DeploymentPhase.Completed, deleted.Phase);
        Assert.Equal("by hand", Assert.Single(portal.Emulator.World.Projects).Description);
    }

    [Fact]
    public async Task A_stack_whose_password_can_no_longer_be_read_is_deleted_all_the_same()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        ((TestSecrets)portal.Get<ISecretProtector>()).AreLost = true;

        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(made)).Phase);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task The_engine_runs_it_like_any_other_operation()
    {
        await using var portal = await TestPortal.StartAsync(engine: true);
        var claimed = await portal.ClaimAsync("design-lab");
        await portal.UntilAsync(claimed.Id, s => s.IsTerminal);

        var accepted = await portal.AcceptDeletionAsync(claimed);
        var ended = await portal.UntilAsync(accepted.Id, s => s.IsTerminal);

        Assert.Equal(DeploymentPhase.Completed, ended.Phase);
        AssertNothingLeft(portal);
    }

    internal static async Task CallAsync(TestPortal portal, string procedure, object body)
    {
        using var person = new HttpClient { BaseAddress = portal.Emulator.ApiUrl };
        person.DefaultRequestHeaders.Add("x-api-key", portal.Emulator.ApiKey);
        using var answer = await person.PostAsJsonAsync($"api/{procedure}", body, Token);
        answer.EnsureSuccessStatusCode();
    }

    internal static void AssertNothingLeft(TestPortal portal)
    {
        var world = portal.Emulator.World;
        Assert.Empty(world.Projects);
        Assert.Empty(world.Applications);
        Assert.Empty(world.Domains);
        Assert.Empty(world.Services);
        Assert.Empty(world.RoutedHosts);
    }
}
