using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Stacks;

/// <summary>The rules of a container image's name.</summary>
public static partial class ImageName
{
    /// <summary>As Docker names it: neither spaces nor a scheme.</summary>
    public static bool IsLegal(string image) => image.Length > 0 && !image.Any(c => c is <= ' ' or > '~') && !image.Contains("://", StringComparison.Ordinal);

    /// <summary>With a tag or a digest: without one Docker takes "latest", whatever that is on the day.</summary>
    public static bool IsPinned(string image) => Pinned().IsMatch(image);

    /// <summary>A colon before the last slash belongs to the registry's port.</summary>
    [GeneratedRegex(@"^[^@]+:\w[\w.-]{0,127}$|@[a-z0-9+._-]+:[0-9a-f]{32,}$")]
    private static partial Regex Pinned();
}
