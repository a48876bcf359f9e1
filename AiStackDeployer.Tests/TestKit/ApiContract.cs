using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>One operation of the OpenAPI document.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonObject Node)
{
    public string Id => Node.Text("operationId");

    public JsonObject Responses => Node["responses"]!.AsObject();
}

/// <summary>
/// The portal's own OpenAPI document, held against what the portal really answers. Stricter than the document says: a member that
/// stands in no schema is a fault.
/// </summary>
internal sealed class ApiContract
{
    private readonly Dictionary<string, JsonSchema> _compiled = [];

    private ApiContract(JsonObject document) => Document = document;

    public JsonObject Document { get; }

    public IReadOnlyList<ApiOperation> Operations =>
    [
        .. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => new ApiOperation(o.Key.ToUpperInvariant(), path.Key, o.Value!.AsObject()))),
    ];

    public static async Task<ApiContract> ReadAsync(HttpClient client) => new((await client.GetJsonAsync("openapi/v1.json")).AsObject());

    /// <summary>Everything that the document says may come, in the words of <see cref="CheckAsync"/>.</summary>
    public IEnumerable<string> Promised() =>
        from operation in Operations
        from response in operation.Responses
        from word in WordsOf(response.Value!)
        select $"{operation.Id} {response.Key} {word}";

    /// <summary>An answer of the portal is one that the document promises; returns its operation, status, and code or media type.</summary>
    public async Task<string> CheckAsync(HttpResponseMessage answer)
    {
        var request = answer.RequestMessage!;
        var operation = OperationOf(request.Method.Method, request.RequestUri!.AbsolutePath);
        var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(operation.Responses.ContainsKey(status), $"{operation.Id} answered {status}, which the document does not know:\n{body}");
        var response = operation.Responses[status]!;
        if (response["content"] is not JsonObject content)
        {
            Assert.Empty(body);
            return $"{operation.Id} {status} -";
        }
        var type = answer.Content.Headers.ContentType!.MediaType!;
        Assert.True(content.ContainsKey(type), $"{operation.Id} {status} answered {type}, which the document does not know:\n{body}");
        if (!type.EndsWith("json", StringComparison.Ordinal))
        {
            await CheckEventsAsync(type, body);
            return $"{operation.Id} {status} {type}";
        }
        var json = JsonNode.Parse(body)!;
        Assert.Empty(await FaultsAsync(content[type]!["schema"]!, json));
        return $"{operation.Id} {status} {(type.Contains("problem", StringComparison.Ordinal) ? json.Text("code") : type)}";
    }

    /// <summary>What about a value is not as a schema of the document says.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(JsonNode schema, JsonNode? value)
    {
        var text = schema.ToJsonString();
        if (!_compiled.TryGetValue(text, out var compiled))
        {
            var root = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["it"] = Strict(schema) },
                ["definitions"] = Strict(Document["components"]!["schemas"]!),
            };
            _compiled[text] = compiled = await JsonSchema.FromJsonAsync(root.ToJsonString(), TestContext.Current.CancellationToken);
        }
        var wrapped = new JsonObject { ["it"] = value?.DeepClone() };
        return [.. compiled.Validate(wrapped.ToJsonString()).Select(fault => $"{fault} in {value?.ToJsonString()}")];
    }

    public ApiOperation OperationOf(string method, string path) =>
        Operations.Where(o => o.Method == method && Pattern(o.Path).IsMatch(path)).OrderBy(o => o.Path.Count(c => c == '{')).FirstOrDefault()
        ?? throw new InvalidOperationException($"The document does not know {method} {path}.");

    private static Regex Pattern(string template) =>
        new("^" + Regex.Replace(Regex.Escape(template).Replace("\\{", "{", StringComparison.Ordinal), "{[^}]+}", "[^/]+") + "$", RegexOptions.IgnoreCase);

    private static IEnumerable<string> WordsOf(JsonNode response)
    {
        if (response["content"] is not JsonObject content)
        {
            return ["-"];
        }
        return content.SelectMany(c => c.Value!["schema"]?["properties"]?["code"]?["enum"] is JsonArray codes && c.Key.Contains("problem", StringComparison.Ordinal)
            ? codes.Select(code => code!.GetValue<string>())
            : [c.Key]);
    }

    /// <summary>Nothing beside what is named, and references where the validator looks for them.</summary>
    private static JsonNode Strict(JsonNode schema)
    {
        var text = schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var strict = JsonNode.Parse(text)!;
        Close(strict);
        return strict;

        static void Close(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject o:
                    // What a schema adds to others it names does not close them.
                    if (o["properties"] is JsonObject && !o.ContainsKey("additionalProperties") && !o.ContainsKey("allOf"))
                    {
                        o["additionalProperties"] = false;
                    }
                    foreach (var (_, member) in o.ToList())
                    {
                        Close(member);
                    }
                    break;
                case JsonArray many:
                    foreach (var one in many)
                    {
                        Close(one);
                    }
                    break;
            }
        }
    }

    private async Task CheckEventsAsync(string type, string body)
    {
        if (type != "text/event-stream")
        {
            return;
        }
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            var shape = item.EventType switch
            {
                "progress" or "complete" or "error" => "StatusAnswer",
                "log" => "LogAnswer",
                "heartbeat" => null,
                _ => throw new InvalidOperationException($"The document does not know the event {item.EventType}."),
            };
            if (shape is not null)
            {
                Assert.Empty(await FaultsAsync(new JsonObject { ["$ref"] = $"#/components/schemas/{shape}" }, JsonNode.Parse(item.Data)));
            }
        }
    }
}
