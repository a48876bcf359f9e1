using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Rollouts;

public enum RolloutPhase
{
    Running,

    /// <summary>An administrator has halted it: what runs finishes, nothing new begins.</summary>
    Paused,

    /// <summary>It has halted itself, see <see cref="Rollout.Stopped"/>.</summary>
    Stopped,

    Cancelled,
    Completed,

    /// <summary>Every stack that it has updated gets the image from before.</summary>
    GoingBack,

    WentBack,
}

/// <summary>Why a roll-out has halted itself.</summary>
public enum RolloutStop
{
    /// <summary>As many updates have failed as it was to bear.</summary>
    Failures,

    /// <summary>The canary could not be updated, so nothing is known of the image.</summary>
    Canary,

    /// <summary>The image has version 2 of OpenCode, which was not said: state volumes are migrated without a copy.</summary>
    OpenCodeChanged,
}

public enum RolloutStackState
{
    /// <summary>Not begun; <see cref="RolloutStack.WaitsSince"/> says whether its turn has come.</summary>
    Waiting,

    /// <summary>Its update has begun, or is about to.</summary>
    Updating,

    /// <summary>Updated to version 2 of OpenCode; its sessions are about to be counted.</summary>
    Comparing,

    Updated,
    Failed,

    /// <summary>It keeps the image it has, see <see cref="RolloutStack.Reason"/>.</summary>
    LeftOut,

    /// <summary>It gets the image from before.</summary>
    Returning,

    Returned,
    ReturnFailed,
}

/// <summary>Why a stack waits, was left out or was taken back.</summary>
public enum RolloutReason
{
    /// <summary>A person or an agent works in it, or its gate does not say that nobody does.</summary>
    InUse,

    Gone,
    Stopped,

    /// <summary>It is to be deleted, or was never made.</summary>
    NotRunning,

    /// <summary>It has neither image any more.</summary>
    ChangedSince,

    /// <summary>Its gate does not tell how many sessions it has, so a loss could not be seen.</summary>
    SessionsUnknown,

    /// <summary>After the update it had fewer sessions, or did not tell how many.</summary>
    SessionsLost,

    /// <summary>After the update it had version 2 of OpenCode, which was not said.</summary>
    OpenCodeChanged,
}

/// <summary>What to do with a stack that was in use for as long as a roll-out waits.</summary>
public enum AfterWait
{
    LeaveOut,
    Update,
}

/// <summary>What an administrator wants; never changed while it runs.</summary>
/// <param name="Image">What the stacks get.</param>
/// <param name="CanaryId">The stack that gets it first, alone.</param>
/// <param name="StopAfter">So many failed updates halt it.</param>
/// <param name="WaitHours">How long a stack in use is waited for; null = as long as it takes.</param>
/// <param name="Migrates">It brings version 2 of OpenCode to stacks of version 1, of whose state volumes copies were made.</param>
public sealed record RolloutPlan(
    string Image, string CanaryId, int WaveSize, int StopAfter, int? WaitHours, AfterWait AfterWait, bool PauseAfterCanary, bool Migrates);

/// <summary>One stack of a roll-out.</summary>
/// <param name="From">The image it had when the roll-out began.</param>
public sealed record RolloutStack(string Id, string Name, string From)
{
    public RolloutStackState State { get; init; }

    /// <summary>In which wave it was begun; 0 = as canary.</summary>
    public int? Wave { get; init; }

    /// <summary>Of the last operation that the roll-out began on it.</summary>
    public string? DeploymentId { get; init; }

    public RolloutReason? Reason { get; init; }

    /// <summary>Why its last operation failed.</summary>
    public FailureCode? Failure { get; init; }

    /// <summary>Since when its turn is put off because it is in use.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>Since when its sessions are about to be counted.</summary>
    public DateTimeOffset? ComparesSince { get; init; }

    public int? OpenCodeBefore { get; init; }

    public int? SessionsBefore { get; init; }

    public int? SessionsAfter { get; init; }

    [JsonIgnore]
    public bool IsUnderWay => State is RolloutStackState.Updating or RolloutStackState.Comparing or RolloutStackState.Returning;
}

/// <summary>A new image for many stacks: first one, then waves of a size.</summary>
public sealed record Rollout
{
    public required string Id { get; init; }

    public required RolloutPlan Plan { get; init; }

    public RolloutPhase Phase { get; init; }

    public RolloutStop? Stopped { get; init; }

    /// <summary>Failed updates that somebody has seen and gone on after.</summary>
    public int Forgiven { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The name of who started it.</summary>
    public required string StartedBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The canary first, then those that nobody has used for longest.</summary>
    public required IReadOnlyList<RolloutStack> Stacks { get; init; }

    [JsonIgnore]
    public RolloutStack Canary => Stacks.First(stack => stack.Id == Plan.CanaryId);

    /// <summary>Something of it runs, or may begin: until its end there is no other.</summary>
    [JsonIgnore]
    public bool IsActive => Phase is RolloutPhase.Running or RolloutPhase.Paused or RolloutPhase.Stopped or RolloutPhase.GoingBack || Stacks.Any(stack => stack.IsUnderWay);

    public int Count(RolloutStackState state) => Stacks.Count(stack => stack.State == state);
}

/// <summary>What is kept of a roll-out after the next one has begun.</summary>
public sealed record PastRollout(
    string Id, string Image, RolloutPhase Phase, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string StartedBy, int Stacks, int Updated, int Failed, int LeftOut)
{
    public static PastRollout Of(Rollout rollout) => new(
        rollout.Id, rollout.Plan.Image, rollout.Phase, rollout.StartedAt, rollout.EndedAt, rollout.StartedBy, rollout.Stacks.Count,
        rollout.Count(RolloutStackState.Updated), rollout.Count(RolloutStackState.Failed), rollout.Count(RolloutStackState.LeftOut));
}

/// <summary>The newest roll-out, and a few before it.</summary>
public sealed record RolloutBook(Rollout? Newest, IReadOnlyList<PastRollout> Past)
{
    public const int MostPast = 8;

    public static RolloutBook Empty { get; } = new(null, []);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutBook))]
internal sealed partial class RolloutJsonContext : JsonSerializerContext;
