namespace AiStackDeployer.Web.Api;

/// <summary>What the portal depends on, and whether it is reachable and right.</summary>
/// <param name="At">When the look began; answers are kept for some seconds.</param>
/// <param name="Overall">good, doubtful or bad: the worst of the results.</param>
/// <param name="Message">The same as a sentence.</param>
public sealed record ConnectionsAnswer(DateTimeOffset At, string Overall, string Message, IReadOnlyList<ConnectionAnswer> Results);

/// <summary>One of them.</summary>
public sealed record ConnectionAnswer
{
    /// <summary>Stable: dokploy, dokploy-key, dokploy-permissions, dokploy-rate-limit, hetzner-token, hetzner-zone, wildcard-dns, stack-certificate, database.</summary>
    public required string Target { get; init; }

    /// <summary>Its name in the caller's language.</summary>
    public required string Name { get; init; }

    /// <summary>good, doubtful, bad, not-configured or not-checked.</summary>
    public required string Verdict { get; init; }

    /// <summary>Stable, to be switched on.</summary>
    public required string Cause { get; init; }

    /// <summary>The cause as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What an operator can do; absent when nothing has to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>Absent where nobody was asked.</summary>
    public int? LatencyMs { get; init; }

    public ConnectionFactsAnswer? Facts { get; init; }
}

/// <summary>What the sentence was made of; only what is known.</summary>
public sealed record ConnectionFactsAnswer
{
    public string? Host { get; init; }

    public string? Version { get; init; }

    /// <summary>The version that is needed, or was tested.</summary>
    public string? ExpectedVersion { get; init; }

    public string? Role { get; init; }

    /// <summary>Rights or settings that are missing.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Calls in a row for which the key was accepted.</summary>
    public int? Calls { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public string? Issuer { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Addresses { get; init; }

    public IReadOnlyList<string>? ExpectedAddresses { get; init; }

    public int? HttpStatus { get; init; }

    public long? FreeBytes { get; init; }
}
