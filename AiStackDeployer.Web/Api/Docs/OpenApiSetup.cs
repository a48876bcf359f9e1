using Microsoft.OpenApi;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiSetup
{
    public const string Document = "v1";

    private const string Description =
        """
        Make, watch and administer personal AI coding stacks: everything the pages can do.

        - **Errors** are problem details (RFC 9457) with a stable `code`.
        - **Sentences** follow `Accept-Language` (`en`, `nl`).
        - **Identity**: the answer to a new deployment sets a cookie that stands for its owner. Without sign-in, whoever reaches the portal
          is an administrator and may cancel, retry and delete what is anybody's. A stack's password is its owner's alone.
        - **HEAD** is answered wherever GET is, except for streams. Parameters nobody knows are ignored.
        - **Any address** may also answer with:
        """;

    public static IServiceCollection AddPortalOpenApi(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // A HEAD is its GET without the body, and would need the same id.
        options.ShouldInclude = description => Problems.IsApi("/" + description.RelativePath) && description.HttpMethod != HttpMethods.Head;
        options.AddSchemaTransformer<SchemaTransformer>();
        options.AddOperationTransformer<OperationTransformer>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "AI Stack Deployer", Version = HealthApi.Version, Description = Whole() };
            // Wherever the document was read from.
            document.Servers = [new OpenApiServer { Url = "/", Description = "This portal." }];
            document.Tags = new HashSet<OpenApiTag>
            {
                new() { Name = CommonDocs.Deployments, Description = "A deployment makes one stack, and is kept for ever after." },
                new() { Name = CommonDocs.Stacks, Description = "What stands at its address now." },
                new() { Name = CommonDocs.Names, Description = "Whether a name can be had." },
                new() { Name = CommonDocs.Portal, Description = "The portal itself." },
            };
            NullsLeftOut.From(document);
            return Task.CompletedTask;
        });
    });

    private static string Whole() =>
        string.Join('\n', [Description, .. CommonDocs.Anywhere.Select(p => $"  - {p.Kind.Status} `{p.Kind.Code}`: {p.When}")]);
}
