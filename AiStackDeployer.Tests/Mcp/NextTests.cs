using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Presentation;
using AiStackDeployer.Web.Mcp;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>What a model is told to call next.</summary>
public sealed class NextTests
{
    private const string TryAgain = """call deploy_stack {"name":"design-lab","retry_of":"dep_1"}.""";

    [Theory]
    [InlineData(FailureCode.TimedOut, "To try again, " + TryAgain)]
    [InlineData(FailureCode.OutOfMemory, "Tell an administrator; then " + TryAgain)]
    [InlineData(FailureCode.NameTakenUpstream, "Ask the user for another name, then call deploy_stack with it.")] // the same would fail again
    public void After_a_failure_it_is_what_can_help(FailureCode code, string next)
    {
        var failed = Snapshots.At(DeploymentPhase.Failed, DeploymentStep.EnsureProject) with
        {
            Failure = new DeploymentFailure(code, DeploymentStep.EnsureProject), LastDeploymentId = "dep_1", StackState = StackState.Failed,
        };

        Assert.Equal("Call diagnose_deployment.", StateText.Next(failed));
        Assert.Equal(next, StatusTools.Next(failed, DeploymentDiagnosis.Of(failed, [], dokployAnswers: null, Snapshots.Start)));
    }

    [Fact]
    public void Of_a_ready_stack_that_does_not_answer_it_is_the_diagnosis_and_then_an_administrator()
    {
        var silent = Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with
        {
            StackState = StackState.Ready, Health = new StackHealth(HealthState.NotAnswering, Snapshots.Start, null, AddressLayer.Http),
        };
        silent = silent with { LastDeploymentId = silent.Id };

        Assert.Equal("It does not answer now. Call diagnose_deployment.", StateText.Next(silent));
        Assert.Equal(
            "Tell the user, and an administrator.", StatusTools.Next(silent, DeploymentDiagnosis.Of(silent, [], dokployAnswers: null, Snapshots.Start)));
        Assert.Equal("not_answering", StateText.HealthOf(silent));
        Assert.Null(StateText.HealthOf(silent with { StackState = StackState.Deleting }));
    }

    [Theory]
    [InlineData("deploy", StackState.Deleted, "dep_2", "The stack is deleted since. deploy_stack makes a new one.")]
    [InlineData("deploy", StackState.Creating, "dep_2", "Overtaken: call check_deployment_status for dep_2.")]
    [InlineData("delete", StackState.Deleted, "dep_2", "Overtaken: call check_deployment_status for dep_2.")]
    [InlineData("delete", StackState.DeleteFailed, "dep_1", null)]
    public void What_came_after_an_end_is_told_instead_of_it(string operation, StackState state, string last, string? since)
    {
        var failed = Snapshots.At(DeploymentPhase.Failed, DeploymentStep.EnsureProject) with
        {
            Operation = OperationCatalog.Find(operation)!, StackState = state, LastDeploymentId = last, Failure = new DeploymentFailure(FailureCode.Internal, DeploymentStep.EnsureProject),
        };

        Assert.Equal(since ?? "Call diagnose_deployment.", StateText.Next(failed));
        Assert.Equal(since ?? "delete_stack again.", StatusTools.Next(failed, DeploymentDiagnosis.Of(failed, [], dokployAnswers: null, Snapshots.Start)));
    }
}
