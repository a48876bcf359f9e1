using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Tests.Presentation;

public sealed class StepRowsTests
{
    [Theory]
    [InlineData(StepOutcome.Pending, StepOutcome.Pending, StepOutcome.Pending)]
    [InlineData(StepOutcome.Running, StepOutcome.Pending, StepOutcome.Running)]
    [InlineData(StepOutcome.Done, StepOutcome.Pending, StepOutcome.Running)]
    [InlineData(StepOutcome.Done, StepOutcome.Running, StepOutcome.Running)]
    [InlineData(StepOutcome.Done, StepOutcome.Done, StepOutcome.Done)]
    [InlineData(StepOutcome.Done, StepOutcome.Skipped, StepOutcome.Done)]
    [InlineData(StepOutcome.Skipped, StepOutcome.Done, StepOutcome.Done)]
    [InlineData(StepOutcome.Skipped, StepOutcome.Skipped, StepOutcome.Skipped)]
    [InlineData(StepOutcome.Done, StepOutcome.Failed, StepOutcome.Failed)]
    [InlineData(StepOutcome.Failed, StepOutcome.Pending, StepOutcome.Failed)]
    public void Two_steps_of_one_row_make_one_outcome(StepOutcome first, StepOutcome second, StepOutcome expected) =>
        Assert.Equal(expected, Assert.Single(StepRows.Of(With(first, second))).Outcome);

    [Fact]
    public void A_row_takes_from_its_first_steps_start_to_its_last_steps_end_and_usually_the_sum()
    {
        var row = Assert.Single(StepRows.Of(With(StepOutcome.Done, StepOutcome.Done)));
        Assert.Equal(TimeSpan.FromSeconds(3), row.EndedAt - row.StartedAt);
        Assert.Equal(TimeSpan.FromSeconds(2), row.Usually);
    }

    [Fact]
    public void Each_plan_is_some_rows_in_order_and_all_plans_are_all_rows() =>
        Assert.Equal(
            Enum.GetValues<StepRow>().Where(r => r != StepRow.CleanUp),
            OperationCatalog.All.SelectMany(operation => operation.Plan).Select(planned => StepRows.RowOf(planned.Step)).Distinct());

    private static DeploymentSnapshot With(StepOutcome first, StepOutcome second)
    {
        var usual = TimeSpan.FromSeconds(1);
        return Snapshots.At(DeploymentPhase.Running, DeploymentStep.Configure) with
        {
            Steps =
            [
                new StepSnapshot(DeploymentStep.EnsureApplication, first, Snapshots.Start, Snapshots.Start.AddSeconds(1), usual),
                new StepSnapshot(DeploymentStep.Configure, second, Snapshots.Start.AddSeconds(1), Snapshots.Start.AddSeconds(3), usual),
            ],
        };
    }
}
