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
    public ConnectionFacts? Facts { get; init; }
}
