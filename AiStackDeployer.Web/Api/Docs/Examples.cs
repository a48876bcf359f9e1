using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>Answers as they look, of one company's portal on one afternoon.</summary>
internal static class Examples
{
    public const string Id = "dep_1790000000000_bcdfghjk";
    public const string OtherId = "dep_1789999990000_mnpqrstv";
    public const string StackId = "stk_1790000000000_pqrstvwx";
    public const string Name = "design-lab";
    public const string Url = "https://design-lab.ai.example.org";
    public const string TerminalUrl = Url + "/terminal/";
    public const string Image = "registry.example.org/opencode-stack:1.18";
    public const string StatusPath = "/api/status/" + Id;
    private const string Password = "Q7mwXc2RkT9vHs4NpzJdYf8b";
    public const string CallTraceId = "00-" + TraceId + "-00f067aa0ba902b7-01";
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1790000000000);

    public static readonly HealthAnswer Healthy = new("healthy", Start, "0.1.0", "ai-stack-deployer", 2);

    public static readonly DeployRequest Wish = new(Name);

    public static readonly DeployAnswer Begun = new(Id, Url, StatusPath, new CredentialsAnswer("opencode", Password));

    public static readonly DeployAnswer BegunAgain = Begun with { Credentials = null };

    public static readonly StackCredentialsAnswer Credentials = new(Name, Url, TerminalUrl, "opencode", Password);

    public static readonly StatusAnswer Ready = new()
    {
        DeploymentId = Id,
        StackId = StackId,
        Name = Name,
        Url = Url,
        TerminalUrl = TerminalUrl,
        Kind = "deploy",
        Status = "completed",
        Progress = 100,
        CurrentStep = "Ready",
        Steps = StepsUntil(DeploymentStep.AwaitReadiness, StepOutcome.Done),
        CreatedAt = Start,
        StartedAt = Start.AddMilliseconds(40),
        FinishedAt = Start.AddMilliseconds(8120),
        TerminalAnswers = true,
        TraceId = TraceId,
    };

    public static readonly StatusAnswer Running = Ready with
    {
        Status = "creating_application",
        Progress = 21,
        CurrentStep = "Attaching the address",
        Steps = StepsUntil(DeploymentStep.EnsureDomain, StepOutcome.Running),
        FinishedAt = null,
        TerminalAnswers = null,
    };

    public static readonly StatusAnswer Stopping = Running with { CurrentStep = "Stopping" };

    public static readonly StatusAnswer Cancelled = Ready with
    {
        Status = "cancelled",
        Progress = 0,
        CurrentStep = "Cancelled",
        Steps = StepsUntil(DeploymentStep.ClaimName, StepOutcome.Done),
        Error = new StatusError("cancelled", "Cancelled", null, null, null, null),
        StartedAt = null,
        FinishedAt = Start.AddMilliseconds(3100),
        TerminalAnswers = null,
    };

    public static readonly StatusAnswer Failed = Ready with
    {
        Status = "failed",
        Progress = 28,
        CurrentStep = "The image does not exist: " + Image,
        Steps = StepsUntil(DeploymentStep.AwaitDokploy, StepOutcome.Failed),
        Error = new StatusError(
            "image-not-found", "The image does not exist: " + Image, "Ask the administrator to set an image that exists.", "await_dokploy",
            ["Error response from daemon: manifest unknown"], null),
        TerminalAnswers = null,
    };

    public static readonly DiagnosisAnswer Diagnosis = new(
        Id, Name, "failed", "image-not-found", "The image does not exist: " + Image, "Ask the administrator to set an image that exists.",
        NeedsAdministrator: true,
        ["It was in the step: Dokploy deploys."],
        ["Error response from daemon: manifest unknown"],
        [new(Start, "The name design-lab is yours.")],
        TraceId);

    public static readonly DeletionAnswer Deletion = new(Id, Name, StatusPath);

    public static readonly StatusAnswer Deleted = Ready with
    {
        Kind = "delete",
        CurrentStep = "Deleted",
        Steps = [.. DeploymentPlan.Of(DeploymentKind.Delete).Select((step, index) => Step(step, StepOutcome.Done, index))],
        TerminalAnswers = null,
        KeptVolumes = [$"ai-stack-{StackId}-workspace", $"ai-stack-{StackId}-state"],
        StackDeletedAt = Start.AddMilliseconds(8120),
    };

    public static readonly DeploymentListAnswer Deployments = new([Running, Failed with { DeploymentId = OtherId }], 37, 0, 2, "/api/deployments?take=2&before=" + OtherId);

    public static readonly EventListAnswer Events = new(
        [
            new(1, Start, "log", "initializing", "claim_name", 0, "The name design-lab is yours.", null),
            new(2, Start.AddMilliseconds(40), "progress", "initializing", "claim_name", 0, "Claiming the name", null),
            new(3, Start.AddMilliseconds(55), "progress", "creating_project", "ensure_project", 3, "Creating the project", null),
        ],
        Ended: false,
        Next: $"/api/deployments/{Id}/events?take=3&after=3");

    public static readonly LogListAnswer Log = new(
        Id, [new(Start, "The name design-lab is yours."), new(Start.AddMilliseconds(8120), "Ready")]);

    public const string LogText =
        """
        2026-09-21T14:13:20.000Z The name design-lab is yours.
        2026-09-21T14:13:28.120Z Ready

        """;

    public const string Stream =
        """
        event: progress
        id: 12
        retry: 2000
        data: {"deploymentId":"dep_1790000000000_bcdfghjk","name":"design-lab","url":"https://design-lab.ai.example.org","kind":"deploy","status":"deploying","progress":55,"currentStep":"Waiting until the stack answers"}

        event: log
        id: 13
        retry: 2000
        data: {"at":"2026-09-21T14:13:27.9+00:00","message":"The address responded (3/3)."}

        event: complete
        id: 14
        retry: 2000
        data: {"deploymentId":"dep_1790000000000_bcdfghjk","name":"design-lab","url":"https://design-lab.ai.example.org","kind":"deploy","status":"completed","progress":100,"currentStep":"Ready"}


        """;

    public static readonly ConnectionAnswer Wildcard = new()
    {
        Target = "wildcard-dns", Name = "DNS of the stacks", Verdict = "bad", Cause = "wildcard-points-elsewhere",
        Message = "*.ai.example.org leads to 198.51.100.7, and not to 192.0.2.1.", Remedy = "Correct the record, or TRAEFIK_IP.", LatencyMs = 12,
        Facts = new ConnectionFactsAnswer { Host = "*.ai.example.org", Addresses = ["198.51.100.7"], ExpectedAddresses = ["192.0.2.1"] },
    };

    public static readonly ConnectionsAnswer Connections = new(
        Start,
        "bad",
        "Something the portal needs does not work.",
        [
            new()
            {
                Target = "dokploy", Name = "Dokploy", Verdict = "good", Cause = "dokploy-answers", Message = "Dokploy answers.", LatencyMs = 38,
                Facts = new ConnectionFactsAnswer { Host = "dokploy.example.org", Version = "v0.25.6" },
            },
            Wildcard,
        ]);

    public static readonly DnsAnswer Dns = new()
    {
        Name = "*.ai.example.org",
        World = Wildcard,
        Zone = Wildcard with { Target = "hetzner-zone", Name = "Hetzner: the zone", Verdict = "good", Cause = "wildcard-record-found", Message = "The record is there.", Remedy = null, Facts = null },
        Record = new DnsRecordAnswer("example.org", "*.ai", ["198.51.100.7"], [], null, 300),
        Repair = new DnsRepairPlanAnswer("change", "The A record *.ai in the zone example.org at Hetzner is changed from 198.51.100.7 to 192.0.2.1.", null),
    };

    public static readonly DnsRepairAnswer Repaired = new()
    {
        Outcome = "changed", Message = "The record was changed.", Zone = "example.org", Name = "*.ai", From = ["198.51.100.7"], To = "192.0.2.1",
    };

    public static readonly PlanAnswer Plan = new()
    {
        Name = Name,
        Url = Url,
        TerminalUrl = TerminalUrl,
        Image = Image,
        Project = "ai-stack-" + Name,
        Steps =
        [
            new("claim_name", "Claiming the name", null), new("ensure_project", "Creating the project", 0.3),
            new("ensure_application", "Creating the application", 0.4), new("configure", "Configuring", 0.2),
            new("ensure_volumes", "Attaching the volumes", 0.4), new("ensure_domain", "Attaching the address", 0.3),
            new("trigger_deploy", "Starting the deployment", 0.2), new("await_dokploy", "Waiting for Dokploy", 1.1),
            new("await_container", "Waiting for the container", 1.9), new("await_readiness", "Waiting until the stack answers", 3.1),
        ],
        ExpectedSeconds = 8.1,
        AtMostSeconds = 12.4,
        InLineBefore = 0,
        NameUncertain = false,
        Checks = Connections,
    };

    public static readonly CheckAnswer Free = new(true, true, Name, null, null, null);

    public static readonly CheckAnswer Taken = new(
        false, true, Name, "Taken by someone else.", "name-taken", ["design-lab-dev", "design-studio", "design-lab2"]);

    public static readonly CheckAnswer Illegal = new(
        false, false, "design lab", "Use only a–z, 0–9 and hyphens. Try design-lab.", "name-illegal-character", ["design-lab"]);

    public static readonly StackAnswer Stack = new()
    {
        StackId = StackId,
        Name = Name,
        Url = Url,
        TerminalUrl = TerminalUrl,
        State = "ready",
        Summary = "Ready",
        Mine = true,
        Image = Image,
        CreatedAt = Start,
        ReadyAt = Start.AddMilliseconds(8120),
        TerminalAnswers = true,
        DeploymentId = Id,
        DeploymentStatus = "completed",
        Progress = 100,
    };

    public static readonly StackListAnswer Stacks = new([Stack], 1, 0, 25, null);

    public static readonly FiguresAnswer Figures = new(41, 2, 11.2, 0.976, 2);

    private static List<StepAnswer> StepsUntil(DeploymentStep last, StepOutcome outcome) =>
    [
        .. DeploymentPlan.Of(DeploymentKind.Deploy).Select((step, index) => step switch
        {
            _ when step < last => Step(step, StepOutcome.Done, index),
            _ when step == last => Step(step, outcome, index),
            _ => new StepAnswer(WireNames.Of(step), WireNames.Of(StepOutcome.Pending), null, null),
        }),
    ];

    private static StepAnswer Step(DeploymentStep step, StepOutcome outcome, int index) => new(
        WireNames.Of(step), WireNames.Of(outcome), Start.AddMilliseconds(index * 800),
        outcome == StepOutcome.Running ? null : Start.AddMilliseconds((index + 1) * 800));
}
