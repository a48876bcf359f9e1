using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Web.Api;

/// <summary>What the portal depends on, and whether it is reachable and right.</summary>
/// <param name="At">When the look began; answers are kept for some seconds.</param>
/// <param name="Overall">The worst of the results: good, doubtful or bad.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Results">One for each thing the portal depends on.</param>
public sealed record ConnectionsAnswer(
    DateTimeOffset At,
    ConnectionVerdict Overall,
    string Message,
    IReadOnlyList<ConnectionAnswer> Results);

/// <summary>One thing the portal depends on.</summary>
public sealed record ConnectionAnswer
{
    /// <summary>Which one; stable.</summary>
    public required ConnectionTarget Target { get; init; }

    /// <summary>Its name in the caller's language.</summary>
    public required string Name { get; init; }

    /// <summary>How it is.</summary>
    public required ConnectionVerdict Verdict { get; init; }

    /// <summary>Why, to be switched on; stable.</summary>
    public required ConnectionCause Cause { get; init; }

    /// <summary>The cause as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What an operator can do; absent when nothing has to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>How long the asked one took to answer; absent where nobody was asked.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>What the sentence was made of.</summary>
    public ConnectionFactsAnswer? Facts { get; init; }
}

/// <summary>What the sentence was made of; only what is known.</summary>
public sealed record ConnectionFactsAnswer
{
    /// <summary>Where it was asked.</summary>
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

    /// <summary>Since when it is so, or is good.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Until when it is good.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who issued the certificate.</summary>
    public string? Issuer { get; init; }

    /// <summary>The names that the certificate is good for.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The addresses that were found.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The addresses that were expected.</summary>
    public IReadOnlyList<string>? ExpectedAddresses { get; init; }

    /// <summary>The HTTP status that came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Room on the database's disk.</summary>
    public long? FreeBytes { get; init; }
}
