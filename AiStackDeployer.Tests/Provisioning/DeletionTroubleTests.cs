using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Whatever comes in between, nothing of anybody else's is touched, nothing is done twice, and the reason is named.</summary>
public sealed class DeletionTroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static FaultKind.Status NotPermitted { get; } = new(
        401, """{"message":"You don't have access","code":"UNAUTHORIZED","data":{"code":"UNAUTHORIZED","httpStatus":401,"path":"docker"}}""");

    public static TheoryData<string> CallsThatRemove => ["application.delete", "project.remove"];

    [Fact]
    public async Task A_volumes_name_that_only_the_application_knew_is_written_down_before_the_application_goes()
    {
        await using var portal = await TestPortal.StartAsync(dokploy: o => o with { Retries = 0 });
        var made = await portal.DeployAsync("design-lab");
        var application = Assert.Single(portal.Emulator.World.Applications).ApplicationId;
        await portal.Get<DokployClient>().CreateVolumeMountAsync(application, "by-hand", "/extra", Token);
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.delete", Times = 1, Kind = new FaultKind.AnswerLost() });

        Assert.Contains("by-hand", (await portal.DeleteAsync(made)).KeptVolumes);
    }

    [Theory]
    [MemberData(nameof(CallsThatRemove))]
    public async Task A_process_that_hangs_between_the_work_and_its_answer_is_overtaken(string call)
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var accepted = await portal.AcceptDeletionAsync(made);
        var gate = portal.Emulator.World.Faults.Hold(call, afterWork: true);
        var hanging = portal.RunAsync(accepted.Id);
        await gate.Arrived.WaitAsync(Token);

        await using var second = await portal.SecondProcessAsync();
        await second.RunAsync(accepted.Id);
        gate.Release();
        await hanging;

        await AssertDeletedAsync(second, accepted.Id);
        Assert.Equal(1, portal.Emulator.World.Calls.Count(call));
    }

    [Theory]
    [MemberData(nameof(CallsThatRemove))]
    public async Task A_stop_of_the_portal_before_a_call_leaves_the_step_to_the_next_start(string call)
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var accepted = await portal.AcceptDeletionAsync(made);
        using var gate = portal.Emulator.World.Faults.Hold(call);
        using var stopping = new CancellationTokenSource();
        var run = portal.RunUntilStoppedAsync(accepted.Id, stopping.Token);
        await gate.Arrived.WaitAsync(Token);
        await stopping.CancelAsync();
        gate.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False((await portal.SeeAsync(accepted.Id)).IsTerminal);

        await using var second = await portal.SecondProcessAsync();
        await second.RunAsync(accepted.Id);

        await AssertDeletedAsync(second, accepted.Id);
    }

    [Fact]
    public async Task A_job_of_Dokploys_is_waited_for_without_holding_a_worker()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { JobTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        var accepted = await portal.AcceptDeletionAsync(made);
        SetQueue(portal, "active");

        Assert.NotNull(await portal.RunAsync(accepted.Id));
        Assert.NotNull(await portal.RunAsync(accepted.Id));
        Assert.Single(portal.Emulator.World.Applications);
        Assert.Equal(DeploymentStep.RemoveApplication, (await portal.SeeAsync(accepted.Id)).CurrentStep);
        portal.Emulator.World.Faults.Clear();
        Assert.Null(await portal.RunAsync(accepted.Id));

        await AssertDeletedAsync(portal, accepted.Id);
        var log = (await portal.EventsAsync(accepted.Id)).Select(e => e.Log).ToList();
        Assert.Single(log, code => code == LogCode.WaitingForJob);
        Assert.DoesNotContain(LogCode.Resumed, log);
    }

    public static TheoryData<string, string> OthersThings => new()
    {
        { "postgres", "shop-db (postgres)" }, { "compose", "shop-db (compose)" }, { "environment", "staging (environment)" },
        { "application", "by-hand (application)" },
    };

    [Theory]
    [MemberData(nameof(OthersThings))]
    public async Task A_project_in_which_anything_of_somebody_elses_stands_is_not_removed(string kind, string named)
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var project = Assert.Single(portal.Emulator.World.Projects);
        await PutAsync(portal, project.ProjectId, kind);

        var failed = await portal.DeleteAsync(made);

        Assert.Equal((DeploymentPhase.Failed, FailureCode.ProjectInUse, named), (failed.Phase, failed.Failure!.Code, failed.Failure.Subject));
        Assert.Equal([project.Name], failed.Failure.LeftBehind!);
        Assert.Equal((StackState.DeleteFailed, true), (failed.StackState, failed.StackMayBeDeleted));
        Assert.Equal(0, portal.Emulator.World.Calls.Count("project.remove"));
        Assert.Empty(portal.Emulator.World.Services);

        // Somebody clears it away; trying again is another deletion, which still knows the volumes.
        await portal.Get<DokployClient>().RemoveProjectAsync(project.ProjectId, Token);
        var again = Assert.IsType<BeginResult.Started>(await portal.Deployments.RetryAsync(failed.Id, "req_again", Allowance.Unlimited, Token)).Deployment;
        Assert.Equal(OperationCatalog.Delete, again.Operation);
        await portal.RunAsync(again.Id);
        var deleted = await portal.SeeAsync(again.Id);
        Assert.Equal((DeploymentPhase.Completed, 2), (deleted.Phase, deleted.KeptVolumes.Count));
    }

    [Fact]
    public async Task What_still_runs_after_its_removal_is_named_and_the_name_is_not_let_go()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { GoneTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        var appName = Assert.Single(portal.Emulator.World.Applications).AppName;
        portal.Emulator.World.Faults.Add(new Fault
        {
            Call = "docker.getServiceContainersByAppName",
            Kind = new FaultKind.Status(
                200, """[{"containerId":"c","name":"n.1","state":"Running","currentState":"Running 5 seconds ago","node":"n","error":""}]"""),
        });

        var failed = await portal.DeleteAsync(made);

        Assert.Equal((FailureCode.StillThere, appName), (failed.Failure!.Code, failed.Failure.Subject));
        Assert.Equal([appName], failed.Failure.LeftBehind!);
        Assert.NotNull(await portal.Deployments.FindStackByNameAsync("design-lab", Token));
    }

    [Fact]
    public async Task An_address_that_goes_on_answering_as_this_stack_is_named()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { GoneTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(200, """{"healthy":true}""") });

        var failed = await portal.DeleteAsync(made);

        Assert.Equal([made.Url], failed.Failure!.LeftBehind!);
    }

    [Fact]
    public async Task A_page_of_the_proxys_at_the_address_is_not_the_stack_where_any_page_would_do()
    {
        await using var portal = await TestPortal.StartAsync(o => o with
        {
            GoneTimeout = TimeSpan.Zero, Readiness = o.Readiness with { ExpectedTrueMember = null },
        });
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(200, "Nothing here") });

        await AssertDeletesAsync(portal, made);
    }

    [Fact]
    public async Task An_application_that_lost_our_marker_is_somebody_elses_now_but_its_route_to_the_stacks_address_goes()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { GoneTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        var application = Assert.Single(portal.Emulator.World.Applications);
        await DeletionTests.CallAsync(portal, "application.update", new { applicationId = application.ApplicationId, description = "mine now" });

        var failed = await portal.DeleteAsync(made);

        Assert.Equal(FailureCode.ProjectInUse, failed.Failure!.Code);
        Assert.Equal("mine now", Assert.Single(portal.Emulator.World.Applications).Description);
        Assert.Empty(portal.Emulator.World.Domains);
        Assert.Contains(await portal.EventsAsync(failed.Id), e => e.Log == LogCode.DomainRemoved);
    }

    [Fact]
    public async Task A_project_whose_description_somebody_changed_is_not_gone_and_is_named()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { GoneTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        var project = Assert.Single(portal.Emulator.World.Projects);
        await DeletionTests.CallAsync(portal, "project.update", new { projectId = project.ProjectId, description = "mine now" });

        var failed = await portal.DeleteAsync(made);

        Assert.Equal((FailureCode.StillThere, project.Name), (failed.Failure!.Code, failed.Failure.Subject));
        Assert.Equal([project.Name], failed.Failure.LeftBehind!);
        Assert.Empty(portal.Emulator.World.Applications);
        Assert.Equal("mine now", Assert.Single(portal.Emulator.World.Projects).Description);
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("exited", true)]
    public async Task A_key_that_may_not_see_the_swarm_looks_at_the_containers(string state, bool isGone)
    {
        await using var portal = await TestPortal.StartAsync(o => o with { GoneTimeout = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        var appName = Assert.Single(portal.Emulator.World.Applications).AppName;
        portal.Emulator.World.Faults.Add(new Fault { Call = "docker.getServiceContainersByAppName", Kind = NotPermitted });
        portal.Emulator.World.Faults.Add(new Fault
        {
            Call = "docker.getContainersByAppNameMatch",
            Kind = new FaultKind.Status(200, $$"""[{"containerId":"c","name":"{{appName}}.1.x","state":"{{state}}","status":"Up 2 minutes"}]"""),
        });

        var ended = await portal.DeleteAsync(made);

        Assert.Equal(isGone ? null : [appName], ended.Failure?.LeftBehind);
        Assert.DoesNotContain(await portal.EventsAsync(ended.Id), e => e.Log == LogCode.TasksNotVisible);
    }

    [Fact]
    public async Task A_key_that_may_see_neither_does_not_keep_a_stack_from_being_deleted_and_it_is_said()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        foreach (var call in new[] { "docker.getServiceContainersByAppName", "docker.getContainersByAppNameMatch" })
        {
            portal.Emulator.World.Faults.Add(new Fault { Call = call, Kind = NotPermitted });
        }

        var accepted = await portal.AcceptDeletionAsync(made);
        Assert.Null(await portal.RunAsync(accepted.Id));

        await AssertDeletedAsync(portal, accepted.Id);
        Assert.Single(await portal.EventsAsync(accepted.Id), e => e.Log == LogCode.TasksNotVisible);
    }

    [Fact]
    public async Task It_cannot_be_cancelled_once_accepted()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var accepted = await portal.AcceptDeletionAsync(made);
        Assert.Equal(CancelResult.CannotBeCancelled, await portal.Deployments.CancelAsync(accepted.Id, Token));
        using var gate = portal.Emulator.World.Faults.Hold("application.delete");
        var run = portal.RunAsync(accepted.Id);
        await gate.Arrived.WaitAsync(Token);

        Assert.Equal(CancelResult.CannotBeCancelled, await portal.Deployments.CancelAsync(accepted.Id, Token));
        gate.Release();
        await run;

        await AssertDeletedAsync(portal, accepted.Id);
    }

    [Fact]
    public async Task Clearing_up_after_a_failed_deployment_leaves_a_project_alone_that_holds_somebody_elses_database()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy");
        var run = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(Token);
        var project = Assert.Single(portal.Emulator.World.Projects);
        portal.Emulator.World.AddOtherService(project.ProjectId, "postgres", "shop-db");
        gate.Release();
        await run;

        var failed = await portal.SeeAsync(claimed.Id);
        Assert.Equal([project.Name], failed.Failure!.LeftBehind!);
        Assert.Equal((StackState.DeleteFailed, true), (failed.StackState, failed.StackMayBeDeleted));
        Assert.Single(portal.Emulator.World.Projects);

        // It is gone once that is: until then nobody else is given the name, however long it takes.
        portal.Emulator.World.RemoveOtherServices(project.ProjectId);
        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(failed)).Phase);
        Assert.Empty(portal.Emulator.World.Projects);
    }

    private static async Task AssertDeletesAsync(TestPortal portal, DeploymentSnapshot made)
    {
        var accepted = await portal.AcceptDeletionAsync(made);
        Assert.Null(await portal.RunAsync(accepted.Id));
        await AssertDeletedAsync(portal, accepted.Id);
    }

    private static async Task AssertDeletedAsync(TestPortal portal, string id)
    {
        var ended = await portal.SeeAsync(id);
        Assert.Null(ended.Failure);
        Assert.Equal((DeploymentPhase.Completed, 2), (ended.Phase, ended.KeptVolumes.Count));
        DeletionTests.AssertNothingLeft(portal);
        var events = await portal.EventsAsync(id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
    }

    /// <summary>Dokploy shows a job of the one application, in this state, until the faults are cleared.</summary>
    private static void SetQueue(TestPortal portal, string state)
    {
        var application = Assert.Single(portal.Emulator.World.Applications).ApplicationId;
        portal.Emulator.World.Faults.Add(new Fault
        {
            Call = "deployment.queueList",
            Kind = new FaultKind.Status(
                200, $$"""[{"id":"job-9","data":{"applicationId":"{{application}}","titleLog":"by hand"},"timestamp":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"state":"{{state}}"}]"""),
        });
    }

    private static async Task PutAsync(TestPortal portal, string projectId, string kind)
    {
        switch (kind)
        {
            case "environment":
                portal.Emulator.World.AddEnvironment(projectId, "staging");
                break;
            case "application":
                var client = portal.Get<DokployClient>();
                var environment = (await client.GetProjectAsync(projectId, Token))!.DefaultEnvironment!.EnvironmentId;
                await client.CreateApplicationAsync("by-hand", "by-hand", "mine", environment, Token);
                break;
            default:
                portal.Emulator.World.AddOtherService(projectId, kind, "shop-db");
                break;
        }
    }
}
