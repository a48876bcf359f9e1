namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Access to Dokploy, and the client's timeouts. The defaults come from latencies measured on v0.30.2: the slowest single call of a
/// deployment (<c>domain.create</c>) took 1.3 s, a restart of Dokploy 17 s.
/// </summary>
public sealed record DokployOptions
{
    /// <summary>Root of the installation, with or without a trailing slash or <c>/api</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// An API key of an owner or admin, created with <c>rateLimitEnabled: false</c>: a key with the default limit is
    /// refused after five calls a day, exactly like a wrong key.
    /// </summary>
    public required string ApiToken { get; init; }

    /// <summary>Of one attempt, connecting and reading the whole body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of a call with all its retries.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Retries of a GET; 0 = none. A POST is never retried.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Before the first retry; doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Attempts within <see cref="CircuitWindow"/> before the breaker may open; it opens when half of them failed.</summary>
    public int CircuitMinimumCalls { get; init; } = 8;

    public TimeSpan CircuitWindow { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the breaker stays open before one call may try again.</summary>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest body read, in bytes after decompression. 200 projects in <c>project.all</c> are 97 KB, 10,000 are 5 MB.</summary>
    public long MaxResponseBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Root with one trailing slash and without <c>/api</c>, ready for relative addresses.</summary>
    internal Uri Root
    {
        get
        {
            var path = Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
            if (path.EndsWith("/api", StringComparison.OrdinalIgnoreCase))
            {
                path = path[..^4];
            }
            return new Uri(path + "/");
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> naming the member at fault; never quotes the token.</summary>
    internal void EnsureUsable()
    {
        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttp && Url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"{nameof(Url)} must be an absolute http or https address.");
        }
        // Anything else would fail inside the HTTP stack on every call, with a message about headers.
        if (ApiToken.Length == 0 || ApiToken.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException($"{nameof(ApiToken)} must be visible ASCII without spaces.");
        }
    }

    /// <summary>Without the token, which must not reach a log.</summary>
    public override string ToString() => $"DokployOptions {{ Url = {(Url.IsAbsoluteUri ? Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "(relative)")} }}";
}
