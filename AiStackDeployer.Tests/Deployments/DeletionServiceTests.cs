using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>What a caller is told who wants a stack gone.</summary>
public sealed class DeletionServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepted_it_is_handed_to_the_engine_and_drawn_as_a_deletion()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);

        var started = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made));

        Assert.False(started.Existing);
        Assert.Equal((OperationCatalog.Delete, DeploymentStatus.Deleting, 1), (started.Deployment.Operation, started.Deployment.Status, started.Deployment.QueuePosition));
        Assert.Equal((StackState.Deleting, "usr_1"), (started.Deployment.StackState, started.Deployment.OwnerId));
        Assert.Equal(Some.PlanOf(OperationCatalog.Delete), started.Deployment.Steps.Select(s => s.Step));
        Assert.Equal(started.Deployment.Id, world.Engine.Jobs[^1]);
        Assert.False(world.Engine.HeardACallersToken);
    }

    [Fact]
    public async Task The_same_wish_again_and_another_one_meanwhile_lead_to_the_same_deletion()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);
        var first = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made)).Deployment;

        foreach (var request in new[] { "req_del", "req_other" })
        {
            var again = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made, request));
            Assert.Equal((true, first.Id), (again.Existing, again.Deployment.Id));
        }
        Assert.Single(world.Engine.Jobs, first.Id);
    }

    [Fact]
    public async Task A_stack_that_is_being_made_has_to_be_cancelled_first()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var making = await world.StartedAsync();

        Assert.Equal(making.Id, Assert.IsType<BeginResult.NotNow>(await DeleteAsync(world, making)).DeploymentId);
    }

    [Fact]
    public async Task What_cannot_be_begun_is_told_for_what_it_is()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);

        Assert.Equal("jan", Assert.IsType<BeginResult.ConfirmationDiffers>(await DeleteAsync(world, made, confirm: "JAN")).Name);
        Assert.IsType<BeginResult.NotFound>(await DeleteAsync(world, made with { StackId = "stk_unknown" }));
        Assert.IsType<BeginResult.RequestIdReused>(await DeleteAsync(world, made, "req_1"));
        world.Store.Lock(nameof(IDeploymentStore.BeginAsync));
        Assert.IsType<BeginResult.StorageUnavailable>(await DeleteAsync(world, made));
    }

    [Fact]
    public async Task A_request_id_of_a_deletion_starts_no_deployment_of_the_same_name()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);
        var deletion = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made)).Deployment;
        await world.CompleteAsync(deletion.Id);

        Assert.Equal("jan", Assert.IsType<BeginResult.RequestIdReused>(await world.StartAsync(request: "req_del")).OtherName);
        Assert.IsType<BeginResult.Started>(await world.StartAsync(request: "req_new"));
    }

    [Fact]
    public async Task A_stack_that_could_not_be_deleted_is_not_deployed_over_and_its_page_is_shown_instead()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);
        var deletion = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made)).Deployment;
        await FailAsync(world, deletion.Id);
        world.Time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(deletion.Id, Assert.IsType<BeginResult.NameYours>(await world.StartAsync(request: "again")).DeploymentId);
        Assert.IsType<BeginResult.NameTaken>(await world.StartAsync(owner: "usr_2", request: "theirs"));
    }

    [Fact]
    public async Task Trying_a_failed_deletion_again_is_another_deletion_and_never_a_deployment()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);
        var failed = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made)).Deployment;
        await FailAsync(world, failed.Id);

        var again = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(failed.Id, "req_again", Allowance.Unlimited, Token));
        Assert.Equal((OperationCatalog.Delete, false), (again.Deployment.Operation, again.Existing));
        Assert.NotEqual(failed.Id, again.Deployment.Id);

        // A second tab, late: the deletion that has gone well meanwhile is shown to it.
        await world.CompleteAsync(again.Deployment.Id);
        var late = await world.Service.RetryAsync(failed.Id, "req_late", Allowance.Unlimited, Token);
        Assert.Equal(new BeginResult.NotNow(StackState.Deleted, again.Deployment.Id), late);
    }

    [Fact]
    public async Task The_same_request_is_found_before_its_name_is_looked_up_also_when_the_name_is_somebody_elses_by_then()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = await ReadyAsync(world);
        Assert.Null(await world.Service.FindBegunAsync(OperationCatalog.Delete, "jan", "jan", "req_del", Token));
        var deletion = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, made)).Deployment;
        await world.CompleteAsync(deletion.Id);
        await world.StartedAsync(owner: "usr_2", request: "req_2");

        var again = Assert.IsType<BeginResult.Started>(await world.Service.FindBegunAsync(OperationCatalog.Delete, "jan", "jan", "req_del", Token));
        Assert.Equal((true, deletion.Id, DeploymentPhase.Completed), (again.Existing, again.Deployment.Id, again.Deployment.Phase));
        Assert.Equal("jan", Assert.IsType<BeginResult.RequestIdReused>(await world.Service.FindBegunAsync(OperationCatalog.Delete, "piet", "piet", "req_del", Token)).OtherName);
        Assert.IsType<BeginResult.ConfirmationDiffers>(await world.Service.FindBegunAsync(OperationCatalog.Delete, "jan", null, "req_del", Token));
        // What began a deployment is no deletion.
        Assert.Null(await world.Service.FindBegunAsync(OperationCatalog.Delete, "jan", "jan", "req_2", Token));
    }

    [Fact]
    public async Task A_failed_deployment_whose_stack_was_deleted_since_or_is_being_is_not_tried_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var failed = await world.StartedAsync();
        await world.FailAsync(failed.Id);
        var jobs = world.Engine.Jobs.Count;

        var first = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, failed, "req_d1")).Deployment;
        Assert.Equal(new BeginResult.NotNow(StackState.Deleting, first.Id), await world.Service.RetryAsync(failed.Id, "r1", Allowance.Unlimited, Token));
        await FailAsync(world, first.Id);
        Assert.Equal(new BeginResult.NotNow(StackState.DeleteFailed, first.Id), await world.Service.RetryAsync(failed.Id, "r2", Allowance.Unlimited, Token));
        var second = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, failed, "req_d2")).Deployment;
        await world.CompleteAsync(second.Id);
        Assert.Equal(new BeginResult.NotNow(StackState.Deleted, second.Id), await world.Service.RetryAsync(failed.Id, "r3", Allowance.Unlimited, Token));

        Assert.Equal(jobs + 2, world.Engine.Jobs.Count);
    }

    [Fact]
    public async Task A_deletion_is_tried_again_only_when_it_has_failed()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var deletion = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, await ReadyAsync(world))).Deployment;

        Assert.Equal(new BeginResult.NotNow(StackState.Deleting, deletion.Id), await world.Service.RetryAsync(deletion.Id, "r1", Allowance.Unlimited, Token));
        await world.CompleteAsync(deletion.Id);
        Assert.Equal(new BeginResult.NotNow(StackState.Deleted, deletion.Id), await world.Service.RetryAsync(deletion.Id, "r2", Allowance.Unlimited, Token));
    }

    [Fact]
    public async Task The_same_retry_again_is_the_same_deployment_also_when_its_stack_was_deleted_since()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var failed = await world.StartedAsync();
        await world.FailAsync(failed.Id);
        var again = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(failed.Id, "req_again", Allowance.Unlimited, Token)).Deployment;
        await world.CompleteAsync(again.Id);
        var deletion = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, again)).Deployment;
        await world.CompleteAsync(deletion.Id);

        var repeated = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(failed.Id, "req_again", Allowance.Unlimited, Token));

        Assert.Equal((true, again.Id), (repeated.Existing, repeated.Deployment.Id));
    }

    [Fact]
    public async Task Expectations_of_a_deletion_come_from_deletions_and_of_a_deployment_from_deployments()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var slow = await world.StartedAsync();
        await world.BeginAsync(slow.Id);
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await world.CompleteAsync(slow.Id);
        var quick = Assert.IsType<BeginResult.Started>(await DeleteAsync(world, slow)).Deployment;
        await world.BeginAsync(quick.Id);
        world.Time.Advance(TimeSpan.FromSeconds(2));
        await world.CompleteAsync(quick.Id);

        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(30), (await world.Service.FindAsync(slow.Id, Token))!.ExpectedTotal);
        Assert.Equal(TimeSpan.FromSeconds(2), (await world.Service.FindAsync(quick.Id, Token))!.ExpectedTotal);
    }

    private static async Task<DeploymentSnapshot> ReadyAsync(DeploymentWorld world)
    {
        var made = await world.StartedAsync();
        await world.CompleteAsync(made.Id);
        return made;
    }

    private static Task<BeginResult> DeleteAsync(DeploymentWorld world, DeploymentSnapshot stack, string request = "req_del", string? confirm = null) =>
        world.Service.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = stack.StackId, ConfirmName = confirm ?? stack.Name, RequestId = request }, Token);

    private static Task FailAsync(DeploymentWorld world, string id) => world.ChangeAsync(id, (d, now) =>
    {
        d.BeginRun(now);
        d.Fail(d.Run, new DeploymentFailure(FailureCode.StillThere, DeploymentStep.ProveGone), now);
    });
}
