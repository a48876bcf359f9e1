using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Presentation;

namespace AiStackDeployer.Tests.Diagnoses;

public sealed class DeploymentDiagnosisTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static DateTimeOffset After(double seconds) => Snapshots.Start + (Second * seconds);

    [Fact]
    public void A_run_at_the_usual_speed_is_on_its_way() =>
        Assert.Equal(DiagnosisCode.OnItsWay, Diagnose(Running(DeploymentStep.AwaitContainer, usually: 2), at: 3).Code);

    [Theory]
    [InlineData(2.0, 9.9, false)] // five times as long, but nobody would notice
    [InlineData(2.0, 10.1, true)]
    [InlineData(60.0, 179.0, false)]
    [InlineData(60.0, 181.0, true)]
    [InlineData(null, 119.0, false)] // nothing to compare with...
    [InlineData(null, 121.0, true)] // ...but nothing usual takes this long
    public void A_step_is_slow_after_thrice_its_usual_time(double? usually, double at, bool isSlow)
    {
        var diagnosis = Diagnose(Running(DeploymentStep.AwaitReadiness, usually), at);

        Assert.Equal(isSlow, diagnosis.IsSlow);
        Assert.Equal(isSlow ? DiagnosisCode.SlowerThanUsual : DiagnosisCode.OnItsWay, diagnosis.Code);
    }

    [Fact]
    public void The_whole_is_slow_when_nearly_all_others_were_quicker()
    {
        var snapshot = Running(DeploymentStep.AwaitReadiness) with { ExpectedAtMost = Second * 20 };

        Assert.False(Diagnose(snapshot, 20).IsSlow);
        Assert.True(Diagnose(snapshot, 20.1).IsSlow);
        Assert.True(Diagnose(snapshot with { Phase = DeploymentPhase.Completed, FinishedAt = After(21) }, 500).IsSlow);
    }

    [Theory]
    [InlineData(HealthState.Answering, null, DiagnosisCode.Ready, false)]
    [InlineData(HealthState.NotLookedAtYet, null, DiagnosisCode.Ready, false)]
    [InlineData(HealthState.NotAnswering, null, DiagnosisCode.NotAnswering, true)]
    [InlineData(HealthState.Missing, MissingPart.Project, DiagnosisCode.Missing, true)]
    public void Whether_a_ready_stack_still_answers_counts(HealthState health, MissingPart? missing, DiagnosisCode code, bool needsAdministrator)
    {
        var layer = code == DiagnosisCode.Ready ? (AddressLayer?)null : AddressLayer.Http;
        var ready = Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with
        {
            StackState = StackState.Ready, Health = new StackHealth(health, Snapshots.Start, null, layer, missing),
        };

        var diagnosis = Diagnose(ready);

        Assert.Equal((code, needsAdministrator), (diagnosis.Code, diagnosis.NeedsAdministrator));
        Assert.Equal(DiagnosisCode.DeletedSince, Diagnose(ready with { StackState = StackState.Deleting }).Code);
    }

    [Fact]
    public void The_portals_line_and_Dokploys_are_told_apart()
    {
        var queued = Snapshots.At(DeploymentPhase.Queued, DeploymentStep.ClaimName) with { StartedAt = null, QueuePosition = 3 };
        var waiting = Running(DeploymentStep.AwaitDokploy) with { DokployQueuePosition = 2 };

        Assert.Equal((DiagnosisCode.WaitingInLine, 3, null), (Diagnose(queued).Code, Diagnose(queued).QueuePosition, Diagnose(queued).Took));
        Assert.Equal((DiagnosisCode.WaitingInDokploy, 2), (Diagnose(waiting).Code, Diagnose(waiting).DokployQueuePosition));
    }

    [Theory]
    [InlineData("dokploy-unreachable", null, true, false)]
    [InlineData("dokploy-unreachable", false, true, false)]
    [InlineData("dokploy-unreachable", true, false, false)] // it answers by now: that is over
    [InlineData("dokploy-key-refused", false, true, true)]
    [InlineData("dokploy-key-refused", true, false, false)] // it has accepted the key since
    [InlineData("dokploy-error", true, true, false)] // one call fails whatever the others do
    public void What_is_tried_again_is_named_until_it_is_over(string told, bool? answers, bool retries, bool needsAdministrator)
    {
        var diagnosis = DeploymentDiagnosis.Of(
            Running(DeploymentStep.EnsureProject), [Line(LogCode.NameClaimed, "x"), Line(LogCode.Retrying, told)], answers, After(1));

        Assert.Equal(retries ? DiagnosisCode.Retrying : DiagnosisCode.OnItsWay, diagnosis.Code);
        Assert.Equal(retries ? told : null, diagnosis.Obstacle?.ToWire());
        Assert.Equal(needsAdministrator, diagnosis.NeedsAdministrator);
    }

    [Fact]
    public void A_Dokploy_that_is_away_for_long_is_an_obstacle() => Assert.Equal(
        FailureCode.DokployUnreachable,
        DeploymentDiagnosis.Of(Running(DeploymentStep.AwaitDokploy), [Line(LogCode.DokployAway, "15")], false, After(1)).Obstacle);

    [Theory]
    [InlineData("dokploy-key-refused", 1, DiagnosisCode.Retrying, true)]
    [InlineData("dokploy-key-refused", 100, DiagnosisCode.Retrying, true)]
    [InlineData("dokploy-unreachable", 1, DiagnosisCode.Stopping, false)]
    [InlineData("dokploy-unreachable", 100, DiagnosisCode.Retrying, false)]
    public void A_removal_that_the_portals_own_key_holds_up_says_so(string told, double at, DiagnosisCode code, bool needsAdministrator)
    {
        var removing = Running(DeploymentStep.CleanUp) with { Phase = DeploymentPhase.Unwinding };

        var diagnosis = DeploymentDiagnosis.Of(removing, [Line(LogCode.CleaningUp, "x"), Line(LogCode.Retrying, told)], false, After(at));

        Assert.Equal((code, needsAdministrator), (diagnosis.Code, diagnosis.NeedsAdministrator));
    }

    [Fact]
    public void A_line_after_the_trouble_means_that_it_is_over() => Assert.Equal(
        DiagnosisCode.OnItsWay,
        DeploymentDiagnosis.Of(
            Running(DeploymentStep.EnsureApplication),
            [Line(LogCode.Retrying, "dokploy-unreachable"), Line(LogCode.ProjectCreated, "x")],
            false,
            After(1)).Code);

    [Fact]
    public void A_failure_is_told_as_soon_as_it_is_known_with_what_it_left_behind()
    {
        var failure = new DeploymentFailure(FailureCode.TimedOut, DeploymentStep.AwaitReadiness, null, ["line"]);
        var unwinding = Snapshots.At(DeploymentPhase.Unwinding, DeploymentStep.AwaitReadiness) with { Failure = failure };
        var failed = unwinding with { Phase = DeploymentPhase.Failed, FinishedAt = After(9), Failure = failure with { LeftBehind = ["project x"] } };

        Assert.Equal((DiagnosisCode.Failed, false), (Diagnose(unwinding, 1).Code, Diagnose(unwinding, 1).NeedsAdministrator));
        var diagnosis = Diagnose(failed);
        Assert.Equal((DiagnosisCode.Failed, DeploymentStep.AwaitReadiness), (diagnosis.Code, diagnosis.Step.Step));
        Assert.Equal(["project x"], diagnosis.LeftBehind);
        Assert.True(diagnosis.NeedsAdministrator);
    }

    [Theory]
    [InlineData(44.0, DiagnosisCode.Stopping, false)]
    [InlineData(46.0, DiagnosisCode.RemovalStuck, true)]
    public void A_removal_that_takes_far_too_long_is_stuck(double at, DiagnosisCode code, bool needsAdministrator)
    {
        var snapshot = Snapshots.At(DeploymentPhase.Unwinding, DeploymentStep.CleanUp) with { CancelRequested = true };

        Assert.Equal((code, needsAdministrator), (Diagnose(snapshot, at).Code, Diagnose(snapshot, at).NeedsAdministrator));
    }

    [Theory]
    [InlineData(44.0, DiagnosisCode.OnItsWay)]
    [InlineData(46.0, DiagnosisCode.RemovalStuck)]
    public void A_deletion_that_takes_far_too_long_is_stuck(double at, DiagnosisCode code) =>
        Assert.Equal(code, Diagnose(Running(DeploymentStep.RemoveApplication) with { Operation = OperationCatalog.Delete }, at).Code);

    [Fact]
    public void A_deletion_that_has_ended_well_is_deleted_and_tells_which_volumes_stay()
    {
        var diagnosis = Diagnose(Snapshots.At(DeploymentPhase.Completed, DeploymentStep.ProveGone) with
        {
            Operation = OperationCatalog.Delete, FinishedAt = After(3), KeptVolumes = ["volume x"],
        });

        Assert.Equal((DiagnosisCode.Deleted, false), (diagnosis.Code, diagnosis.NeedsAdministrator));
        Assert.Equal(["volume x"], diagnosis.KeptVolumes);
    }

    [Fact]
    public void A_wish_to_stop_is_told_before_the_worker_has_seen_it() => Assert.Equal(
        DiagnosisCode.Stopping, Diagnose(Running(DeploymentStep.AwaitContainer) with { CancelRequested = true }).Code);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whether_its_name_is_free_again_is_known_of_a_stopped_one(bool isKept) => Assert.Equal(
        isKept,
        Diagnose(Snapshots.At(DeploymentPhase.Cancelled, DeploymentStep.ClaimName) with { StackReleasedAt = isKept ? null : After(1) }).IsNameKept);

    [Fact]
    public void What_a_cancelled_one_left_behind_is_found_in_its_log()
    {
        var diagnosis = DeploymentDiagnosis.Of(
            Snapshots.At(DeploymentPhase.Cancelled, DeploymentStep.AwaitContainer) with { FinishedAt = After(5) },
            [Line(LogCode.LeftBehind, "project x"), Line(LogCode.LeftBehind, "project x")],
            true,
            After(9));

        Assert.Equal(DiagnosisCode.Cancelled, diagnosis.Code);
        Assert.Equal(["project x"], diagnosis.LeftBehind);
        Assert.True(diagnosis.NeedsAdministrator);
    }

    [Fact]
    public void Of_a_stack_that_was_deleted_since_nothing_is_left_behind()
    {
        var diagnosis = DeploymentDiagnosis.Of(
            Snapshots.At(DeploymentPhase.Cancelled, DeploymentStep.AwaitContainer) with { FinishedAt = After(5), StackState = StackState.Deleted },
            [Line(LogCode.LeftBehind, "project x")], true, After(9));

        Assert.Empty(diagnosis.LeftBehind);
        Assert.False(diagnosis.NeedsAdministrator);
    }

    [Theory]
    [InlineData(StackState.Creating, true)]
    [InlineData(StackState.Ready, true)]
    [InlineData(StackState.Failed, false)]
    public void A_failed_one_with_a_later_try_that_may_yet_do_needs_nobody(StackState stack, bool hasLaterTry)
    {
        var diagnosis = Diagnose(Snapshots.At(DeploymentPhase.Failed, DeploymentStep.EnsureProject) with
        {
            Failure = new DeploymentFailure(FailureCode.DokployKeyRefused, DeploymentStep.EnsureProject), StackState = stack, LastDeploymentId = "dep_later",
        });

        Assert.Equal((hasLaterTry, !hasLaterTry), (diagnosis.HasLaterTry, diagnosis.NeedsAdministrator));
    }

    [Theory]
    [InlineData(null, DiagnosisCode.Ready)]
    [InlineData(true, DiagnosisCode.Ready)]
    [InlineData(false, DiagnosisCode.ReadyWithoutTerminal)]
    public void A_ready_one_is_ready_whatever_its_terminal_does(bool? terminal, DiagnosisCode code)
    {
        var diagnosis = Diagnose(Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with { TerminalAnswers = terminal });

        Assert.Equal((code, false), (diagnosis.Code, diagnosis.NeedsAdministrator));
    }

    [Theory]
    [InlineData(StackState.Deleting)]
    [InlineData(StackState.DeleteFailed)]
    [InlineData(StackState.Deleted)]
    public void A_ready_one_whose_deletion_has_begun_is_not_ready_any_more(StackState state) => Assert.Equal(
        DiagnosisCode.DeletedSince,
        Diagnose(Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with { StackState = state }).Code);

    [Fact]
    public void Only_the_end_of_a_long_log_is_evidence()
    {
        var log = Enumerable.Range(1, 40).Select(i => Line(LogCode.Raw, $"line {i}")).ToList();

        var diagnosis = DeploymentDiagnosis.Of(Running(DeploymentStep.AwaitDokploy), log, null, After(1));

        Assert.Equal(DeploymentDiagnosis.LogLines, diagnosis.Log.Count);
        Assert.Equal("line 40", diagnosis.Log[^1].Detail);
    }

    private static DeploymentSnapshot Running(DeploymentStep step, double? usually = null) =>
        Snapshots.At(DeploymentPhase.Running, step, usually is { } seconds ? Second * seconds : null);

    private static DeploymentDiagnosis Diagnose(DeploymentSnapshot snapshot, double at = 1) =>
        DeploymentDiagnosis.Of(snapshot, [], dokployAnswers: null, After(at));

    private static DeploymentEvent Line(LogCode code, string detail) => new()
    {
        DeploymentId = "dep_1", Sequence = 1, At = Snapshots.Start, Kind = DeploymentEventKind.Log, Phase = DeploymentPhase.Running,
        Step = DeploymentStep.EnsureProject, Progress = 3, Log = code, Detail = detail,
    };
}
