using System.Text.Json;
using AiStackDeployer.Web.Mcp;
using Microsoft.ML.Tokenizers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>What a model reads before it calls anything.</summary>
public sealed class ToolListTests
{
    /// <summary>The issue's; the list is paid for at every conversation.</summary>
    private const int Budget = 2500;

    private static readonly IReadOnlyList<Tool> Tools = [.. ToolCatalog.CreateTools().Select(t => t.ProtocolTool)];

    public static TheoryData<string, bool, bool, bool> Kinds => new()
    {
        // name, only reads, destroys, the same again changes nothing more
        { "deploy_stack", false, false, false },
        { "check_deployment_status", true, false, true },
        { "list_deployments", true, false, true },
        { "check_name_availability", true, false, true },
        { "wait_for_deployment", true, false, true },
        { "cancel_deployment", false, true, true },
        { "delete_stack", false, true, false },
        { "operate_stack", false, false, false },
        { "diagnose_deployment", true, false, true },
        { "test_api_connections", true, false, true },
    };

    [Fact]
    public void The_whole_list_as_it_goes_over_the_wire_keeps_within_its_budget()
    {
        var wire = JsonSerializer.Serialize(new ListToolsResult { Tools = [.. Tools] }, McpJsonUtilities.DefaultOptions);
        var tokens = TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(wire);

        TestContext.Current.TestOutputHelper!.WriteLine($"{tokens} tokens (o200k_base), {wire.Length} characters, {Tools.Count} tools");
        Assert.InRange(tokens, 500, Budget);
    }

    [Fact]
    public void Every_tool_is_among_those_whose_kind_is_known() =>
        Assert.Equal(Kinds.Select(k => k.Data.Item1).Order(), Tools.Select(t => t.Name).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tool_says_what_it_does_to_the_world(string name, bool reads, bool destroys, bool idempotent)
    {
        var tool = Tools.Single(t => t.Name == name);

        Assert.NotEmpty(tool.Annotations!.Title!);
        Assert.Equal(reads, tool.Annotations.ReadOnlyHint);
        Assert.Equal(destroys, tool.Annotations.DestructiveHint);
        Assert.Equal(idempotent, tool.Annotations.IdempotentHint);
        Assert.NotNull(tool.Annotations.OpenWorldHint);
        Assert.InRange(tool.Description!.Length, 20, 200);
    }

    [Fact]
    public void Every_argument_has_a_type_and_every_text_and_number_a_limit()
    {
        foreach (var (tool, name, schema) in Tools.SelectMany(t => Members(t.InputSchema).Select(m => (t.Name, m.Name, m.Value))))
        {
            var type = schema.GetProperty("type").GetString();
            Assert.True(
                type == "boolean" || schema.TryGetProperty(type == "string" ? "maxLength" : "maximum", out _), $"{tool}.{name} ({type}) has no limit");
            Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), name);
        }
    }

    [Fact]
    public void Every_answer_has_a_schema_of_an_object_with_snake_case_members_and_a_hint_what_to_call_next()
    {
        foreach (var tool in Tools)
        {
            var schema = tool.OutputSchema!.Value;
            Assert.Equal("object", schema.GetProperty("type").GetString());
            Assert.Contains("next", schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
            Assert.All(Members(schema), member => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name), member.Name));
        }
    }

    private static IEnumerable<JsonProperty> Members(JsonElement schema) => schema.GetProperty("properties").EnumerateObject();
}
