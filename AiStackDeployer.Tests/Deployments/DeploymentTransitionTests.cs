using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using static AiStackDeployer.Core.Deployments.DeploymentPhase;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Every phase against every change: where it leads, or that it is refused and leaves everything as it was.</summary>
public sealed class DeploymentTransitionTests
{
    private static readonly DateTimeOffset Now = Some.Start.AddSeconds(1);

    private static readonly Dictionary<string, Action<Deployment, int>> Changes = new()
    {
        ["BeginRun"] = (d, _) => d.BeginRun(Now),
        ["EndStep"] = (d, run) => d.EndStep(run, DeploymentStep.EnsureProject, Now),
        ["EndStep CleanUp"] = (d, run) => d.EndStep(run, DeploymentStep.CleanUp, Now),
        ["Note"] = (d, run) => d.Note(run, LogCode.Configured, null, Now),
        ["WaitInDokploy"] = (d, run) => d.WaitInDokploy(run, 2, Now),
        ["IntendToCreate"] = (d, run) => d.IntendToCreate(run),
        ["CountDeployAttempt"] = (d, run) => d.CountDeployAttempt(run),
        ["Fail"] = (d, run) => d.Fail(run, Some.Failure, Now),
        ["AcceptCancel"] = (d, run) => d.AcceptCancel(run, Now),
        ["Complete"] = (d, run) => d.Complete(run, Now),
        ["FinishUnwinding"] = (d, run) => d.FinishUnwinding(run, [], Now),
        ["RequestCancel"] = (d, _) => d.RequestCancel(Now),
        ["Pause"] = (d, run) => d.Pause(run),
        ["ForceEnd"] = (d, _) => d.ForceEnd(Now),
    };

    /// <summary>The legal ones. All others are refused.</summary>
    private static readonly Dictionary<(DeploymentPhase, string), DeploymentPhase> Legal = new()
    {
        [(Queued, "BeginRun")] = Running,
        [(Queued, "RequestCancel")] = Cancelled,
        [(Running, "BeginRun")] = Running,
        [(Running, "EndStep")] = Running,
        [(Running, "Note")] = Running,
        [(Running, "WaitInDokploy")] = Running,
        [(Running, "IntendToCreate")] = Running,
        [(Unwinding, "IntendToCreate")] = Unwinding,
        [(Running, "CountDeployAttempt")] = Running,
        [(Running, "Fail")] = Unwinding,
        [(Running, "AcceptCancel")] = Unwinding,
        [(Running, "Complete")] = Completed,
        [(Running, "RequestCancel")] = Running,
        [(Running, "Pause")] = Running,
        [(Unwinding, "Pause")] = Unwinding,
        [(Unwinding, "BeginRun")] = Unwinding,
        [(Unwinding, "EndStep CleanUp")] = Unwinding,
        [(Unwinding, "Note")] = Unwinding,
        [(Unwinding, "FinishUnwinding")] = Failed,
        [(Unwinding, "RequestCancel")] = Unwinding,
        [(Queued, "ForceEnd")] = Failed,
        [(Running, "ForceEnd")] = Failed,
        [(Unwinding, "ForceEnd")] = Failed,
        // Asked of a deployment that has ended: answered, without a trace.
        [(Completed, "BeginRun")] = Completed,
        [(Completed, "RequestCancel")] = Completed,
        [(Failed, "BeginRun")] = Failed,
        [(Failed, "RequestCancel")] = Failed,
        [(Cancelled, "BeginRun")] = Cancelled,
        [(Cancelled, "RequestCancel")] = Cancelled,
    };

    public static TheoryData<DeploymentPhase, string> PhasesAndChanges => [.. Pairs(Changes.Keys)];

    public static TheoryData<DeploymentPhase, DeploymentStep> PhasesAndSteps => [.. Pairs(Enum.GetValues<DeploymentStep>())];

    public static TheoryData<string> ChangesOfRuns =>
        [.. Changes.Keys.Except(["BeginRun", "RequestCancel", "ForceEnd"]), .. Enum.GetNames<DeploymentStep>().Select(step => $"BeginStep {step}")];

    public static TheoryData<DeploymentPhase> Phases => [.. Enum.GetValues<DeploymentPhase>()];

    [Theory]
    [MemberData(nameof(PhasesAndChanges))]
    public void A_change_leads_where_the_table_says_or_is_refused_without_a_trace(DeploymentPhase phase, string change)
    {
        var deployment = Prepared(phase, change);
        var before = Fingerprint.Of(deployment);

        if (Legal.TryGetValue((phase, change), out var next))
        {
            Changes[change](deployment, deployment.Run);
            Assert.Equal(next, deployment.Phase);
        }
        else
        {
            Assert.Throws<InvalidTransitionException>(() => Changes[change](deployment, deployment.Run));
            Assert.Equal(before, Fingerprint.Of(deployment));
        }
    }

    [Theory]
    [MemberData(nameof(PhasesAndSteps))]
    public void A_step_begins_only_in_its_phase_and_the_claim_never_again(DeploymentPhase phase, DeploymentStep step)
    {
        var deployment = Some.In(phase);
        var before = Fingerprint.Of(deployment);

        var legal = step switch
        {
            DeploymentStep.ClaimName => false,
            DeploymentStep.CleanUp => phase == Unwinding,
            _ => phase == Running && Some.PlanOf(OperationCatalog.Deploy).Contains(step),
        };
        if (legal)
        {
            var record = deployment.BeginStep(deployment.Run, step, Now);

            Assert.Equal(StepOutcome.Running, record.Outcome);
            Assert.Equal(Now, record.StartedAt);
            Assert.Equal(phase, deployment.Phase);
            Assert.Equal(step == DeploymentStep.CleanUp ? DeploymentStep.ClaimName : step, deployment.CurrentStep);
        }
        else
        {
            Assert.Throws<InvalidTransitionException>(() => deployment.BeginStep(deployment.Run, step, Now));
            Assert.Equal(before, Fingerprint.Of(deployment));
        }
    }

    [Theory]
    [MemberData(nameof(ChangesOfRuns))]
    public void A_run_that_is_not_the_newest_is_refused_everything_in_every_phase(string change)
    {
        var act = change.StartsWith("BeginStep ", StringComparison.Ordinal)
            ? (d, run) => d.BeginStep(run, Enum.Parse<DeploymentStep>(change[10..]), Now)
            : Changes[change];
        foreach (var phase in Enum.GetValues<DeploymentPhase>())
        {
            var deployment = Prepared(phase, change);
            foreach (var run in new[] { deployment.Run - 1, deployment.Run + 1 })
            {
                var before = Fingerprint.Of(deployment);
                Assert.Throws<StaleRunException>(() => act(deployment, run));
                Assert.Equal(before, Fingerprint.Of(deployment));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void Taking_over_raises_the_run_unless_the_deployment_has_ended(DeploymentPhase phase)
    {
        var deployment = Some.In(phase);
        var before = deployment.Run;

        var run = deployment.BeginRun(Now);

        Assert.Equal(phase.IsTerminal() ? null : before + 1, run);
        Assert.Equal(phase.IsTerminal() ? before : before + 1, deployment.Run);
    }

    [Theory]
    [InlineData(Queued, CancelResult.Cancelled)]
    [InlineData(Running, CancelResult.Requested)]
    [InlineData(Unwinding, CancelResult.AlreadyEnding)]
    [InlineData(Completed, CancelResult.AlreadyEnded)]
    [InlineData(Failed, CancelResult.AlreadyEnded)]
    [InlineData(Cancelled, CancelResult.AlreadyEnded)]
    public void A_wish_to_cancel_is_told_what_becomes_of_it(DeploymentPhase phase, CancelResult result)
    {
        var deployment = Some.In(phase);

        Assert.Equal(result, deployment.RequestCancel(Now));
        Assert.Equal(result == CancelResult.Requested ? CancelResult.AlreadyEnding : result == CancelResult.Cancelled ? CancelResult.AlreadyEnded : result, deployment.RequestCancel(Now));
    }

    [Fact]
    public void A_step_that_has_ended_is_not_begun_again_nor_one_before_it_nor_a_second_one_beside_it()
    {
        var deployment = Some.In(Running);
        deployment.BeginStep(1, DeploymentStep.Configure, Now);
        Assert.Throws<InvalidTransitionException>(() => deployment.BeginStep(1, DeploymentStep.EnsureDomain, Now));
        deployment.EndStep(1, DeploymentStep.Configure, Now, StepOutcome.Skipped);

        Assert.Throws<InvalidTransitionException>(() => deployment.BeginStep(1, DeploymentStep.Configure, Now));
        Assert.Throws<InvalidTransitionException>(() => deployment.BeginStep(1, DeploymentStep.EnsureProject, Now));
    }

    [Fact]
    public void The_run_after_a_crash_begins_the_open_step_again_and_keeps_its_first_start()
    {
        var deployment = Some.In(Running);
        deployment.BeginStep(1, DeploymentStep.EnsureProject, Some.Start);
        var run = deployment.BeginRun(Now)!.Value;

        var record = deployment.BeginStep(run, DeploymentStep.EnsureProject, Now);

        Assert.Equal((2, Some.Start, StepOutcome.Running), (record.Attempts, record.StartedAt, record.Outcome));
        Assert.Single(deployment.Steps, s => s.Step == DeploymentStep.EnsureProject);
    }

    [Fact]
    public void A_step_ends_only_well_and_only_once()
    {
        var deployment = Some.In(Running);
        deployment.BeginStep(1, DeploymentStep.EnsureProject, Now);

        Assert.Throws<InvalidTransitionException>(() => deployment.EndStep(1, DeploymentStep.EnsureProject, Now, StepOutcome.Failed));
        deployment.EndStep(1, DeploymentStep.EnsureProject, Now);
        Assert.Throws<InvalidTransitionException>(() => deployment.EndStep(1, DeploymentStep.EnsureProject, Now));
    }

    [Fact]
    public void Nothing_ends_while_a_step_is_open()
    {
        var forward = Some.In(Running);
        forward.BeginStep(1, DeploymentStep.AwaitReadiness, Now);
        var back = Some.In(Unwinding);
        back.BeginStep(1, DeploymentStep.CleanUp, Now);

        Assert.Throws<InvalidTransitionException>(() => forward.Complete(1, Now));
        Assert.Throws<InvalidTransitionException>(() => back.FinishUnwinding(1, [], Now));
    }

    [Theory]
    [InlineData(false, StepOutcome.Failed)]
    [InlineData(true, StepOutcome.Skipped)]
    public void Unwinding_closes_the_open_step_and_leaves_the_place_in_line(bool cancelled, StepOutcome outcome)
    {
        var deployment = Some.In(Running);
        deployment.BeginStep(1, DeploymentStep.AwaitDokploy, Some.Start);
        deployment.WaitInDokploy(1, 3, Some.Start);

        if (cancelled)
        {
            deployment.RequestCancel(Now);
            deployment.AcceptCancel(1, Now);
        }
        else
        {
            deployment.Fail(1, Some.Failure, Now);
        }

        var record = deployment.Steps.Single(s => s.Step == DeploymentStep.AwaitDokploy);
        Assert.Equal((outcome, Now), (record.Outcome, record.EndedAt));
        Assert.Null(deployment.DokployQueuePosition);
    }

    [Fact]
    public void A_wish_to_cancel_that_came_before_the_end_was_written_holds()
    {
        var deployment = Some.In(Running);
        deployment.RequestCancel(Now);

        Assert.False(deployment.Complete(1, Now));
        Assert.Equal((Running, StackState.Creating), (deployment.Phase, deployment.Stack.State));
    }

    [Fact]
    public void The_same_place_in_line_is_told_once()
    {
        var deployment = Some.In(Running);
        deployment.WaitInDokploy(1, 2, Now);
        var told = deployment.LastSequence;

        deployment.WaitInDokploy(1, 2, Now);
        Assert.Equal(told, deployment.LastSequence);
        deployment.WaitInDokploy(1, 2, Now, busySince: Some.Start);
        Assert.Equal(new DokployWait(2, Some.Start), DokployWait.Parse(deployment.TakeNewEvents()[^1].Detail));
        told = deployment.LastSequence;
        deployment.WaitInDokploy(1, null, Now);
        Assert.Equal(told + 1, deployment.LastSequence);
    }

    [Fact]
    public void Deploy_attempts_count_from_one()
    {
        var deployment = Some.In(Running);

        Assert.Equal([1, 2], [deployment.CountDeployAttempt(1), deployment.CountDeployAttempt(1)]);
    }

    [Fact]
    public void A_failed_stack_keeps_its_name_for_another_try()
    {
        var deployment = Some.In(Unwinding);

        deployment.FinishUnwinding(1, [], Now);

        Assert.Null(deployment.Failure!.LeftBehind);
        Assert.Equal((StackState.Failed, Now, null), (deployment.Stack.State, deployment.Stack.FailedAt, deployment.Stack.ReleasedAt));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stack_of_which_something_is_left_can_only_be_deleted_and_keeps_its_name_until_then(bool isFailed)
    {
        var deployment = isFailed ? Some.In(Unwinding) : Some.In(Running);
        if (!isFailed)
        {
            deployment.RequestCancel(Now);
            deployment.AcceptCancel(1, Now);
        }

        deployment.FinishUnwinding(1, ["ai-stack-jan"], Now);

        Assert.Equal(isFailed ? ["ai-stack-jan"] : null, deployment.Failure?.LeftBehind);
        Assert.Equal(
            (StackState.DeleteFailed, Now, null), (deployment.Stack.State, deployment.Stack.FailedAt, deployment.Stack.ReleasedAt));
        Assert.True(OperationCatalog.Delete.MayBeginIn(deployment.Stack.State));
        Assert.False(OperationCatalog.Deploy.MayBeginIn(deployment.Stack.State));
    }

    [Fact]
    public void A_stack_taken_up_again_goes_back_to_failed_when_that_is_cancelled_before_it_began()
    {
        var deployment = Some.In(Queued);
        deployment.Stack.FailedAt = Some.Start;

        Assert.Equal(CancelResult.Cancelled, deployment.RequestCancel(Now));

        Assert.Equal(
            (StackState.Failed, Some.Start, null), (deployment.Stack.State, deployment.Stack.FailedAt, deployment.Stack.ReleasedAt));
    }

    [Fact]
    public void A_name_that_Dokploy_had_already_is_let_go()
    {
        var deployment = Some.In(Running);
        deployment.Fail(1, new DeploymentFailure(FailureCode.NameTakenUpstream, DeploymentStep.EnsureProject), Now);

        deployment.FinishUnwinding(1, [], Now);

        Assert.Equal(Now, deployment.Stack.ReleasedAt);
        Assert.False(DeploymentSnapshots.Build(deployment).StackMayBeDeleted);
    }

    private static IEnumerable<(DeploymentPhase, T)> Pairs<T>(IEnumerable<T> seconds) =>
        Enum.GetValues<DeploymentPhase>().SelectMany(phase => seconds.Select(second => (phase, second)));

    /// <summary>In the phase, with what the change needs beside it: an open step, a wish to cancel.</summary>
    private static Deployment Prepared(DeploymentPhase phase, string change)
    {
        var deployment = Some.In(phase);
        switch (change, phase)
        {
            case ("EndStep", Running):
                deployment.BeginStep(1, DeploymentStep.EnsureProject, Some.Start);
                break;
            case ("EndStep CleanUp", Unwinding):
                deployment.BeginStep(1, DeploymentStep.CleanUp, Some.Start);
                break;
            case ("AcceptCancel", Running):
                deployment.RequestCancel(Some.Start);
                break;
        }
        return deployment;
    }
}
