using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Notices;

/// <summary>What of all that happens is worth a notice.</summary>
public sealed class NoticeRuleTests
{
    [Theory]
    [InlineData("deploy", DeploymentPhase.Failed, OperationCause.Person, NoticeCause.OperationFailed)]
    [InlineData("restart", DeploymentPhase.Failed, OperationCause.Person, NoticeCause.OperationFailed)]
    [InlineData("redeploy", DeploymentPhase.Failed, OperationCause.Person, NoticeCause.OperationFailed)]
    [InlineData("redeploy", DeploymentPhase.Failed, OperationCause.Batch, NoticeCause.UpdateFailed)]
    [InlineData("redeploy", DeploymentPhase.Completed, OperationCause.Batch, NoticeCause.Updated)]
    [InlineData("redeploy", DeploymentPhase.Completed, OperationCause.Person, null)]
    [InlineData("stop", DeploymentPhase.Failed, OperationCause.Idle, null)]
    [InlineData("stop", DeploymentPhase.Completed, OperationCause.Idle, null)]
    [InlineData("schedule-deletion", DeploymentPhase.Completed, OperationCause.Expired, NoticeCause.DeletionScheduled)]
    [InlineData("schedule-deletion", DeploymentPhase.Completed, OperationCause.Person, NoticeCause.DeletionScheduled)]
    [InlineData("delete", DeploymentPhase.Completed, OperationCause.Due, NoticeCause.Deleted)]
    [InlineData("delete", DeploymentPhase.Completed, OperationCause.Person, null)]
    [InlineData("delete", DeploymentPhase.Failed, OperationCause.Due, NoticeCause.OperationFailed)]
    [InlineData("deploy", DeploymentPhase.Completed, OperationCause.Person, null)]
    [InlineData("deploy", DeploymentPhase.Cancelled, OperationCause.Person, null)]
    public void An_end_is_told_to_whom_it_surprises(string operation, DeploymentPhase phase, OperationCause cause, NoticeCause? told) => Assert.Equal(
        told,
        NoticeRule.Of(new EndedOperation("dep_1", OperationCatalog.Find(operation)!, phase, cause, null, null, "stk_1", "jan", "usr_1", Some.Start))?.Cause);

    [Fact]
    public void A_stack_tells_that_it_is_silent_for_a_while_and_what_is_announced()
    {
        var stack = Some.Stack();
        (stack.State, stack.Health) = (StackState.Ready, new StackHealth(HealthState.NotAnswering, Some.Start));
        (stack.IdleWarnedAt, stack.ExpiryWarnedAt) = (Some.Start.AddHours(1), Some.Start.AddHours(2));

        var told = NoticeRule.Of(stack, Some.Start.AddHours(3).ToString("O")).ToList();

        Assert.Equal(
            [
                (NoticeCause.NotAnswering, Some.Start + NoticeRule.SilentFor, null), (NoticeCause.StopAnnounced, Some.Start.AddHours(1), Some.Start.AddHours(3)),
                (NoticeCause.DeletionAnnounced, Some.Start.AddHours(2), (DateTimeOffset?)Some.Start.AddHours(3)),
            ],
            told.Select(notice => (notice.Cause, notice.At, notice.Until)));
        stack.State = StackState.Stopped;
        Assert.Equal([NoticeCause.DeletionAnnounced], NoticeRule.Of(stack, null).Select(notice => notice.Cause));
    }
}
