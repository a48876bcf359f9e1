using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using static AiStackDeployer.Core.Deployments.DeploymentStep;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Names that scripts, databases and language files know: written out, so that a renaming in the code shows.</summary>
public sealed class WireNameTests
{
    private static readonly Dictionary<FailureCode, string> FailuresOnTheWire = new()
    {
        [FailureCode.ImageNotFound] = "image-not-found",
        [FailureCode.ImagePullDenied] = "image-pull-denied",
        [FailureCode.ImagePullFailed] = "image-pull-failed",
        [FailureCode.CrashLoop] = "crash-loop",
        [FailureCode.OutOfMemory] = "out-of-memory",
        [FailureCode.Unschedulable] = "unschedulable",
        [FailureCode.LargerThanAnyServer] = "larger-than-any-server",
        [FailureCode.ContainerRejected] = "container-rejected",
        [FailureCode.RolledBack] = "rolled-back",
        [FailureCode.DokployBusy] = "dokploy-busy",
        [FailureCode.DeployFailed] = "deploy-failed",
        [FailureCode.DeployLost] = "deploy-lost",
        [FailureCode.NameTakenUpstream] = "name-taken-upstream",
        [FailureCode.DokployKeyRefused] = "dokploy-key-refused",
        [FailureCode.DokployPermissionDenied] = "dokploy-permission-denied",
        [FailureCode.DokployUnreachable] = "dokploy-unreachable",
        [FailureCode.DokployError] = "dokploy-error",
        [FailureCode.AddressDns] = "address-dns",
        [FailureCode.AddressUnreachable] = "address-unreachable",
        [FailureCode.AddressTls] = "address-tls",
        [FailureCode.AddressHttp] = "address-http",
        [FailureCode.AddressPortSilent] = "address-port-silent",
        [FailureCode.AddressWrongProgram] = "address-wrong-program",
        [FailureCode.AddressPasswordRefused] = "address-password-refused",
        [FailureCode.ProjectInUse] = "project-in-use",
        [FailureCode.StillThere] = "still-there",
        [FailureCode.InUse] = "in-use",
        [FailureCode.ContainerGone] = "container-gone",
        [FailureCode.TimedOut] = "timed-out",
        [FailureCode.Internal] = "internal",
    };

    public static TheoryData<DeploymentStep> Steps => [.. Enum.GetValues<DeploymentStep>()];

    [Fact]
    public void Each_failure_has_its_own_lasting_name_on_the_wire()
    {
        Assert.Equal(FailuresOnTheWire, Enum.GetValues<FailureCode>().ToDictionary(code => code, code => code.ToWire()));
        Assert.Distinct(FailuresOnTheWire.Values);
    }

    [Fact]
    public void Failures_are_stored_under_lasting_names() => AssertNames<FailureCode>(
        """
        ImageNotFound ImagePullDenied ImagePullFailed CrashLoop OutOfMemory Unschedulable LargerThanAnyServer ContainerRejected RolledBack DeployFailed
        DeployLost DokployBusy NameTakenUpstream DokployKeyRefused DokployPermissionDenied DokployUnreachable DokployError AddressDns AddressUnreachable
        AddressTls AddressHttp AddressPortSilent AddressWrongProgram AddressPasswordRefused ProjectInUse StillThere InUse ContainerGone TimedOut Internal
        """);

    [Fact]
    public void Health_is_stored_under_lasting_names()
    {
        AssertNames<HealthState>("NotLookedAtYet Answering NotAnswering Missing");
        AssertNames<AddressLayer>("Dns Tcp Tls Http WrongProgram Password");
        AssertNames<MissingPart>("Project Application Domain Service");
    }

    [Fact]
    public void Log_lines_are_stored_under_lasting_names() => AssertNames<LogCode>(
        """
        Raw NameClaimed ProjectFound ProjectCreated ApplicationFound ApplicationCreated Configured VolumeFound VolumeCreated
        DomainFound DomainCreated DeployAccepted WaitingInDokploy DokployStarted DokployDone DeployRepeated TaskState ContainerEnded
        TasksNotVisible AddressNotYet AddressAnswered TerminalAnswers TerminalSilent Resumed Retrying CancelRequested ForceEnded CleaningUp
        ApplicationRemoved ProjectRemoved NothingLeft LeftBehind DeleteAccepted VolumeKept DomainRemoved WaitingForJob ProvenGone
        DeployJobDead DokployAway AddressAnswersMeanwhile
        StackAnswers StackSilent StackMissing
        DeletionScheduled StopAnnounced DeletionAnnounced KeptRunning ContainerStopped ContainerStarted SettingsPutBack ContainerPutBack
        """);

    [Fact]
    public void Operations_have_names_on_the_wire() =>
        Assert.Equal(
            ["deploy", "delete", "stop", "start", "restart", "redeploy", "rotate-password", "change-environment", "schedule-deletion"],
            OperationCatalog.All.Take(9).Select(operation => operation.Name));

    [Fact]
    public void Phases_steps_outcomes_and_kinds_are_stored_under_lasting_names()
    {
        AssertNames<DeploymentPhase>("Queued Running Unwinding Completed Failed Cancelled");
        AssertNames<DeploymentStep>(
            """
            ClaimName EnsureProject EnsureApplication Configure EnsureVolumes EnsureDomain TriggerDeploy AwaitDokploy AwaitContainer
            AwaitReadiness AcceptDelete RemoveApplication RemoveDomain RemoveProject ProveGone CheckUnused StopContainer StartContainer CleanUp
            """);
        AssertNames<StackState>("Creating Ready Failed Deleting DeleteFailed Deleted Stopping Stopped Starting Updating ToBeDeleted");
        AssertNames<OperationCause>("Person Idle Expired Due Batch");
        AssertNames<StepOutcome>("Pending Running Done Failed Skipped");
        AssertNames<DeploymentEventKind>("Progress Log Complete Error");
    }

    [Theory]
    [InlineData(ClaimName, "initializing")]
    [InlineData(EnsureProject, "creating_project")]
    [InlineData(EnsureApplication, "creating_application")]
    [InlineData(Configure, "creating_application")]
    [InlineData(EnsureVolumes, "creating_application")]
    [InlineData(EnsureDomain, "creating_application")]
    [InlineData(TriggerDeploy, "deploying")]
    [InlineData(AwaitDokploy, "deploying")]
    [InlineData(AwaitContainer, "deploying")]
    [InlineData(AwaitReadiness, "deploying")]
    [InlineData(AcceptDelete, "deleting")]
    [InlineData(RemoveApplication, "deleting")]
    [InlineData(RemoveDomain, "deleting")]
    [InlineData(RemoveProject, "deleting")]
    [InlineData(ProveGone, "deleting")]
    [InlineData(CleanUp, "deploying")]
    public void While_it_runs_or_unwinds_the_step_tells_the_status(DeploymentStep step, string wire)
    {
        Assert.Equal(wire, DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Running, step).ToWire());
        Assert.Equal(wire, DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Unwinding, step).ToWire());
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Before_and_after_the_run_the_phase_tells_the_status_at_whatever_step(DeploymentStep step)
    {
        // A stack that waits to be deleted is not about to be made.
        var waiting = Some.PlanOf(OperationCatalog.Delete).Contains(step) ? "deleting" : "initializing";
        Assert.Equal(waiting, DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Queued, step).ToWire());
        Assert.Equal("completed", DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Completed, step).ToWire());
        Assert.Equal("failed", DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Failed, step).ToWire());
        Assert.Equal("cancelled", DeploymentStatuses.Of(OperationOf(step), DeploymentPhase.Cancelled, step).ToWire());
    }

    [Fact]
    public void The_plans_share_all_steps_but_the_clean_up_among_them() => Assert.Equal(
        Enum.GetValues<DeploymentStep>().Where(s => s != CleanUp),
        new[] { OperationCatalog.Deploy, OperationCatalog.Delete, OperationCatalog.Stop, OperationCatalog.Start }.SelectMany(Some.PlanOf).Distinct());

    [Theory]
    [InlineData(CheckUnused)]
    [InlineData(StopContainer)]
    [InlineData(StartContainer)]
    public void Other_operations_are_in_progress_at_whichever_step(DeploymentStep step) =>
        Assert.Equal("in_progress", DeploymentStatuses.Of(OperationCatalog.Restart, DeploymentPhase.Running, step).ToWire());

    private static Operation OperationOf(DeploymentStep step) =>
        Some.PlanOf(OperationCatalog.Delete).Contains(step) ? OperationCatalog.Delete : OperationCatalog.Deploy;

    private static void AssertNames<T>(string names) where T : struct, Enum =>
        Assert.Equal(names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), Enum.GetNames<T>());
}
