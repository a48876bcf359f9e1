using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Web.Presentation;
using CsCheck;

namespace AiStackDeployer.Tests.Presentation;

public sealed class SmoothProgressTests
{
    private static readonly Gen<DeploymentSnapshot> AnySnapshot = Gen.Select(
        Gen.Enum<DeploymentPhase>(),
        Gen.Int[0, OperationCatalog.Deploy.Plan.Count - 1].Select(i => OperationCatalog.Deploy.Plan[i].Step),
        Gen.Int[0, 60_000].Select(ms => ms == 0 ? (TimeSpan?)null : TimeSpan.FromMilliseconds(ms)),
        (phase, step, usually) => Snapshots.At(phase, step, usually));

    [Fact]
    public void It_never_goes_back_and_is_never_100_before_the_stack_answered() =>
        Gen.Select(AnySnapshot, Gen.Int[-5_000, 600_000]).Array[1, 30].Sample(looks =>
        {
            var progress = new SmoothProgress();
            var last = 0.0;
            var isCompleted = false;
            foreach (var (snapshot, after) in looks)
            {
                isCompleted |= snapshot.Phase == DeploymentPhase.Completed;
                var shown = progress.Show(snapshot, Snapshots.Start.AddMilliseconds(after));
                Assert.True(shown >= last, $"{shown} after {last}");
                Assert.True(isCompleted ? shown <= 100 : shown <= 99, $"{shown} in {snapshot.Phase}");
                last = shown;
            }
        });

    [Fact]
    public void A_step_at_its_usual_duration_has_covered_nine_tenths_of_its_range()
    {
        var running = Snapshots.At(DeploymentPhase.Running, DeploymentStep.AwaitContainer, TimeSpan.FromSeconds(2));
        Assert.Equal(38 + (17 * 0.9), new SmoothProgress().Show(running, Snapshots.Start.AddSeconds(2)), 3);
    }

    [Fact]
    public void Waiting_for_others_in_Dokploy_moves_nothing()
    {
        var waiting = Snapshots.At(DeploymentPhase.Running, DeploymentStep.AwaitDokploy, TimeSpan.FromSeconds(2)) with { DokployQueuePosition = 2 };
        Assert.Equal(28, new SmoothProgress().Show(waiting, Snapshots.Start.AddMinutes(3)));
    }

    [Fact]
    public void Only_completed_is_100()
    {
        var progress = new SmoothProgress();
        progress.Show(Snapshots.At(DeploymentPhase.Running, DeploymentStep.AwaitReadiness), Snapshots.Start.AddHours(1));
        Assert.True(progress.Percent < 100);
        progress.Show(Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness), Snapshots.Start);
        Assert.Equal(100, progress.Percent);
    }
}
