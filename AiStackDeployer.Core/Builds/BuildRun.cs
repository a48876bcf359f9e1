namespace AiStackDeployer.Core.Builds;

public enum BuildState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Skipped,

    /// <summary>A word of Gitea's that came later.</summary>
    Unknown,
}

/// <summary>One run of a workflow in Gitea.</summary>
/// <param name="Number">Counts the runs of the repository; 0 = not told.</param>
/// <param name="Title">Usually the first line of the commit's message.</param>
/// <param name="Workflow">The name of the workflow's file; null = not told.</param>
/// <param name="EndedAt">Null while it runs, or where Gitea does not tell it.</param>
/// <param name="Url">Its page in Gitea; null = not told, or no address of a page.</param>
public sealed record BuildRun(
    long Number, string Title, string? Workflow, string? Commit, string? Branch, BuildState State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, Uri? Url);

/// <summary>What is known of the builds.</summary>
/// <param name="Runs">Newest first, as of <paramref name="ReadAt"/>.</param>
/// <param name="ReadAt">When Gitea last told them; null = never yet.</param>
/// <param name="Trouble">Why it did not the last time it was asked; null = it did.</param>
public sealed record BuildReport(IReadOnlyList<BuildRun> Runs, DateTimeOffset? ReadAt, GiteaFault? Trouble);
