namespace AiStackDeployer.Core.Builds;

/// <summary>Access to the Gitea that builds the images.</summary>
public sealed record GiteaOptions
{
    /// <summary>The address of Gitea, with the path below which it is shown when it has one.</summary>
    public required Uri Url { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>A token that may read the repository.</summary>
    public required string ApiToken { get; init; }

    /// <summary>The file name of the workflow that is shown; null = all.</summary>
    public string? Workflow { get; init; }

    /// <summary>Of a call, connecting and reading the whole body included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest body read, in bytes after decompression. A run with all that Gitea says of repository and actors is some 10 KB.</summary>
    public long MaxResponseBytes { get; init; } = 4 * 1024 * 1024;

    internal Uri Root => new(Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/");

    /// <summary>Without the token, which must not reach a log.</summary>
    public override string ToString() => $"GiteaOptions {{ {Root}, {Repository} }}";
}
