using System.Text.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Web.Mcp;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The check agrees with the schema that clients were told.</summary>
public sealed class ArgumentCheckTests
{
    [Fact]
    public void Whatever_the_published_schema_allows_is_taken()
    {
        foreach (var schema in ToolCatalog.CreateTools().Select(tool => tool.ProtocolTool.InputSchema))
        {
            var properties = schema.TryGetProperty("properties", out var known) ? known.EnumerateObject().ToList() : [];
            foreach (var property in properties)
            {
                foreach (var value in FormsOf(property.Value))
                {
                    var arguments = properties.Where(p => Requires(schema, p.Name)).ToDictionary(p => p.Name, p => FormsOf(p.Value).First());
                    arguments[property.Name] = value;
                    arguments["toolCallId"] = JsonSerializer.SerializeToElement("call_1");

                    Assert.Null(ArgumentCheck.Fit(schema, arguments));
                    Assert.DoesNotContain("toolCallId", arguments.Keys);
                }
            }
        }
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("5e0", 5)]
    [InlineData("\"5\"", 5)]
    [InlineData("\" 5 \"", 5)]
    public void A_whole_number_may_be_written_in_several_ways(string json, int number)
    {
        var arguments = new Dictionary<string, JsonElement> { ["n"] = JsonDocument.Parse(json).RootElement };

        Assert.Null(ArgumentCheck.Fit(Schema("""{"type":"integer","minimum":1,"maximum":5}"""), arguments));
        Assert.Equal(number, arguments["n"].GetInt32());
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "5.5", "must be a whole number")]
    [InlineData("""{"type":"integer"}""", "\"five\"", "must be a whole number")]
    [InlineData("""{"type":"integer"}""", "true", "must be a whole number")]
    [InlineData("""{"type":"integer"}""", "99999999999", "must be at most 2147483647")]
    [InlineData("""{"type":"integer","maximum":300}""", "\"301\"", "must be at most 300")]
    [InlineData("""{"type":"boolean"}""", "\"maybe\"", "must be true or false")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"abc\"", "may have at most 2 characters")]
    public void What_it_does_not_allow_is_told(string type, string json, string fault) => Assert.Equal(
        $"The argument n {fault}.", ArgumentCheck.Fit(Schema(type), new Dictionary<string, JsonElement> { ["n"] = JsonDocument.Parse(json).RootElement }));

    private static JsonElement Schema(string type) => JsonDocument.Parse($$"""{"type":"object","properties":{"n":{{type}}},"required":["n"]}""").RootElement;

    private static bool Requires(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(r => r.GetString() == name);

    private static IEnumerable<JsonElement> FormsOf(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText())!;
        var (least, most) = ((int?)node["minLength"] ?? 1, (int?)node["maxLength"] ?? 50);
        IEnumerable<string> forms = (string)node["type"]! switch
        {
            "integer" => [$"{node["minimum"] ?? 1}", $"{node["maximum"] ?? 100}", $"{node["maximum"] ?? 100}.0"],
            "boolean" => ["true", "false"],
            "string" => [Text("a", least), Text("a", most), Text("\ud83d\ude80", most)],
            var other => throw new InvalidOperationException(other),
        };
        return forms.Select(form => JsonDocument.Parse(form).RootElement);
    }

    private static string Text(string character, int times) => JsonSerializer.Serialize(string.Concat(Enumerable.Repeat(character, times)));
}
