using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

public sealed class DeploymentWorkflowTests
{
    [Fact]
    public async Task A_free_name_becomes_a_stack_that_answers()
    {
        await using var portal = await TestPortal.StartAsync();

        var done = await portal.DeployAsync("design-lab");

        Assert.Null(done.Failure);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal(100, done.Progress);
        Assert.True(done.TerminalAnswers);
        Assert.All(done.Steps, step => Assert.Equal(StepOutcome.Done, step.Outcome));
    }
}
