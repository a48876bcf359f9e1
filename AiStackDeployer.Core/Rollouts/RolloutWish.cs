using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Rollouts;

/// <summary>What somebody wants to roll out, not checked yet.</summary>
public sealed record RolloutWish
{
    public required string Image { get; init; }

    /// <summary>The name of the stack that gets it first; null = the one that is proposed.</summary>
    public string? Canary { get; init; }

    /// <summary>Only stacks with this part in their name, label or owner's name; null = all.</summary>
    public string? Search { get; init; }

    /// <summary>Only stacks that have this image now; null = any other than the new one.</summary>
    public string? FromImage { get; init; }

    public int WaveSize { get; init; } = 5;

    public int StopAfter { get; init; } = 1;

    /// <inheritdoc cref="RolloutPlan" path="/param[@name='WaitHours']"/>
    public int? WaitHours { get; init; }

    public AfterWait AfterWait { get; init; }

    public bool PauseAfterCanary { get; init; }

    /// <summary>The major version of OpenCode in the image, as whoever starts it says; null = they do not.</summary>
    public int? OpenCode { get; init; }

    /// <summary>Whoever starts it says that copies of the state volumes were made.</summary>
    public bool CopiesAreMade { get; init; }
}

/// <summary>What a roll-out would do now.</summary>
/// <param name="Rows">The stacks that would get the image, those that nobody has used for longest first; at most <see cref="RolloutService.MostStacks"/> and one.</param>
public sealed record RolloutPreview(IReadOnlyList<StackRow> Rows)
{
    /// <summary>Which images they have now, the most frequent first.</summary>
    public required IReadOnlyList<ImageCount> Images { get; init; }

    /// <summary>As far as their gates have told lately.</summary>
    public required int InUse { get; init; }

    public required int Stopped { get; init; }

    /// <summary>Of them, those that should have another image: their owners would be offered that one next.</summary>
    public required int ShouldHaveAnother { get; init; }

    /// <summary>The one to begin with, unless somebody has a better one; null = none runs.</summary>
    public StackRow? Canary { get; init; }

    /// <summary>The major version of OpenCode in the image: what a stack with this image has told, else what was said; null = not known.</summary>
    public int? OpenCode { get; init; }

    /// <summary>Whether a stack with this image has told it.</summary>
    public bool OpenCodeIsTold { get; init; }

    /// <summary>Those whose state volume the image would migrate, with the names of their volumes.</summary>
    public required IReadOnlyList<VolumeCopy> Copies { get; init; }

    public bool NeedsCopies => OpenCode > 1 && Copies.Count > 0;
}

/// <summary>How a person keeps a copy of a stack's state volume: Dokploy runs no one-off container of somebody else's volume.</summary>
/// <param name="Image">The stack's own, which lies on its server already.</param>
/// <param name="Volume">The state volume.</param>
public sealed record VolumeCopy(string StackName, string Image, string Volume)
{
    public string CopyName => Volume + "-v1";

    public string CopyCommand => $"docker run --rm --user 0 --entrypoint sh -v {Volume}:/from:ro -v {CopyName}:/to {Image} -c 'cp -a /from/. /to/'";

    /// <summary>To be run while the stack is stopped.</summary>
    public string PutBackCommand =>
        $"docker run --rm --user 0 --entrypoint sh -v {CopyName}:/from:ro -v {Volume}:/to {Image} -c 'find /to -mindepth 1 -delete && cp -a /from/. /to/'";

    /// <summary>Null = stacks keep no state volume.</summary>
    public static VolumeCopy? Of(StackVolumes volumes, string stackId, string stackName, string image) =>
        volumes.StateOf(stackId) is { } volume ? new VolumeCopy(stackName, image, volume) : null;
}

/// <summary>Why no roll-out was started.</summary>
public enum RolloutRefusal
{
    /// <summary>Not the name of an image, or without a tag or digest.</summary>
    ImageIllegal,

    /// <summary>A wave has 1 to <see cref="RolloutService.LargestWave"/> stacks, and it stops after one failure at least.</summary>
    NumbersOutOfRange,

    /// <summary>All stacks have the image, or none matches.</summary>
    NothingToDo,

    /// <summary>The canary is no stack that runs and would get the image.</summary>
    CanaryUnknown,

    AnotherActive,

    /// <summary>Nobody knows which version of OpenCode the image has.</summary>
    OpenCodeUnknown,

    /// <summary>State volumes would be migrated, and nobody says that copies were made.</summary>
    CopiesNeeded,
}

/// <summary>What became of a wish for a roll-out, or of something done with one.</summary>
public abstract record RolloutResult
{
    private RolloutResult()
    {
    }

    public sealed record Done(Rollout Rollout) : RolloutResult;

    public sealed record Refused(RolloutRefusal Why) : RolloutResult;

    /// <summary>It is in a phase in which this has no sense, or others changed it at the same moment.</summary>
    public sealed record NotNow : RolloutResult;

    public sealed record NotFound : RolloutResult;

    /// <summary>Never an answer of this room: whoever asks for a person decides it.</summary>
    public sealed record NotAllowed : RolloutResult;
}
