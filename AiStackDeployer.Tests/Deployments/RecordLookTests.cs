using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>When a look at a stack is stored, and the line of its log.</summary>
public sealed class RecordLookTests
{
    private static readonly DateTimeOffset Now = Some.Start.AddMinutes(5);
    private static readonly HealthFinding Fine = new((AddressLayer?)null) { Version = "1.18.33", Path = "/global/health" };
    private static readonly HealthFinding Silent = new(AddressLayer.Http);

    [Fact]
    public void A_stack_that_has_just_become_ready_answers()
    {
        var deployment = Some.In(DeploymentPhase.Completed);

        Assert.Equal(StackHealth.AnsweringSince(Some.Start), deployment.Stack.Health);
    }

    [Fact]
    public void Each_change_is_one_line_after_the_end_and_nothing_else_is_stored()
    {
        var deployment = Some.In(DeploymentPhase.Completed);
        deployment.Stack.OpenCodeVersion = Fine.Version;
        deployment.Stack.HealthPath = Fine.Path;
        deployment.TakeNewEvents();

        Assert.False(Look(deployment, Fine));
        Assert.True(Look(deployment, Silent));
        Assert.False(Look(deployment, Silent));
        Assert.True(Look(deployment, Silent with { Missing = MissingPart.Project }));
        Assert.True(Look(deployment, Fine));

        var lines = deployment.TakeNewEvents();
        Assert.Equal(
            [(LogCode.StackSilent, "Http"), (LogCode.StackMissing, "Project"), (LogCode.StackAnswers, null)],
            lines.Select(e => (e.Log!.Value, e.Detail)));
        Assert.All(lines, e => Assert.True(e.IsAfterEnd));
        Assert.Equal((DeploymentPhase.Completed, 100, StackState.Ready), (deployment.Phase, deployment.Progress, deployment.Stack.State));
    }

    [Fact]
    public void Of_a_stack_of_which_nothing_was_known_it_is_stored_that_it_answers_and_no_line_is_written()
    {
        var deployment = Some.In(DeploymentPhase.Completed);
        deployment.Stack.Health = StackHealth.Unknown;
        deployment.TakeNewEvents();

        Assert.True(Look(deployment, Fine));

        Assert.Equal(StackHealth.AnsweringSince(Now), deployment.Stack.Health);
        Assert.Equal(("1.18.33", "/global/health"), (deployment.Stack.OpenCodeVersion, deployment.Stack.HealthPath));
        Assert.Empty(deployment.TakeNewEvents());
    }

    [Fact]
    public void A_new_version_is_stored_without_a_line_and_a_silent_stack_keeps_the_version_it_had()
    {
        var deployment = Some.In(DeploymentPhase.Completed);
        deployment.TakeNewEvents();

        Assert.True(Look(deployment, Fine));
        Assert.True(Look(deployment, Fine with { Version = "2.0.4", Path = "/api/info" }));
        Assert.Empty(deployment.TakeNewEvents());
        Assert.True(Look(deployment, Silent));

        Assert.Equal(("2.0.4", "/api/info"), (deployment.Stack.OpenCodeVersion, deployment.Stack.HealthPath));
    }

    [Theory]
    [InlineData(DeploymentPhase.Queued)]
    [InlineData(DeploymentPhase.Running)]
    [InlineData(DeploymentPhase.Unwinding)]
    [InlineData(DeploymentPhase.Failed)]
    [InlineData(DeploymentPhase.Cancelled)]
    public void A_look_that_comes_when_the_stack_is_not_ready_says_nothing(DeploymentPhase phase)
    {
        var deployment = Some.In(phase);
        deployment.TakeNewEvents();

        Assert.False(Look(deployment, Silent));

        Assert.Equal(StackHealth.Unknown, deployment.Stack.Health);
        Assert.Empty(deployment.TakeNewEvents());
    }

    [Fact]
    public void A_look_that_began_before_a_later_operation_or_another_look_says_nothing()
    {
        var deployment = Some.In(DeploymentPhase.Completed);
        var before = deployment.Stack.Health;
        Assert.True(Look(deployment, Silent));
        Assert.False(deployment.RecordLook(before, Silent with { Missing = MissingPart.Project }, Now));

        deployment.Stack.LastDeploymentId = "dep_2";
        Assert.False(Look(deployment, Fine));
        Assert.Equal(HealthState.NotAnswering, deployment.Stack.Health.State);
    }

    private static bool Look(Deployment deployment, HealthFinding finding) => deployment.RecordLook(deployment.Stack.Health, finding, Now);
}
