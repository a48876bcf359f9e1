using System.Text.Json.Serialization;

namespace AiStackDeployer.Contract;

/// <summary>One line of a log, as it is sent to the ingest (<c>POST /ingest</c>, in a <see cref="LogBatch"/>).</summary>
public sealed record LogEvent
{
    /// <summary>Made once where it happened, so that a repeated batch is known.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Ts { get; init; }

    /// <summary>What happened, such as <c>session.error</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>.</summary>
    public string Level { get; init; } = "info";

    /// <summary>OpenCode's session; null = of none.</summary>
    public string? SessionId { get; init; }

    /// <summary>One sentence for a person; null = the type says it all.</summary>
    public string? Message { get; init; }

    /// <summary>Facts, flat; numbers as text.</summary>
    public IReadOnlyDictionary<string, string>? Attrs { get; init; }

    /// <summary>Heeded only from the portal; a stack's name comes from its token.</summary>
    public string? Stack { get; init; }
}

/// <summary>The body of <c>POST /ingest</c>.</summary>
public sealed record LogBatch(IReadOnlyList<LogEvent> Events);

/// <summary>Its answer (202): how many were taken, and which were not.</summary>
public sealed record LogBatchAnswer(int Accepted, IReadOnlyList<LogRejection> Rejected);

public sealed record LogRejection(int Index, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogBatch))]
[JsonSerializable(typeof(LogBatchAnswer))]
public sealed partial class LogJsonContext : JsonSerializerContext;
