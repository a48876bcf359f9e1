using System.Text.RegularExpressions;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>How far the download of an image is, from the lines that Docker writes about its layers.</summary>
internal static partial class ImageLayers
{
    /// <summary>Null before there are several to count, and once all are there.</summary>
    public static (int Done, int All)? Of(IEnumerable<DeploymentEvent> log)
    {
        var layers = new Dictionary<string, bool>();
        foreach (var line in log.Where(e => e.Log == LogCode.Raw))
        {
            if (Layer().Match(line.Detail ?? "") is { Success: true } match)
            {
                var isDone = match.Groups["state"].Value is "Pull complete" or "Already exists";
                layers[match.Groups["id"].Value] = isDone || layers.GetValueOrDefault(match.Groups["id"].Value);
            }
        }
        var done = layers.Values.Count(isDone => isDone);
        return layers.Count < 2 || done == layers.Count ? null : (done, layers.Count);
    }

    [GeneratedRegex("^(?<id>[0-9a-f]{12}): (?<state>[A-Z][a-z ]+)$")]
    private static partial Regex Layer();
}
