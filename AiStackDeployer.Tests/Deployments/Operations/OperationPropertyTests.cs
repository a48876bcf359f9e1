using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments.Operations;

/// <summary>However an operation on a ready stack ends at whichever step, the stack is afterwards what it was, unless its own rules say otherwise.</summary>
public sealed class OperationPropertyTests
{
    private static readonly DateTimeOffset Later = Some.Start.AddMinutes(5);

    /// <summary>All that can happen to an operation while it is at a step.</summary>
    public enum Outcome
    {
        Failed,
        Cancelled,
        CutOffThenFailed,
        CutOffThenCancelled,
        CutOffThenCompleted,
        Completed,
    }

    public static TheoryData<string, int, Outcome> Cells()
    {
        var cells = new TheoryData<string, int, Outcome>();
        foreach (var operation in OperationCatalog.All.Where(o => o.MayBeginIn(StackState.Ready)))
        {
            for (var at = 0; at < operation.Plan.Count; at++)
            {
                foreach (var outcome in Enum.GetValues<Outcome>())
                {
                    cells.Add(operation.Name, at, outcome);
                }
            }
        }
        return cells;
    }

    public static TheoryData<string> Names => [.. OperationCatalog.All.Where(o => o.MayBeginIn(StackState.Ready)).Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_waits_can_be_cancelled_unless_it_deletes_for_good_and_the_stack_is_what_it_was(string name)
    {
        var waiting = On(Ready(), OperationCatalog.Find(name)!);

        var result = waiting.RequestCancel(Later);

        Assert.Equal(waiting.Operation == OperationCatalog.Delete ? CancelResult.CannotBeCancelled : CancelResult.Cancelled, result);
        if (result == CancelResult.Cancelled)
        {
            Assert.Equal((DeploymentPhase.Cancelled, StackState.Ready, null), (waiting.Phase, waiting.Stack.State, waiting.Stack.RemoveAt));
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_ready_stack_is_what_it_was_or_what_the_operation_says(string name, int at, Outcome outcome)
    {
        var operation = OperationCatalog.Find(name)!;
        var deployment = On(Ready(), operation);
        var run = deployment.BeginRun(Some.Start)!.Value;
        Advance(deployment, run, at);
        if (outcome is Outcome.CutOffThenFailed or Outcome.CutOffThenCancelled or Outcome.CutOffThenCompleted)
        {
            run = deployment.BeginRun(Later)!.Value;
        }

        var ended = Finish(deployment, run, outcome);

        var stack = deployment.Stack;
        Assert.True(deployment.Phase.IsTerminal());
        Assert.Equal(ended, deployment.Phase);
        if (operation.RemovesStack)
        {
            Assert.Equal(ended == DeploymentPhase.Completed ? StackState.Deleted : StackState.DeleteFailed, stack.State);
            Assert.Equal(ended == DeploymentPhase.Completed, stack.ReleasedAt is not null);
        }
        else
        {
            Assert.Equal(Expected(operation, ended), AsItWas(stack));
        }
        Assert.Equal(deployment.Id, stack.LastDeploymentId);
    }

    [Fact]
    public void Cancelled_while_it_waits_it_lets_no_running_stack_s_name_go()
    {
        var deployment = On(Ready(), MadeUpOperation.Instance);

        Assert.Equal(CancelResult.Cancelled, deployment.RequestCancel(Later));

        Assert.Equal(AsItWas(Ready()), AsItWas(deployment.Stack));
    }

    [Fact]
    public void What_undoes_nothing_never_reaches_the_clean_up_that_removes_all()
    {
        var deployment = On(Ready(), MadeUpOperation.Instance);
        var run = deployment.BeginRun(Some.Start)!.Value;

        deployment.Fail(run, Some.Failure, Later);

        Assert.Equal(DeploymentPhase.Failed, deployment.Phase);
        Assert.DoesNotContain(deployment.Steps, s => s.Step == DeploymentStep.CleanUp);
    }

    [Fact]
    public void A_step_that_stands_twice_in_a_plan_runs_twice_in_its_places()
    {
        var deployment = On(Ready(), MadeUpOperation.Instance);
        var run = deployment.BeginRun(Some.Start)!.Value;
        Advance(deployment, run, MadeUpOperation.Instance.Plan.Count - 1);

        Assert.Equal([0, 1, 2, 3, 4], deployment.Steps.Select(s => s.Index));
        Assert.Equal(70, deployment.Progress);
        Assert.Equal(Some.PlanOf(MadeUpOperation.Instance), DeploymentSnapshots.Build(deployment).Steps.Select(s => s.Step));
    }

    [Fact]
    public void Progress_rises_with_every_step_of_every_plan() => Assert.All(OperationCatalog.All, operation =>
    {
        var starts = operation.Plan.Select(planned => planned.ProgressAtStart).ToList();
        Assert.Equal(0, starts[0]);
        Assert.Equal(starts.Distinct().Order(), starts);
        Assert.Equal(starts.Skip(1).Append(99), Enumerable.Range(0, starts.Count).Select(operation.ProgressAtEnd));
    });

    private static Stack Ready()
    {
        var stack = Some.Stack(deployment: "dep_0");
        stack.State = StackState.Ready;
        stack.ReadyAt = Some.Start;
        stack.TerminalAnswers = true;
        (stack.ProjectId, stack.EnvironmentId, stack.ApplicationId, stack.AppName, stack.DomainId) = ("p", "e", "a", "n", "d");
        return stack;
    }

    private static Deployment On(Stack stack, Operation operation)
    {
        var deployment = new Deployment
        {
            Id = "dep_1", Operation = operation, StackId = stack.Id, Stack = stack, Name = stack.Name, OwnerId = stack.OwnerId,
            RequestId = "req_1", TraceId = new string('a', 32), CreatedAt = Some.Start,
            Change = operation.Prepare(new OperationInput(Some.Start, "registry.test/stack:2", TimeSpan.FromHours(24), () => "p:new")),
        };
        deployment.RecordAcceptance(isNew: false, keptBefore: null, Some.Start);
        return deployment;
    }

    /// <summary>Up to and into the step at this place of the plan; into none when it was done by accepting.</summary>
    private static void Advance(Deployment deployment, int run, int at)
    {
        while (deployment.NextIndex is { } next && next <= at)
        {
            var step = deployment.Operation.Plan[next].Step;
            deployment.BeginStep(run, step, Some.Start);
            if (next == at)
            {
                return;
            }
            deployment.EndStep(run, step, Some.Start);
        }
    }

    private static DeploymentPhase Finish(Deployment deployment, int run, Outcome outcome)
    {
        var wantsCancel = outcome is Outcome.Cancelled or Outcome.CutOffThenCancelled;
        if (wantsCancel && deployment.Operation.CanBeCancelled)
        {
            Assert.Equal(CancelResult.Requested, deployment.RequestCancel(Later));
            deployment.AcceptCancel(run, Later);
        }
        else if (outcome is Outcome.Failed or Outcome.CutOffThenFailed)
        {
            deployment.Fail(run, Some.Failure, Later);
        }
        else
        {
            Assert.Equal(CancelResult.CannotBeCancelled, wantsCancel ? deployment.RequestCancel(Later) : CancelResult.CannotBeCancelled);
            if (deployment.OpenStep is { } open)
            {
                deployment.EndStep(run, open.Step, Later);
            }
            Advance(deployment, run, deployment.Operation.Plan.Count);
            Assert.True(deployment.Complete(run, Later));
            return DeploymentPhase.Completed;
        }
        if (deployment.Phase == DeploymentPhase.Unwinding)
        {
            deployment.BeginStep(run, DeploymentStep.CleanUp, Later);
            deployment.EndStep(run, DeploymentStep.CleanUp, Later);
            deployment.FinishUnwinding(run, [], Later);
        }
        return deployment.Failure is null ? DeploymentPhase.Cancelled : DeploymentPhase.Failed;
    }

    /// <summary>What each operation does to a stack, written out; one that fails or is cancelled does nothing to it.</summary>
    private static object Expected(Operation operation, DeploymentPhase ended)
    {
        var stack = Ready();
        if (ended == DeploymentPhase.Completed)
        {
            (stack.State, stack.Image, stack.ProtectedPassword) = operation.Name switch
            {
                "stop" => (StackState.Stopped, stack.Image, stack.ProtectedPassword),
                "schedule-deletion" => (StackState.ToBeDeleted, stack.Image, stack.ProtectedPassword),
                "redeploy" => (StackState.Ready, "registry.test/stack:2", stack.ProtectedPassword),
                "rotate-password" => (StackState.Ready, stack.Image, "p:new"),
                _ => (StackState.Ready, stack.Image, stack.ProtectedPassword),
            };
        }
        return AsItWas(stack);
    }

    private static object AsItWas(Stack stack) => (
        (stack.State, stack.ReleasedAt, stack.ReadyAt, stack.FailedAt, stack.TerminalAnswers, stack.Image, stack.ProtectedPassword),
        (stack.ProjectId, stack.EnvironmentId, stack.ApplicationId, stack.AppName, stack.DomainId));
}
