namespace AiStackDeployer.Core.Connections;

/// <summary>What one check found.</summary>
public sealed record ConnectionResult(ConnectionTarget Target, ConnectionCause Cause)
{
    public ConnectionVerdict Verdict => Cause.ToVerdict();

    public ConnectionFacts Facts { get; init; } = ConnectionFacts.None;

    /// <summary>How long the other side took to answer; null where none was asked.</summary>
    public TimeSpan? Latency { get; init; }
}

/// <summary>The facts in the sentence about a result, as far as they are known. Never a secret, never a text that somebody else wrote.</summary>
public sealed record ConnectionFacts
{
    public static ConnectionFacts None { get; } = new();

    /// <summary>The host, or an address without credentials.</summary>
    public string? Host { get; init; }

    /// <summary>The version that answered.</summary>
    public string? Version { get; init; }

    /// <summary>The version that is needed, or was tested.</summary>
    public string? ExpectedVersion { get; init; }

    /// <summary>The role of the key's owner.</summary>
    public string? Role { get; init; }

    /// <summary>Rights or settings that are missing.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Calls in a row for which the key was accepted.</summary>
    public int? Calls { get; init; }

    /// <summary>Deployments that wait in Dokploy's queue.</summary>
    public int? Waiting { get; init; }

    /// <summary>When it was first so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who issued the certificate.</summary>
    public string? Issuer { get; init; }

    /// <summary>The names that the certificate is valid for, or the zone's name.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The addresses that were found.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The addresses that were expected.</summary>
    public IReadOnlyList<string>? ExpectedAddresses { get; init; }

    /// <summary>The HTTP status that was received.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Free space on the database's disk.</summary>
    public long? FreeBytes { get; init; }
}

/// <summary>All results of one look.</summary>
/// <param name="At">When the look began.</param>
public sealed record ConnectionReport(DateTimeOffset At, IReadOnlyList<ConnectionResult> Results)
{
    /// <summary>The worst verdict that matters; what is not configured does not.</summary>
    public ConnectionVerdict Overall { get; } =
        Results.Any(r => r.Verdict == ConnectionVerdict.Bad) ? ConnectionVerdict.Bad
        : Results.Any(r => r.Verdict == ConnectionVerdict.Doubtful) ? ConnectionVerdict.Doubtful
        : ConnectionVerdict.Good;
}
