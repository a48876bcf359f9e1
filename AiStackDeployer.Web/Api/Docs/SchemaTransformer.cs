using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>What the types alone do not tell: which members always stand there, and which words a member can have.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            // A member that may be null is left out when it is; every other one is always written.
            schema.Required = context.JsonTypeInfo.Properties.Where(p => !p.IsGetNullable || p.DeclaringType == typeof(DeployRequest))
                .Select(p => p.Name).ToHashSet();
        }
        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(WordsAttribute), inherit: false) is [WordsAttribute words])
        {
            schema.Enum = [.. words.Words.Select(word => (JsonNode)JsonValue.Create(word))];
        }
        return Task.CompletedTask;
    }
}

/// <summary>Answers never hold a null, so no schema allows one.</summary>
internal static class NullsLeftOut
{
    public static void From(OpenApiDocument document)
    {
        foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
        {
            From(schema);
        }
    }

    private static void From(OpenApiSchema schema)
    {
        if (schema.Type is { } type)
        {
            schema.Type = type & ~JsonSchemaType.Null;
        }
        foreach (var (name, member) in schema.Properties?.ToList() ?? [])
        {
            if (member is OpenApiSchema { OneOf: { Count: 2 } either } && either.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } only)
            {
                schema.Properties![name] = only;
            }
            else if (member is OpenApiSchema own)
            {
                From(own);
            }
        }
    }
}
