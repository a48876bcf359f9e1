using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using static AiStackDeployer.Core.Deployments.DeploymentPhase;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>A deletion goes forward or fails; it neither unwinds nor can be stopped, and only its good end lets the name go.</summary>
public sealed class DeletionTransitionTests
{
    private static readonly DateTimeOffset Now = Some.Start.AddSeconds(1);

    public static TheoryData<StackState> NotToBeDeleted => [StackState.Creating, StackState.Deleting, StackState.Deleted];

    public static TheoryData<DeploymentStep> StepsOfOthers => [.. Enum.GetValues<DeploymentStep>().Except(Some.PlanOf(OperationCatalog.Delete))];

    [Theory]
    [InlineData(StackState.Ready)]
    [InlineData(StackState.Failed)]
    [InlineData(StackState.DeleteFailed)]
    public void Accepted_it_takes_the_stack_and_says_so(StackState from)
    {
        var deletion = Some.Deletion(from);

        Assert.Equal((Queued, DeploymentStep.AcceptDelete, 0), (deletion.Phase, deletion.CurrentStep, deletion.Progress));
        Assert.Equal((StackState.Deleting, "dep_1", null), (deletion.Stack.State, deletion.Stack.LastDeploymentId, deletion.Stack.ReleasedAt));
        Assert.Equal(StepOutcome.Done, Assert.Single(deletion.Steps).Outcome);
        var line = Assert.Single(deletion.TakeNewEvents());
        Assert.Equal((1, LogCode.DeleteAccepted, "jan"), (line.Sequence, line.Log, line.Detail));
    }

    [Theory]
    [MemberData(nameof(NotToBeDeleted))]
    public void A_stack_that_something_else_works_on_or_that_is_gone_is_refused(StackState state) =>
        Assert.Throws<InvalidTransitionException>(() => Some.Deletion(state));

    [Fact]
    public void A_released_stack_is_history_and_is_refused()
    {
        var stack = Some.Stack();
        stack.State = StackState.Failed;
        Assert.True(OperationCatalog.Delete.MayBeginOn(stack));

        stack.ReleasedAt = Now;

        Assert.False(OperationCatalog.Delete.MayBeginOn(stack));
    }

    [Theory]
    [MemberData(nameof(StepsOfOthers))]
    public void Steps_of_other_plans_are_refused_without_a_trace(DeploymentStep step)
    {
        var deletion = Begun();
        var before = Fingerprint.Of(deletion);

        Assert.Throws<InvalidTransitionException>(() => deletion.BeginStep(1, step, Now));
        Assert.Equal(before, Fingerprint.Of(deletion));
    }

    [Fact]
    public void At_its_good_end_the_stack_is_history_its_name_free_and_nothing_upstream_remembered()
    {
        var deletion = Begun();
        foreach (var step in Some.PlanOf(OperationCatalog.Delete).Skip(1))
        {
            deletion.BeginStep(1, step, Now);
            deletion.EndStep(1, step, Now);
        }

        Assert.True(deletion.Complete(1, Now));

        Assert.Equal((Completed, 100), (deletion.Phase, deletion.Progress));
        Assert.Equal((StackState.Deleted, Now, null), (deletion.Stack.State, deletion.Stack.ReleasedAt, deletion.Stack.ApplicationId));
        Assert.Equal(DeploymentEventKind.Complete, deletion.TakeNewEvents()[^1].Kind);
    }

    [Fact]
    public void A_failure_ends_it_at_once_and_keeps_name_and_ids()
    {
        var deletion = Begun();
        deletion.BeginStep(1, DeploymentStep.RemoveProject, Now);

        deletion.Fail(1, new DeploymentFailure(FailureCode.ProjectInUse, DeploymentStep.RemoveProject, "shop"), Now);

        Assert.Equal((Failed, Now), (deletion.Phase, deletion.FinishedAt));
        Assert.Equal((StackState.DeleteFailed, Now, null), (deletion.Stack.State, deletion.Stack.FailedAt, deletion.Stack.ReleasedAt));
        Assert.Equal("app_1", deletion.Stack.ApplicationId);
        Assert.Equal(StepOutcome.Failed, deletion.Steps.Single(s => s.Step == DeploymentStep.RemoveProject).Outcome);
        var end = deletion.TakeNewEvents()[^1];
        Assert.Equal((DeploymentEventKind.Error, FailureCode.ProjectInUse), (end.Kind, end.Failure?.Code));
    }

    [Fact]
    public void It_cannot_be_cancelled_while_it_waits_or_runs()
    {
        var waiting = Some.Deletion();
        var running = Begun();
        var ended = Begun();
        ended.Fail(1, Some.Failure, Now);

        foreach (var deletion in new[] { waiting, running })
        {
            var before = Fingerprint.Of(deletion);
            Assert.Equal(CancelResult.CannotBeCancelled, deletion.RequestCancel(Now));
            Assert.Equal(before, Fingerprint.Of(deletion));
        }
        Assert.Equal(CancelResult.AlreadyEnded, ended.RequestCancel(Now));
    }

    [Fact]
    public void A_volume_is_told_once_however_often_it_is_found()
    {
        var deletion = Begun(keptBefore: ["v1"]);
        deletion.TakeNewEvents();

        deletion.KeepVolumes(1, ["v1", "v2", "v2"], Now);
        deletion.KeepVolumes(1, ["v2"], Now);

        Assert.Equal(["v1", "v2"], deletion.KeptVolumes);
        Assert.Equal([(LogCode.VolumeKept, "v2")], deletion.TakeNewEvents().Select(e => (e.Log!.Value, e.Detail)));
    }

    [Fact]
    public void No_volume_found_is_not_the_same_as_not_looked()
    {
        var deletion = Begun();
        Assert.Null(deletion.KeptVolumes);

        deletion.KeepVolumes(1, [], Now);

        Assert.Empty(deletion.KeptVolumes!);
    }

    [Fact]
    public void The_run_after_a_pause_is_no_restart_and_the_one_after_a_crash_is()
    {
        var deletion = Begun();
        deletion.BeginStep(1, DeploymentStep.RemoveApplication, Now);
        deletion.Pause(1);
        deletion.TakeNewEvents();

        deletion.BeginRun(Now);
        Assert.DoesNotContain(deletion.TakeNewEvents(), e => e.Log == LogCode.Resumed);
        deletion.BeginRun(Now);
        Assert.Contains(deletion.TakeNewEvents(), e => e.Log == LogCode.Resumed);
    }

    private static Deployment Begun(IReadOnlyList<string>? keptBefore = null)
    {
        var deletion = Some.Deletion(keptBefore: keptBefore);
        deletion.BeginRun(Some.Start);
        return deletion;
    }
}
