namespace AiStackDeployer.Core.Logs;

/// <summary>Access to the log ingest as the portal.</summary>
public sealed record LogIngestOptions
{
    /// <summary>Where events are sent; the other addresses of the ingest have the same origin.</summary>
    public required Uri Url { get; init; }

    /// <summary>The secret that portal and ingest share.</summary>
    public required string Key { get; init; }

    /// <summary>Of a question, connecting and reading the whole body included. Somebody waits for it, and there is another place to look.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Of one attempt to send events.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest body read, in bytes after decompression. A line has a few hundred bytes; 500 of the longest are some 4 MB.</summary>
    public long MaxResponseBytes { get; init; } = 8 * 1024 * 1024;

    internal Uri Root => new(Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/");

    /// <summary>Without the key, which must not reach a log, and without what may stand in the address.</summary>
    public override string ToString() => $"LogIngestOptions {{ {Root} }}";
}
