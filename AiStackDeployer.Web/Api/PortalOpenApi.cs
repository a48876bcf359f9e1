using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace AiStackDeployer.Web.Api;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and the same to read and to try at <c>/scalar</c>.</summary>
internal static class PortalOpenApi
{
    private const string Document = "v1";

    private const string Description =
        """
        Make, watch and administer personal AI coding stacks: everything the pages can do.

        - **Errors** are problem details (RFC 9457) with a stable `code`. `Retry-After` says when trying again makes sense.
        - **Sentences** follow `Accept-Language` (`en`, `nl`).
        - **Identity**: the answer to a new deployment sets a cookie that stands for its owner. Without sign-in, whoever reaches the portal
          is an administrator and may cancel, retry and delete any stack. A stack's password is for its owner alone.
        - **HEAD** is answered wherever GET is. Unknown parameters are ignored.
        - **Any address** may also answer with:
        """;

    public static void AddPortalOpenApi(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => Problems.IsApi("/" + description.RelativePath);
        options.CreateSchemaReferenceId = type => Choices.Of(type.Type) is null ? OpenApiOptions.CreateDefaultSchemaReferenceId(type) : null;
        options.AddSchemaTransformer((schema, context, _) => Task.FromResult(RefineSchema(schema, context.JsonTypeInfo)));
        options.AddOperationTransformer((operation, context, _) => Task.FromResult(DescribeChoicesAndProblems(operation, context)));
        options.AddDocumentTransformer((document, _, _) =>
        {
            var anywhere = ProblemKinds.Anywhere.Select(kind => $"  - {kind.Status} `{kind.Code}`: {kind.When}");
            document.Info = new OpenApiInfo
            {
                Title = "AI Stack Deployer", Version = HealthApi.Version, Description = string.Join('\n', [Description, .. anywhere]),
            };
            // Wherever the document was read from: .NET names the host by which it was, of which the path below a proxy matters alone.
            var read = document.Servers?.FirstOrDefault()?.Url;
            document.Servers = [new OpenApiServer { Url = Uri.TryCreate(read, UriKind.Absolute, out var host) ? host.AbsolutePath : "/" }];
            foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
            {
                LeaveNullsOut(schema);
            }
            return Task.CompletedTask;
        });
    });

    public static void MapReferencePage(this WebApplication app) => app.MapScalarApiReference("/scalar", (page, context) =>
    {
        page.WithTitle("AI Stack Deployer · API").WithFavicon("../favicon.svg").AddDocument(Document, "AI Stack Deployer")
            .WithNonce(PageHeaders.NonceOf(context));
        // What it knows of its maker's services is switched off. Should a later version know another, its browser still asks nobody but us.
        page.DisableDefaultFonts().DisableAgent().DisableMcp();
        page.Telemetry = false;
        page.ProxyUrl = null;
        // It opens Scalar's own client, elsewhere.
        page.HideClientButton = true;
        page.DefaultOpenAllTags = true;
        page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        page.DefaultHttpClient = new(ScalarTarget.Shell, ScalarClient.Curl);
        PageHeaders.SetMedia(context, "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:");
    });

    private static OpenApiOperation DescribeChoicesAndProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var described in context.Description.ParameterDescriptions)
        {
            if (described.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo.ParameterType: var type } && Choices.Of(type) is { } words
                && operation.Parameters?.FirstOrDefault(p => p.Name == described.Name)?.Schema is OpenApiSchema schema)
            {
                var one = type.IsArray ? new OpenApiSchema { Type = JsonSchemaType.String } : schema;
                one.Enum = [.. words.Select(word => (JsonNode)word)];
                schema.Items = type.IsArray ? one : null;
            }
        }
        foreach (var kinds in context.Description.ActionDescriptor.EndpointMetadata.OfType<ProblemKind>().GroupBy(kind => kind.Status))
        {
            var response = operation.Responses![kinds.Key.ToString(CultureInfo.InvariantCulture)];
            response.Description = string.Join('\n', kinds.Select(kind => $"- `{kind.Code}`: {kind.When}"));
            var media = response.Content![Problems.MediaType];
            media.Schema = new OpenApiSchema
            {
                AllOf = [media.Schema!],
                Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["code"] = new OpenApiSchema { Enum = [.. kinds.Select(kind => (JsonNode)kind.Code)] },
                },
            };
        }
        return operation;
    }

    /// <summary>A member that may be null is left out when it is; every other one is always written.</summary>
    private static OpenApiSchema RefineSchema(OpenApiSchema schema, JsonTypeInfo type)
    {
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(IdempotencyKey))
        {
            (schema.Type, schema.Description, schema.Properties) = (JsonSchemaType.String, "Text of the caller's own.", null);
        }
        else if (type.Type == typeof(Stream))
        {
            schema.Description = "A file.";
        }
        else if (type.Kind == JsonTypeInfoKind.Object)
        {
            schema.Required = type.Properties.Where(p => (!p.IsGetNullable || type.Type == typeof(DeployRequest)) && !p.IsExtensionData).Select(p => p.Name).ToHashSet();
        }
        return schema;
    }

    private static void LeaveNullsOut(OpenApiSchema schema)
    {
        schema.Type &= ~JsonSchemaType.Null;
        foreach (var (name, member) in schema.Properties?.ToList() ?? [])
        {
            if (member is OpenApiSchema { OneOf: { Count: 2 } either } && either.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } only)
            {
                schema.Properties![name] = only;
            }
            else if (member is OpenApiSchema own)
            {
                LeaveNullsOut(own);
            }
        }
    }
}
