namespace AiStackDeployer.Core.Hetzner;

/// <summary>Access to Hetzner's Cloud API, and the client's timeouts.</summary>
public sealed record HetznerOptions
{
    /// <summary>Where Hetzner's documentation says the API is. The older dns.hetzner.com is another API with other tokens.</summary>
    public static readonly Uri Cloud = new("https://api.hetzner.cloud/v1");

    /// <summary>A token of the project that holds the zone (Hetzner Console, Security, API tokens); to repair, one that may write.</summary>
    public required string ApiToken { get; init; }

    /// <summary>The zone's id or name; null = the one whose name is the longest suffix of the domain asked for.</summary>
    public string? ZoneIdOrName { get; init; }

    /// <summary>Root of the API, with its version and with or without a trailing slash.</summary>
    public Uri Url { get; init; } = Cloud;

    /// <summary>Of one attempt, connecting and reading the whole body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of a call with all its retries and delays.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Retries of a GET; 0 = none. A call that changes something is never retried on an outage.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Before the first retry; doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest delay after which a rate-limited request is retried; above it the call fails. With Hetzner's usual quota one
    /// request is allowed each second.
    /// </summary>
    public TimeSpan MaxRateLimitDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The documentation asks to poll running actions rarely: each poll costs quota.</summary>
    public TimeSpan ActionPollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an accepted change is polled before its outcome counts as unknown.</summary>
    public TimeSpan ActionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest body read, in bytes after decompression. A page of 100 record sets is some 30 KB.</summary>
    public long MaxResponseBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>With one trailing slash, ready for relative addresses.</summary>
    internal Uri Root =>
        new(Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/");

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
    public override string ToString() => $"HetznerOptions {{ Url = {(Url.IsAbsoluteUri ? Root : "(relative)")}, Zone = {ZoneIdOrName ?? "(by suffix)"} }}";
}
