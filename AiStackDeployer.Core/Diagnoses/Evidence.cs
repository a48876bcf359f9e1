using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>The first layer of the stack's address that does not answer; null = its program does.</summary>
/// <param name="Status">The HTTP status, where there was one.</param>
/// <param name="HasOwnCertificate">Each stack gets a certificate of its own, instead of one for all.</param>
public sealed record AddressFacts(AddressLayer? Layer, int? Status, bool HasOwnCertificate);

/// <summary>What Dokploy has of the stack.</summary>
/// <param name="Exists">Whether the application is there.</param>
/// <param name="ProjectExists">Whether at least its project is.</param>
public sealed record ApplicationFacts(bool Exists, bool ProjectExists)
{
    public string? Image { get; init; }

    public int? Replicas { get; init; }

    /// <summary>A route for the stack's host that is switched on.</summary>
    public bool HasRoute { get; init; }

    public int? RoutePort { get; init; }

    /// <summary>The port that the portal gave the route.</summary>
    public int? WantedPort { get; init; }

    /// <summary>Since when Dokploy shows a job as running that its queue does not know; null = there is none.</summary>
    public DateTimeOffset? DeadJobSince { get; init; }
}

public enum TaskStage
{
    /// <summary>No server has taken it yet.</summary>
    Waiting,

    /// <summary>A server pulls its image or starts it.</summary>
    Preparing,
    Running,

    /// <summary>It ended by itself without a fault.</summary>
    Completed,
    Failed,
    Rejected,

    /// <summary>The swarm ended it.</summary>
    Stopped,
}

/// <summary>One attempt of the swarm to run the container, newest first in the list.</summary>
/// <param name="IsWanted">The swarm still wants it.</param>
/// <param name="Text">As Docker words its state.</param>
/// <param name="Error">Docker's reason, masked; null = there is none.</param>
public sealed record TaskFacts(bool IsWanted, TaskStage Stage, string Text, string? Error)
{
    public bool IsRunning => IsWanted && Stage == TaskStage.Running;

    public bool HasEnded => Stage is TaskStage.Completed or TaskStage.Failed or TaskStage.Rejected;
}

/// <param name="IsRolledBack">Its last update ended with the version before.</param>
/// <param name="Message">Docker's sentence on that update.</param>
public sealed record ServiceFacts(bool Exists, bool IsRolledBack = false, string? Message = null);

/// <summary>Everything that a diagnosis of a stack rests on. What nobody has answered yet is null or empty.</summary>
public sealed record Evidence
{
    public required DateTimeOffset At { get; init; }

    public required StackRow Row { get; init; }

    /// <summary>The newest operation on the stack.</summary>
    public required DeploymentSnapshot Last { get; init; }

    /// <summary>What the portal knows of that operation without asking anybody.</summary>
    public required DeploymentDiagnosis Operation { get; init; }

    public IReadOnlyList<SourceLook> Looks { get; init; } = [];

    public IReadOnlyList<EvidenceLine> Lines { get; init; } = [];

    public AddressFacts? Address { get; init; }

    public ConnectionCause? Certificate { get; init; }

    public ApplicationFacts? Application { get; init; }

    public IReadOnlyList<TaskFacts>? Tasks { get; init; }

    public ServiceFacts? Service { get; init; }

    public StackActivity? Gate { get; init; }

    public ServerReport? Servers { get; init; }

    public IReadOnlyList<ConnectionResult> Connections { get; init; } = [];

    public StackState State => Row.Stack.State;

    public bool IsReady => State == StackState.Ready;

    public FailureCode? Failure => Last.Failure?.Code;

    /// <summary>Nothing is wrong with it: whatever else was found does no harm now.</summary>
    public bool IsWell => IsReady && Address is { Layer: null } && Last is { IsTerminal: true, Phase: not DeploymentPhase.Failed };

    /// <summary>The way to the container is broken before it, so what it wrote is not the reason.</summary>
    private bool IsContainerBeyondDoubt => Address is { Layer: null or AddressLayer.Dns or AddressLayer.Tls } or { Status: 404 };

    /// <summary>The evidence at the start: what is stored, with the lines that a failure kept.</summary>
    public static Evidence Of(StackRow row, DeploymentSnapshot last, DeploymentDiagnosis operation, DateTimeOffset now) => new()
    {
        At = now, Row = row, Last = last, Operation = operation,
        Lines = last.Failure is { RawLines: { } lines } failure
            ? [.. lines.Select((line, place) => new EvidenceLine(SourceOf(failure.Step, line, place), line))]
            : [],
    };

    public Evidence With(params IEnumerable<EvidenceLine> lines) => this with { Lines = [.. Lines, .. lines] };

    /// <summary>The newest line from there that holds one of these texts.</summary>
    /// <param name="except">But none of these.</param>
    public EvidenceLine? Find(IReadOnlyList<EvidenceSource> where, IReadOnlyList<string> signs, IReadOnlyList<string>? except = null) => Lines.LastOrDefault(line =>
        where.Contains(line.Source) && !(line.Source == EvidenceSource.Container && IsContainerBeyondDoubt && Last.Phase != DeploymentPhase.Failed)
        && Signs.Has(line.Text, signs) && !Signs.Has(line.Text, except ?? []));

    /// <summary>The cause that a check of what all stacks depend on has found, if it is one of these.</summary>
    public ConnectionCause? Check(params IReadOnlyList<ConnectionCause> causes) =>
        Connections.Where(result => causes.Contains(result.Cause)).Select(result => (ConnectionCause?)result.Cause).FirstOrDefault();

    // A failure keeps Docker's own reason first, then the container's words; while Dokploy worked, all are its job's.
    private static EvidenceSource SourceOf(DeploymentStep step, string line, int place) => step switch
    {
        DeploymentStep.AwaitDokploy => EvidenceSource.DeployLog,
        DeploymentStep.AwaitContainer or DeploymentStep.AwaitReadiness when place == 0 && (step == DeploymentStep.AwaitContainer || line.StartsWith("task:", StringComparison.Ordinal)) =>
            EvidenceSource.Tasks,
        DeploymentStep.AwaitContainer or DeploymentStep.AwaitReadiness => EvidenceSource.Container,
        _ => EvidenceSource.Operation,
    };
}
