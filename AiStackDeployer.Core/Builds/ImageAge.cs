using System.Globalization;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Builds;

/// <summary>
/// Whether new stacks get the newest image, as far as an image's tag tells: it is the commit that was built (at least seven digits of it)
/// or the number of the run, either with a word such as <c>sha-</c> or <c>run-</c> before it. A version, a digest alone or <c>latest</c> tells nothing.
/// </summary>
/// <param name="Used">The run that built the image.</param>
/// <param name="Newer">A later run of the same branch that succeeded; null = there is none.</param>
public sealed partial record ImageAge(BuildRun Used, BuildRun? Newer)
{
    /// <summary>Null = it cannot be known.</summary>
    public static ImageAge? Of(string image, IReadOnlyList<BuildRun> runs)
    {
        if (TagOf(image) is not { } tag || !Tag().IsMatch(tag))
        {
            return null;
        }
        var mark = tag[(tag.IndexOf('-', StringComparison.Ordinal) + 1)..];
        var used = runs.FirstOrDefault(run => run.State == BuildState.Succeeded && mark.Length >= 7 && run.Commit?.StartsWith(mark, StringComparison.Ordinal) == true)
            ?? runs.FirstOrDefault(run => run.State == BuildState.Succeeded && run.Number > 0 && run.Number.ToString(CultureInfo.InvariantCulture) == mark);
        if (used is null)
        {
            return null;
        }
        var newest = runs.First(run => run.State == BuildState.Succeeded && run.Branch == used.Branch && run.Workflow == used.Workflow);
        return new ImageAge(used, newest.Number > used.Number && newest.Commit != used.Commit ? newest : null);
    }

    private static string? TagOf(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
    }

    [GeneratedRegex(@"^(?:[a-z]{1,10}-)?(?:[0-9a-f]{7,40}|[0-9]{1,9})$")]
    private static partial Regex Tag();
}
