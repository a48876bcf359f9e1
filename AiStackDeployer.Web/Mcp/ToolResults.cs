using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;

namespace AiStackDeployer.Web.Mcp;

/// <summary>What has become of a wish for a stack.</summary>
public sealed record DeployToolResult
{
    public required string DeploymentId { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>Only to the stack's owner; no other answer has it.</summary>
    public CredentialsToolResult? Credentials { get; init; }

    /// <summary>The sentence of what happens now.</summary>
    public required string Message { get; init; }

    public required string Next { get; init; }
}

public sealed record CredentialsToolResult(string Username, string Password)
{
    public override string ToString() => $"{Username}:***";
}

/// <summary>A deployment at one moment.</summary>
public sealed record StateToolResult
{
    public required string DeploymentId { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public string? TerminalUrl { get; init; }

    /// <summary>As on REST: initializing … completed, failed or cancelled.</summary>
    public required string Status { get; init; }

    public required int Progress { get; init; }

    /// <summary>What happens now, or how it ended: a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>1 = next in the portal's line.</summary>
    public int? PlaceInLine { get; init; }

    /// <summary>1 = next in Dokploy's line.</summary>
    public int? PlaceInDokploy { get; init; }

    /// <summary>Of a ready stack: whether it works now, as on REST.</summary>
    public string? Health { get; init; }

    /// <summary>Named volumes that stay on the server when what had them was removed.</summary>
    public IReadOnlyList<string>? KeptVolumes { get; init; }

    /// <summary>Of a failure: its stable code, and what can be done.</summary>
    public string? ErrorCode { get; init; }

    /// <inheritdoc cref="ErrorCode"/>
    public string? Remedy { get; init; }

    public required string Next { get; init; }
}

public sealed record ListToolResult(IReadOnlyList<ListedDeployment> Deployments, int Total, string Next);

/// <param name="Kind">The operation; of a stack its newest.</param>
/// <param name="Status">Of a stack its state.</param>
public sealed record ListedDeployment(string DeploymentId, string Kind, string Name, string Status, string Message, DateTimeOffset CreatedAt);

public sealed record NameToolResult(bool Available, string Name, string? Code, string Message, IReadOnlyList<string>? Suggestions, string Next);

public sealed record DiagnosisToolResult
{
    public required string DeploymentId { get; init; }

    public required string Status { get; init; }

    public required string Code { get; init; }

    public required string Cause { get; init; }

    /// <summary>The facts it rests on as sentences, and below the ones that a program may want to weigh.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    public required string Step { get; init; }

    public double? StepSeconds { get; init; }

    public required bool SlowerThanUsual { get; init; }

    public int? PlaceInLine { get; init; }

    public int? PlaceInDokploy { get; init; }

    public bool? DokployAnswers { get; init; }

    /// <summary>What Docker or the container said, masked.</summary>
    public IReadOnlyList<string>? RawLines { get; init; }

    /// <summary>The last lines of the log.</summary>
    public required IReadOnlyList<string> Log { get; init; }

    public required string Remedy { get; init; }

    public required bool NeedsAdministrator { get; init; }

    public required string Next { get; init; }
}

/// <param name="Verdict">The worst of all that matter: good, doubtful or bad.</param>
public sealed record ConnectionsToolResult(string Verdict, string Message, IReadOnlyList<CheckedConnection> Checks, string Next);

/// <param name="Verdict">good, doubtful, bad, not-configured or not-checked.</param>
public sealed record CheckedConnection(string Target, string Verdict, string Cause, string Message, string? Remedy, int? LatencyMs);

/// <summary>Why a call did nothing, in the text of an answer marked as an error.</summary>
/// <param name="Next">What the model can do about it.</param>
public sealed record Refusal(string Code, string Message, string Next)
{
    public IReadOnlyList<string>? Suggestions { get; init; }

    public string? DeploymentId { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeployToolResult))]
[JsonSerializable(typeof(StateToolResult))]
[JsonSerializable(typeof(ListToolResult))]
[JsonSerializable(typeof(NameToolResult))]
[JsonSerializable(typeof(DiagnosisToolResult))]
[JsonSerializable(typeof(ConnectionsToolResult))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class ToolResultsContext : JsonSerializerContext;

internal static class ToolResultsJson
{
    /// <summary>Our answers, and the plain types of arguments as the SDK knows them.</summary>
    public static JsonSerializerOptions Options { get; } = Combine();

    private static JsonSerializerOptions Combine()
    {
        var options = new JsonSerializerOptions(ToolResultsContext.Default.Options);
        options.TypeInfoResolverChain.Add(McpJsonUtilities.DefaultOptions.TypeInfoResolver!);
        options.MakeReadOnly();
        return options;
    }
}
