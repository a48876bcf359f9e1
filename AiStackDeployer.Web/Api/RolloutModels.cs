using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>What to roll out, to whom and how.</summary>
public sealed record RolloutRequest
{
    /// <summary>The new image, with a tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>The name of the stack that gets it first, alone; absent = one that nobody uses.</summary>
    public string? Canary { get; init; }

    /// <summary>Only stacks that have this image now; absent = any other than the new one.</summary>
    public string? From { get; init; }

    /// <summary>Only stacks with this in their name, label or owner's name.</summary>
    public string? Search { get; init; }

    /// <summary>How many stacks a wave has, 1 to 50; absent = 5.</summary>
    public int? WaveSize { get; init; }

    /// <summary>So many failed updates stop it; absent = 1.</summary>
    public int? StopAfter { get; init; }

    /// <summary>How long a stack in use is waited for; absent = as long as it takes.</summary>
    public int? WaitHours { get; init; }

    /// <summary>What happens to a stack that is in use for longer.</summary>
    public AfterWait AfterWait { get; init; }

    /// <summary>Whether it pauses after the canary, so that somebody can look at it.</summary>
    public bool PauseAfterCanary { get; init; }

    /// <summary>The major version of OpenCode in the image; needed until a stack with it has told.</summary>
    public int? OpenCode { get; init; }

    /// <summary>Copies were made of the state volumes that OpenCode 2 migrates.</summary>
    public bool CopiesAreMade { get; init; }

    internal RolloutWish ToWish() => new()
    {
        Image = Image, Canary = Canary, FromImage = From, Search = Search, WaveSize = WaveSize ?? 5, StopAfter = StopAfter ?? 1, WaitHours = WaitHours, AfterWait = AfterWait,
        PauseAfterCanary = PauseAfterCanary, OpenCode = OpenCode, CopiesAreMade = CopiesAreMade,
    };
}

/// <summary>The newest roll-out and those before it.</summary>
/// <param name="Newest">Absent when there was none yet.</param>
/// <param name="Past">The newest first.</param>
public sealed record RolloutsAnswer(RolloutAnswer? Newest, IReadOnlyList<PastRolloutAnswer> Past);

/// <summary>One roll-out.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Image">The new image.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Stopped">Why it has stopped by itself; absent when it has not.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended; absent before.</param>
/// <param name="Stacks">The canary first.</param>
public sealed record RolloutAnswer(
    string Id, string Image, RolloutPhase Phase, RolloutStop? Stopped, string? Message, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, IReadOnlyList<RolloutStackAnswer> Stacks)
{
    internal static RolloutAnswer Of(Rollout rollout, RolloutText text) => new(
        rollout.Id, rollout.Plan.Image, rollout.Phase, rollout.Stopped, text.Stopped(rollout), rollout.StartedAt, rollout.EndedAt,
        [.. rollout.Stacks.Select(stack => new RolloutStackAnswer(
            stack.Name, stack.From, stack.State, stack.Wave, stack.Reason, stack.Failure, text.Why(stack), stack.DeploymentId, stack.SessionsBefore, stack.SessionsAfter))]);
}

/// <summary>One stack of a roll-out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">The image it had before.</param>
/// <param name="State">Where its update stands.</param>
/// <param name="Wave">In which wave it was begun; 0 = as canary.</param>
/// <param name="Reason">Why it waits, was left out or was taken back.</param>
/// <param name="Failure">Why its update failed.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="DeploymentId">Of the last operation that the roll-out began on it.</param>
/// <param name="SessionsBefore">Before a migration.</param>
/// <param name="SessionsAfter">After it.</param>
public sealed record RolloutStackAnswer(
    string Name, string From, RolloutStackState State, int? Wave, RolloutReason? Reason, FailureCode? Failure, string? Message, string? DeploymentId, int? SessionsBefore,
    int? SessionsAfter);

/// <summary>A roll-out before the newest one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Image">The image it was for.</param>
/// <param name="Phase">How it ended.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Stacks">How many stacks it was for.</param>
/// <param name="Updated">How many have the image.</param>
/// <param name="Failed">How many could not be updated.</param>
/// <param name="LeftOut">How many were left out.</param>
public sealed record PastRolloutAnswer(
    string Id, string Image, RolloutPhase Phase, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Stacks, int Updated, int Failed, int LeftOut)
{
    internal static PastRolloutAnswer Of(PastRollout past) =>
        new(past.Id, past.Image, past.Phase, past.StartedAt, past.EndedAt, past.Stacks, past.Updated, past.Failed, past.LeftOut);
}

/// <summary>What a roll-out would do now.</summary>
/// <param name="Stacks">How many stacks would get the image.</param>
/// <param name="Images">Which images they have now.</param>
/// <param name="InUse">How many of them are in use now, as far as they have told.</param>
/// <param name="Stopped">How many are stopped, and would be left out.</param>
/// <param name="Canary">The stack that is proposed to begin with; absent when none runs.</param>
/// <param name="OpenCode">The major version of OpenCode in the image; absent when it is not known.</param>
/// <param name="Copies">The commands that copy each state volume that would be migrated.</param>
public sealed record RolloutPreviewAnswer(
    int Stacks, IReadOnlyDictionary<string, int> Images, int InUse, int Stopped, string? Canary, int? OpenCode, IReadOnlyList<string> Copies)
{
    internal static RolloutPreviewAnswer Of(RolloutPreview preview) => new(
        preview.Rows.Count, preview.Images.ToDictionary(image => image.Image, image => image.Stacks), preview.InUse, preview.Stopped, preview.Canary?.Stack.Name.Value,
        preview.OpenCode, preview.NeedsCopies ? [.. preview.Copies.Select(copy => copy.CopyCommand)] : []);
}
