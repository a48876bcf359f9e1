using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using CsCheck;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Whatever is asked of a deployment, in whatever order and by whichever run, what watchers rely on holds.</summary>
public sealed class DeploymentPropertyTests
{
    /// <param name="Newest">By the newest run, or by one that was overtaken.</param>
    private sealed record Move(int What, DeploymentStep Step, bool Newest);

    // Steps come in their order more often than not, else hardly any sequence would get far.
    private static readonly Gen<Move> AnyMove = Gen.Select(
        Gen.Int[0, 15], Gen.Enum<DeploymentStep>(), Gen.Int[0, 9], (what, step, run) => new Move(what, step, run > 0));

    [Fact]
    public void No_sequence_of_changes_breaks_what_watchers_rely_on() => Try(() => Some.Deployment(), AssertStackOfDeployment);

    [Fact]
    public void Nor_does_any_to_a_deletion_which_neither_unwinds_nor_is_cancelled() => Try(() => Some.Deletion(), AssertStackOfDeletion);

    private static void Try(Func<Deployment> begin, Action<Deployment> assertStack) =>
        AnyMove.Array[0, 50].Sample(
            moves =>
            {
                var deployment = begin();
                var events = deployment.TakeNewEvents().ToList();
                var now = Some.Start;
                foreach (var move in moves)
                {
                    var before = (Text: Fingerprint.Of(deployment), deployment.Progress, deployment.Status(), deployment.Phase);
                    now += TimeSpan.FromSeconds(1);
                    var refused = !TryMove(deployment, move, now);
                    IReadOnlyList<DeploymentEvent> news = deployment.TakeNewEvents();
                    events.AddRange(news);

                    if (refused || before.Phase.IsTerminal())
                    {
                        Assert.Equal(before.Text, Fingerprint.Of(deployment));
                        Assert.Empty(news);
                    }
                    Assert.InRange(deployment.Progress, before.Progress, 100);
                    Assert.True(deployment.Phase.IsTerminal() || deployment.Status() >= before.Item3);
                    AssertWhole(deployment, events);
                    assertStack(deployment);
                }
            },
            iter: 1500);

    private static void AssertWhole(Deployment deployment, List<DeploymentEvent> events)
    {
        Assert.Equal(deployment.Phase == DeploymentPhase.Completed, deployment.Progress == 100);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.Equal(events.Count, deployment.LastSequence);
        Assert.Equal(events.Select(e => e.Progress).Order(), events.Select(e => e.Progress));
        Assert.Equal((deployment.Phase, deployment.Progress), (events[^1].Phase, events[^1].Progress));
        var ends = events.Where(e => e.Kind is DeploymentEventKind.Complete or DeploymentEventKind.Error).ToList();
        var end = deployment.Phase switch
        {
            DeploymentPhase.Completed => DeploymentEventKind.Complete,
            DeploymentPhase.Failed or DeploymentPhase.Cancelled => DeploymentEventKind.Error,
            _ => (DeploymentEventKind?)null,
        };
        Assert.Equal(end is { } kind ? [(kind, deployment.LastSequence)] : [], ends.Select(e => (e.Kind, e.Sequence)));

        Assert.Equal(deployment.Phase.IsTerminal(), deployment.FinishedAt is not null);
        Assert.True(deployment.Steps.Count(s => s.Outcome == StepOutcome.Running) <= (deployment.Phase.IsTerminal() ? 0 : 1));
        Assert.All(deployment.Steps, s => Assert.Equal(s.Outcome == StepOutcome.Running, s.EndedAt is null));
        Assert.True(deployment.DokployQueuePosition is null || deployment.Phase == DeploymentPhase.Running);
        Assert.True(deployment.Failure is null || deployment.Phase is DeploymentPhase.Unwinding or DeploymentPhase.Failed);
        Assert.True(deployment.Phase != DeploymentPhase.Failed || deployment.Failure is not null);
    }

    private static void AssertStackOfDeletion(Deployment deletion)
    {
        Assert.True(deletion.Phase is not (DeploymentPhase.Unwinding or DeploymentPhase.Cancelled));
        Assert.All(deletion.Steps, s => Assert.Contains(s.Step, Some.PlanOf(OperationCatalog.Delete)));
        Assert.Equal(
            deletion.Phase switch
            {
                DeploymentPhase.Completed => StackState.Deleted,
                DeploymentPhase.Failed => StackState.DeleteFailed,
                _ => StackState.Deleting,
            },
            deletion.Stack.State);
        Assert.Equal(deletion.Phase == DeploymentPhase.Completed, deletion.Stack.ReleasedAt is not null);
        Assert.Equal(deletion.Phase == DeploymentPhase.Completed, deletion.Stack.ApplicationId is null);
    }

    private static void AssertStackOfDeployment(Deployment deployment)
    {
        Assert.All(deployment.Steps, s => Assert.DoesNotContain(s.Step, Some.PlanOf(OperationCatalog.Delete)));
        var stack = deployment.Stack;
        Assert.Equal(
            deployment.Phase switch
            {
                DeploymentPhase.Completed => StackState.Ready,
                DeploymentPhase.Failed => StackState.Failed,
                _ => StackState.Creating,
            },
            stack.State);
        Assert.Equal(deployment.Phase == DeploymentPhase.Cancelled, stack.ReleasedAt is not null);
        Assert.Equal(deployment.Phase == DeploymentPhase.Completed, stack.ReadyAt is not null);
        Assert.Equal(deployment.Phase == DeploymentPhase.Failed, stack.FailedAt is not null);
    }

    private static bool TryMove(Deployment d, Move move, DateTimeOffset now)
    {
        var run = move.Newest ? d.Run : d.Run - 1;
        var open = d.Steps.FirstOrDefault(s => s.Outcome == StepOutcome.Running)?.Step ?? move.Step;
        try
        {
            switch (move.What)
            {
                case 0: d.BeginRun(now); break;
                case 1: d.BeginStep(run, move.Step, now); break;
                case 2: d.BeginStep(run, d.CurrentStep + 1, now); break;
                case 3: d.EndStep(run, open, now); break;
                case 4: d.EndStep(run, move.Step, now, StepOutcome.Skipped); break;
                case 5: d.Note(run, LogCode.Raw, "line", now); break;
                case 6: d.WaitInDokploy(run, (int)move.Step % 3 is var place and > 0 ? place : null, now); break;
                case 7: d.IntendToCreate(run); break;
                case 8: d.CountDeployAttempt(run); break;
                case 9: d.Fail(run, Some.Failure, now); break;
                case 10: d.AcceptCancel(run, now); break;
                case 11: d.Complete(run, now); break;
                case 12: d.FinishUnwinding(run, [], now); break;
                case 13: d.Pause(run); break;
                case 14: d.KeepVolumes(run, ["v1", $"v{run}"], now); break;
                default: d.RequestCancel(now); break;
            }
            return true;
        }
        catch (Exception e) when (e is InvalidTransitionException or StaleRunException)
        {
            return false;
        }
    }
}

file static class Reading
{
    public static DeploymentStatus Status(this Deployment d) => DeploymentStatuses.Of(d.Operation, d.Phase, d.CurrentStep);
}
