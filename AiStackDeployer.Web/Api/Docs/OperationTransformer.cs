using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>Writes into each operation what its <see cref="ApiDoc"/> says.</summary>
internal sealed class OperationTransformer(IOptions<JsonOptions> json, IServiceProvider services) : IOpenApiOperationTransformer
{
    private const string AcceptLanguage = "AcceptLanguage";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiDoc>().LastOrDefault() is not { } doc)
        {
            // A test finds it; whoever reads the document meanwhile is better off with the framework's own words than without any.
            return Task.CompletedTask;
        }
        operation.OperationId = doc.Id;
        operation.Summary = doc.Summary;
        operation.Description = doc.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(doc.Tag, context.Document) };
        operation.Parameters = [.. ParametersOf(doc, context.Document!)];
        if (doc.Request is { } request && operation.RequestBody?.Content?[ApiExample.Json] is { } body)
        {
            body.Examples = new Dictionary<string, IOpenApiExample> { ["wish"] = new OpenApiExample { Summary = "A wish", Value = NodeOf(request) } };
        }
        operation.Responses ??= [];
        foreach (var answer in doc.Answers)
        {
            Answer(operation.Responses, answer);
        }
        foreach (var problems in doc.Problems.Concat(CommonDocs.OfGate(context.Description)).GroupBy(p => p.Kind.Status))
        {
            operation.Responses[problems.Key.ToString(CultureInfo.InvariantCulture)] = ProblemDocs.Response([.. problems], SentenceOf);
        }
        return Task.CompletedTask;
    }

    private static IEnumerable<IOpenApiParameter> ParametersOf(ApiDoc doc, OpenApiDocument document)
    {
        foreach (var place in doc.Path)
        {
            yield return new OpenApiParameter
            {
                Name = place.Name, In = ParameterLocation.Path, Required = true, Description = place.Description, Schema = Text(), Example = place.Example,
            };
        }
        foreach (var parameter in doc.Query)
        {
            yield return new OpenApiParameter
            {
                Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Schema = SchemaOf(parameter),
                Example = ExampleOf(parameter), Explode = parameter.IsRepeatable,
            };
        }
        foreach (var header in doc.Headers)
        {
            yield return new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = Text(), Example = header.Example,
            };
        }
        if (doc.Speaks)
        {
            document.AddComponent<IOpenApiParameter>(AcceptLanguage, new OpenApiParameter
            {
                Name = "Accept-Language", In = ParameterLocation.Header, Description = "The language of sentences: `en` (also for any other) or `nl`.",
                Schema = Text(), Example = "en",
            });
            yield return new OpenApiParameterReference(AcceptLanguage, document);
        }
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema SchemaOf(QueryParameter parameter) => parameter switch
    {
        NumberParameter number => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer, Minimum = Text(number.Min), Maximum = Text(number.Max),
            Default = number.Default is { } usual ? JsonValue.Create(usual) : null,
        },
        FlagParameter flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = flag.Default is { } usual ? JsonValue.Create(usual) : null },
        TextParameter { MaxLength: int.MaxValue } => Text(),
        TextParameter text => new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = text.MaxLength },
        ChoiceParameter { IsRepeatable: true } choice => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Words(choice) },
        ChoiceParameter choice => Words(choice),
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, null),
    };

    private static OpenApiSchema Words(ChoiceParameter choice) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. choice.Values.Select(value => (JsonNode)JsonValue.Create(value))],
        Default = choice is { Default: { } usual, IsRepeatable: false } ? JsonValue.Create(usual) : null,
    };

    private static JsonNode ExampleOf(QueryParameter parameter) => parameter switch
    {
        NumberParameter number => number.Absent,
        FlagParameter => true,
        { IsRepeatable: true } => new JsonArray(parameter.Example),
        _ => parameter.Example,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Answer(OpenApiResponses responses, ApiAnswer answer)
    {
        var key = answer.Status.ToString(CultureInfo.InvariantCulture);
        var response = responses.TryGetValue(key, out var known) && known is OpenApiResponse typed ? typed : new OpenApiResponse();
        responses[key] = response;
        response.Description = answer.Description;
        foreach (var (name, description) in answer.Headers)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[name] = new OpenApiHeader { Description = description, Schema = Text() };
        }
        foreach (var example in answer.Examples)
        {
            response.Content ??= new Dictionary<string, OpenApiMediaType>();
            if (!response.Content.TryGetValue(example.MediaType, out var media))
            {
                response.Content[example.MediaType] = media = new OpenApiMediaType { Schema = Text() };
            }
            media.Examples ??= new Dictionary<string, IOpenApiExample>();
            media.Examples[example.Name] = new OpenApiExample { Summary = example.Summary, Value = NodeOf(example.Value) };
        }
    }

    private JsonNode? NodeOf(object value) => value is string text ? text : JsonSerializer.SerializeToNode(value, json.Value.SerializerOptions);

    private string SentenceOf(ApiProblem problem)
    {
        // The document is in English, whoever reads it.
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        try
        {
            return problem.Detail?.Invoke(services) ?? services.GetRequiredService<ProblemText>().Sentence(problem.Kind.Code);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
