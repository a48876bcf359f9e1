using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.Tokens;
using Microsoft.Net.Http.Headers;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// What the log ingest asks the portal, every few seconds and with its own key. Not in the OpenAPI document: no person and no script of
/// theirs can call it, and its words are those of the ingest's own protocol.
/// </summary>
internal static class IngestApi
{
    public static void MapIngest(this IEndpointRouteBuilder app) =>
        app.MapGet(IngestKey.Path, ListAsync).RequireAuthorization(Policies.ServeIngest).ExcludeFromDescription();

    private static async Task<IResult> ListAsync(IngestTokens tokens, CancellationToken cancellationToken)
    {
        var known = await tokens.ListAsync(cancellationToken);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new IngestStacks([.. known.Select(token => new IngestStack(token.Name.Value, token.TokenHash))]), IngestJsonContext.Default.IngestStacks);
        // Bytes with a tag: the framework itself answers 304 to the one who has them.
        return Results.Bytes(body, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\""));
    }
}

/// <summary>All stacks that have their name now.</summary>
internal sealed record IngestStacks(IReadOnlyList<IngestStack> Stacks);

/// <param name="TokenHash">SHA-256 of the token that the stack sends its events with, 64 hex digits.</param>
internal sealed record IngestStack(string Name, string TokenHash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IngestStacks))]
internal sealed partial class IngestJsonContext : JsonSerializerContext;
