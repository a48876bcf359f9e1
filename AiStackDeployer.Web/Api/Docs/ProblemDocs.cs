using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>The problems of one status of one operation: a schema that allows exactly their codes, and an example of each.</summary>
internal static class ProblemDocs
{
    private static readonly IReadOnlyDictionary<string, string> Members = new Dictionary<string, string>
    {
        ["suggestions"] = "Names that can be had instead.",
        ["deploymentId"] = "The deployment that stands in the way.",
        ["parameter"] = "The parameter that is wrong.",
        ["mayHaveHappened"] = "Whether what was asked may have been done all the same.",
    };

    public static OpenApiResponse Response(IReadOnlyList<ApiProblem> problems, Func<ApiProblem, string> sentenceOf)
    {
        var kinds = problems.DistinctBy(p => p.Kind.Code).ToList();
        var status = kinds[0].Kind.Status;
        var response = new OpenApiResponse
        {
            Description = string.Join('\n', kinds.GroupBy(p => p.When).Select(same => $"- {Codes(same)}: {same.Key}")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.MediaType] = new()
                {
                    Schema = SchemaOf(kinds),
                    Examples = kinds.ToDictionary(
                        p => p.Kind.Code, IOpenApiExample (p) => new OpenApiExample { Summary = p.When, Value = ExampleOf(p, sentenceOf(p)) }),
                },
            },
        };
        if (kinds.Exists(p => p.Kind.RetryAfterSeconds is not null))
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which trying again makes sense.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
        }
        return response;

        static string Codes(IEnumerable<ApiProblem> same) => string.Join(", ", same.Select(p => $"`{p.Kind.Code}`"));
    }

    private static OpenApiSchema SchemaOf(List<ApiProblem> kinds)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Problem details (RFC 9457).",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Word("Names the problem: `urn:ai-stack-deployer:problem:` and the code.", kinds.Select(p => Problems.TypeOf(p.Kind.Code))),
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The status in words." },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status.", Enum = [kinds[0].Kind.Status] },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong, in the caller's language." },
                ["code"] = Word("Stable, to be switched on.", kinds.Select(p => p.Kind.Code)),
                ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "This call's id: the portal's log of a fault (500, 503) holds it." },
            },
        };
        foreach (var (name, value) in kinds.SelectMany(p => p.More).DistinctBy(m => m.Key))
        {
            schema.Properties[name] = new OpenApiSchema
            {
                Description = Members[name],
                Type = value switch { string => JsonSchemaType.String, bool => JsonSchemaType.Boolean, _ => JsonSchemaType.Array },
                Items = value is string[] ? new OpenApiSchema { Type = JsonSchemaType.String } : null,
            };
        }
        return schema;
    }

    private static OpenApiSchema Word(string description, IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String, Description = description, Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))],
    };

    private static JsonObject ExampleOf(ApiProblem problem, string sentence)
    {
        var example = new JsonObject
        {
            ["type"] = Problems.TypeOf(problem.Kind.Code),
            ["title"] = ReasonPhrases.GetReasonPhrase(problem.Kind.Status),
            ["status"] = problem.Kind.Status,
            ["detail"] = sentence,
            ["code"] = problem.Kind.Code,
            ["traceId"] = Examples.CallTraceId,
        };
        foreach (var (name, value) in problem.More)
        {
            example[name] = value switch
            {
                string[] many => new JsonArray([.. many.Select(one => (JsonNode)JsonValue.Create(one))]),
                bool flag => flag,
                _ => (string?)value,
            };
        }
        return example;
    }
}
