namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>
/// Where OpenCode of one version tells its health, by the image's tag: <c>2.0.4</c> and later, a build between (<c>2.0.4-dev</c>),
/// <c>2.0.0</c> to <c>2.0.3</c>, and version 1 for every other tag.
/// </summary>
internal sealed record OpenCodeAge(string Version, string HealthPath)
{
    private const string Newest = "/api/info";
    private const string Old = "/global/health";

    public static OpenCodeAge Of(string tag)
    {
        var number = tag.Split('-')[0];
        if (!System.Version.TryParse(number, out var version))
        {
            return new OpenCodeAge("1.18.33", Old);
        }

        return version.Major < 2 ? new OpenCodeAge(tag, Old)
            : tag.Contains("-dev", StringComparison.Ordinal) ? new OpenCodeAge(tag, "/api/status")
            : version < new Version(2, 0, 4) ? new OpenCodeAge(tag, "/api/health")
            : new OpenCodeAge(tag, Newest);
    }

    /// <summary>What is answered at a path of health; null = nothing is there.</summary>
    public string? HealthAt(string path) => (path, HealthPath) switch
    {
        (Newest, Newest) => $$"""{"version":"{{Version}}"}""",
        ("/api/health", Old or "/api/health") => """{"healthy":true}""",
        _ when path == HealthPath => $$"""{"healthy":true,"version":"{{Version}}"}""",
        _ => null,
    };

    /// <summary>Version 2 keeps its page out of its API; version 1 answers any path with it.</summary>
    public bool RefusesUnknown(string path) => HealthPath != Old && path.StartsWith("/api/", StringComparison.Ordinal);
}
