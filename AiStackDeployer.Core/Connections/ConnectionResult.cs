namespace AiStackDeployer.Core.Connections;

/// <summary>What one check found out.</summary>
public sealed record ConnectionResult(ConnectionTarget Target, ConnectionCause Cause)
{
    public ConnectionVerdict Verdict => Cause.ToVerdict();

    public ConnectionFacts Facts { get; init; } = ConnectionFacts.None;

    /// <summary>How long the asked one took to answer; null where nobody was asked.</summary>
    public TimeSpan? Latency { get; init; }
}

/// <summary>What the sentence about a result needs. Never a secret, never a text that somebody else wrote.</summary>
public sealed record ConnectionFacts
{
    public static ConnectionFacts None { get; } = new();

    /// <summary>Where it was asked: a host, or an address without credentials.</summary>
    public string? Host { get; init; }

    public string? Version { get; init; }

    /// <summary>The version that is needed, or was tested.</summary>
    public string? ExpectedVersion { get; init; }

    public string? Role { get; init; }

    /// <summary>Names of rights or settings that are missing.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Calls in a row for which a key was accepted.</summary>
    public int? Calls { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public string? Issuer { get; init; }

    /// <summary>The names that a certificate is good for.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Addresses { get; init; }

    public IReadOnlyList<string>? ExpectedAddresses { get; init; }

    public int? HttpStatus { get; init; }

    public long? FreeBytes { get; init; }
}

/// <summary>All results of one look.</summary>
/// <param name="At">When the look began.</param>
public sealed record ConnectionReport(DateTimeOffset At, IReadOnlyList<ConnectionResult> Results)
{
    /// <summary>The worst of what matters; what is not configured does not.</summary>
    public ConnectionVerdict Overall { get; } =
        Results.Any(r => r.Verdict == ConnectionVerdict.Bad) ? ConnectionVerdict.Bad
        : Results.Any(r => r.Verdict == ConnectionVerdict.Doubtful) ? ConnectionVerdict.Doubtful
        : ConnectionVerdict.Good;
}
