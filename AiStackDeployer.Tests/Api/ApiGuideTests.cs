using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

/// <summary>docs/API.md says what is true: every command is run, and every answer has the members that the guide shows.</summary>
public sealed partial class ApiGuideTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_guide_brings_the_answer_beside_it()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        using var guide = new ApiGuide(portal);
        var examples = ApiGuide.Read(await File.ReadAllTextAsync(ApiGuide.File, Token));
        Assert.True(examples.Count > 15, "Hardly any example was found: the guide is no longer read rightly.");

        foreach (var example in examples)
        {
            var shown = example.Answer.Split("\n\n", 2);
            var answer = await guide.RunAsync(example);
            var real = guide.Show(answer).Split("\n\n", 2);
            var where = $"docs/API.md:{example.Line}\n{example.Command}\n{guide.Show(answer)}";

            Assert.True(shown[0].Split('\n')[0] == answer.StatusLine, where);
            Assert.True(WithoutIds(shown[0].Trim()) == WithoutIds(real[0].Trim()), where);
            if (answer.Json is { } json)
            {
                Assert.Equal(ShapeOf(JsonNode.Parse(shown[1])!), ShapeOf(json));
            }
            else
            {
                Assert.Equal(Events(shown.ElementAtOrDefault(1) ?? ""), Events(answer.Body));
            }
        }
    }

    [Fact]
    public async Task Every_fenced_command_is_an_example_with_an_answer_and_every_operation_has_one()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var text = await File.ReadAllTextAsync(ApiGuide.File, Token);
        var examples = ApiGuide.Read(text);
        var contract = await ApiContract.ReadAsync(portal.NewScript());

        // The first fence only sets $PORTAL.
        Assert.Equal(FenceOf().Count(text) - 1, examples.Count);
        var told = examples.Select(e => contract.OperationOf(
            Method().Match(e.Command) is { Success: true } m ? m.Groups[1].Value : "GET",
            Address().Match(e.Command).Groups[1].Value.Replace("$ID", "dep_1", StringComparison.Ordinal)).Id).ToHashSet();
        string[] inWords = ["getLife", "getReadiness"];
        Assert.Equal([], contract.Operations.Select(o => o.Id).Except(told).Except(inWords));
    }

    [Fact]
    public async Task The_table_of_codes_is_the_documents()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var text = await File.ReadAllTextAsync(ApiGuide.File, Token);

        Assert.Equal(
            CodesOf(portal),
            text[text.IndexOf("## Codes", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1));
    }

    [Fact]
    public async Task Every_problem_that_the_portal_knows_is_in_the_table()
    {
        var text = await File.ReadAllTextAsync(ApiGuide.File, Token);
        var kinds = typeof(ProblemKinds).GetFields().Select(f => f.GetValue(null)).OfType<ProblemKind>().ToList();

        Assert.True(kinds.Count > 20);
        Assert.Empty(kinds.Where(k => !text.Contains($"| {k.Status} | `{k.Code}` |", StringComparison.Ordinal)).Select(k => k.Code));
    }

    /// <summary>Writes the answers of today into the guide. Look at the difference before it is kept.</summary>
    [Fact(Explicit = true)]
    public async Task Rewrite_the_answers()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        using var guide = new ApiGuide(portal);
        var text = await File.ReadAllTextAsync(ApiGuide.File, Token);
        var written = new System.Text.StringBuilder();
        var from = 0;
        foreach (var example in ApiGuide.Read(text))
        {
            written.Append(text[from..example.AnswerAt.Start.Value]).Append(guide.Show(await guide.RunAsync(example)));
            from = example.AnswerAt.End.Value;
        }
        written.Append(text[from..]);
        var whole = written.ToString();
        var table = whole.IndexOf("|---|---|---|\n", whole.IndexOf("## Codes", StringComparison.Ordinal), StringComparison.Ordinal) + "|---|---|---|\n".Length;
        await File.WriteAllTextAsync(ApiGuide.File, whole[..table] + string.Join('\n', CodesOf(portal)) + "\n", Token);
    }

    /// <summary>One row for each problem that some route, or any address, may answer with.</summary>
    private static IEnumerable<string> CodesOf(PortalFactory portal) =>
        portal.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).SelectMany(e => e.Metadata.OfType<ProblemKind>())
            .Concat(ProblemKinds.Anywhere).DistinctBy(k => (k.Status, k.Code)).OrderBy(k => k.Status).ThenBy(k => k.Code, StringComparer.Ordinal)
            .Select(k => $"| {k.Status} | `{k.Code}` | {k.When} |");

    /// <summary>Names and kinds of members; of a list the first entry stands for all.</summary>
    private static string ShapeOf(JsonNode node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.Select(m => $"{m.Key}:{(m.Value is null ? "null" : ShapeOf(m.Value))}")) + "}",
        JsonArray many => many.Count == 0 ? "[]" : $"[{ShapeOf(many[0]!)}]",
        _ => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? "bool" : node.GetValueKind().ToString(),
    };

    private static string Events(string text) =>
        string.Join(',', text.Split('\n').Where(l => l.StartsWith("event:", StringComparison.Ordinal)).Select(l => l.Trim()).Distinct());

    private static string WithoutIds(string text) => Id().Replace(text, "dep_");

    [GeneratedRegex(@"dep_\w+")]
    private static partial Regex Id();

    [GeneratedRegex("^```sh$", RegexOptions.Multiline)]
    private static partial Regex FenceOf();

    [GeneratedRegex("-X ([A-Z]+)")]
    private static partial Regex Method();

    [GeneratedRegex(@"\$PORTAL([^""?\s]+)")]
    private static partial Regex Address();
}
