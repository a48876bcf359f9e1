namespace AiStackDeployer.Core.Hetzner;

/// <summary>Whose DNS zones, and how patient the client is with Hetzner's Cloud API.</summary>
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

    /// <summary>Longest one attempt may take, connecting and reading the whole body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest a call may take with all its repeats and waits.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Repeats of a GET after the first attempt; 0 = none. What changes something is never repeated on an outage.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>First pause between attempts; doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest pause after which a refused request is sent again. With Hetzner's usual quota one request comes back each second;
    /// where it takes longer than this, the call fails and says so.
    /// </summary>
    public TimeSpan RateLimitPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two looks at a running action. The documentation asks not to look often: each look costs quota.</summary>
    public TimeSpan ActionPollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest an accepted change may run until it is called undecided.</summary>
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
        // Anything else would fail inside the HTTP stack on every call, with a text about headers.
        if (ApiToken.Length == 0 || ApiToken.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException($"{nameof(ApiToken)} must be visible ASCII without spaces.");
        }
    }

    /// <summary>Without the token, which must not reach a log.</summary>
    public override string ToString() => $"HetznerOptions {{ Url = {(Url.IsAbsoluteUri ? Root : "(relative)")}, Zone = {ZoneIdOrName ?? "(by suffix)"} }}";
}
