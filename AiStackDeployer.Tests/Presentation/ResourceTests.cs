using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Tests.Deployments.Operations;

namespace AiStackDeployer.Tests.Presentation;

/// <summary>Reads the sources themselves: what a language lacks, or a component says by itself, is found before a reader does.</summary>
public sealed partial class ResourceTests
{
    public static TheoryData<string> Pairs => [.. Directory.GetFiles(Resources, "*.resx").Select(f => Path.GetFileName(f)).Where(f => f.Count(c => c == '.') == 1)];

    public static TheoryData<string> Components => [.. Directory.GetFiles(Web, "*.razor", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Web, f)).Where(f => !f.StartsWith("bin", StringComparison.Ordinal) && !f.StartsWith("obj", StringComparison.Ordinal))];

    private static string Web => Path.GetFullPath(Path.Combine(Here(), "..", "..", "AiStackDeployer.Web"));

    private static string Resources => Path.Combine(Web, "Resources");

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Both_languages_have_the_same_keys_and_the_same_places_for_arguments(string file)
    {
        var english = Read(Path.Combine(Resources, file));
        var dutch = Read(Path.Combine(Resources, Path.ChangeExtension(file, ".nl.resx")));

        Assert.Equal(english.Keys.Order(), dutch.Keys.Order());
        foreach (var (key, text) in english)
        {
            Assert.False(string.IsNullOrWhiteSpace(dutch[key]), key);
            Assert.Equal(PlacesOf(text), PlacesOf(dutch[key]));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Nothing_is_shouted(string file)
    {
        foreach (var language in new[] { file, Path.ChangeExtension(file, ".nl.resx") })
        {
            Assert.DoesNotContain(Read(Path.Combine(Resources, language)).Values, t => t.Contains('!', StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_thing_has_one_name_in_Dutch(string file) =>
        Assert.Equal([], Read(Path.Combine(Resources, Path.ChangeExtension(file, ".nl.resx")))
            // What closes a dialog is no stopping.
            .Where(text => text.Key is not ("del-no" or "consent-deny" or "cancel") && OtherDutchWord().IsMatch(text.Value)).Select(text => text.Value));

    [Theory]
    [MemberData(nameof(Components))]
    public void No_component_hard_codes_a_sentence(string file)
    {
        var markup = MarkupOf(File.ReadAllText(Path.Combine(Web, file)));

        Assert.DoesNotMatch(TextBetweenTags(), markup);
        Assert.DoesNotMatch(TextInAttributes(), markup);
    }

    [Theory]
    [InlineData("<p>Hello there</p>", true)]
    [InlineData("<p class=\"x\">\n  Hello\n</p>", true)]
    [InlineData("<a aria-label=\"Close it\"></a>", true)]
    [InlineData("<p>@T[\"key\"] · @(a ? b : c)</p>", false)]
    [InlineData("<a aria-label=\"@T[\"key\"]\" href=\"/stacks\">@Name.Value</a>", false)]
    public void The_scan_itself_finds_sentences_and_leaves_expressions_alone(string markup, bool isFound) =>
        Assert.Equal(isFound, TextBetweenTags().IsMatch(MarkupOf(markup)) || TextInAttributes().IsMatch(MarkupOf(markup)));

    [Fact]
    public void Every_key_a_page_names_exists()
    {
        var known = Pairs.Select(pair => pair.Data).SelectMany(f => Read(Path.Combine(Resources, f)).Keys).ToHashSet();
        var named = Directory.GetFiles(Path.Combine(Web, "Components"), "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(f => NamedKey().Matches(File.ReadAllText(f)).Select(m => m.Groups["key"].Value))
            .ToList();

        Assert.True(named.Count > 100, "The scan found hardly any key: it no longer reads the sources rightly.");
        Assert.Equal([], named.Where(key => !known.Contains(key)).Distinct());
    }

    [Fact]
    public void Every_key_of_the_pages_is_used()
    {
        var sources = string.Join('\n', Directory.GetFiles(Path.Combine(Web, "Components"), "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal)).Select(File.ReadAllText));

        // MudBlazor asks for its own words, and a theme's name is put together.
        Assert.Equal([], Read(Path.Combine(Resources, "PageTexts.resx")).Keys
            .Where(key => !key.StartsWith("Mud", StringComparison.Ordinal) && !key.StartsWith("theme-", StringComparison.Ordinal))
            .Where(key => !key.StartsWith("op-", StringComparison.Ordinal) && !key.StartsWith("role-", StringComparison.Ordinal) && !key.StartsWith("signin-", StringComparison.Ordinal))
            .Where(key => !key.StartsWith("scope-", StringComparison.Ordinal) && !key.StartsWith("consent-invalid_", StringComparison.Ordinal))
            .Where(key => !sources.Contains($"\"{key}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_operation_has_its_words_and_no_others()
    {
        string[] always = ["name", "queued", "queued-lead", "running", "running-lead", "completed", "completed-lead", "failed", "retry"];
        Operation[] asking = [OperationCatalog.Stop, OperationCatalog.Restart, OperationCatalog.Redeploy, OperationCatalog.RotatePassword, OperationCatalog.ChangeEnvironment];

        Assert.Equal(
            OperationCatalog.All.Where(operation => operation != MadeUpOperation.Instance)
                .SelectMany(operation => always
                    .Concat(operation is { MakesStack: false, RemovesStack: false } ? ["do"] : [])
                    .Concat(asking.Contains(operation) ? ["ask", "ask-text"] : [])
                    .Concat(operation == OperationCatalog.Start ? ["bring-back"] : [])
                    // What becomes of a stack that could not be made depends on what is left of it.
                    .Concat(operation.MakesStack ? [] : ["failed-lead"])
                    .Concat(operation.MakesStack ? ["cancelled"] : [])
                    .Select(word => $"op-{operation.Name}-{word}"))
                .Order(),
            Read(Path.Combine(Resources, "PageTexts.resx")).Keys.Where(key => key.StartsWith("op-", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void A_colour_is_named_in_the_theme_and_nowhere_else()
    {
        var files = Directory.GetFiles(Path.Combine(Web, "Components"), "*", SearchOption.AllDirectories)
            .Append(Path.Combine(Web, "wwwroot", "app.css"))
            .Where(f => Path.GetFileName(f) != "PortalTheme.cs");

        Assert.Equal([], files.Where(f => Colour().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName));
    }

    private static string MarkupOf(string source)
    {
        var markup = CodeBlock().Replace(source, "");
        markup = Directive().Replace(markup, "");
        markup = RazorComment().Replace(markup, "");
        markup = WithoutExpressions(markup);
        return Statement().Replace(markup, "");
    }

    /// <summary>Drops every <c>@name</c>, <c>@(…)</c>, <c>@if (…)</c> with what stands in its brackets.</summary>
    private static string WithoutExpressions(string markup)
    {
        var kept = new System.Text.StringBuilder();
        for (var at = 0; at < markup.Length;)
        {
            if (markup[at] != '@')
            {
                kept.Append(markup[at++]);
                continue;
            }
            var start = ++at;
            while (at < markup.Length)
            {
                if (char.IsLetterOrDigit(markup[at]) || markup[at] is '_' or '.' or '!' or '?')
                {
                    at++;
                }
                else if (markup[at] is '(' or '[')
                {
                    at = EndOfBracket(markup, at);
                }
                else if (markup[at] == ' ' && Keyword().IsMatch(markup[start..at]))
                {
                    at++;
                }
                else
                {
                    break;
                }
            }
        }
        return kept.ToString();
    }

    private static int EndOfBracket(string markup, int at)
    {
        var depth = 0;
        var isQuoted = false;
        for (; at < markup.Length; at++)
        {
            isQuoted ^= markup[at] == '"';
            depth += isQuoted ? 0 : markup[at] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth == 0 && !isQuoted)
            {
                return at + 1;
            }
        }
        return at;
    }

    private static IEnumerable<string> PlacesOf(string text) => Place().Matches(text).Select(m => m.Value).Distinct().Order();

    private static Dictionary<string, string> Read(string file) => XDocument.Load(file).Root!.Elements("data")
        .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^@code\s*\{.*\z", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^@(page|inject|using|implements|inherits|attribute|layout)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    [GeneratedRegex("^(if|for|foreach|switch)$")]
    private static partial Regex Keyword();

    [GeneratedRegex(@"^[^<>\n]*[;{}()=:]\s*$|^\s*(else|case .*|break;|default:)\s*$", RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex(@">[^<>@{}=;]*\p{L}{2,}[^<>@{}=;]*<")]
    private static partial Regex TextBetweenTags();

    [GeneratedRegex(@"\b(aria-label|title|placeholder|alt|Title|Label)=""[^""@]*\p{L}{2,}")]
    private static partial Regex TextInAttributes();

    [GeneratedRegex(@"\b(T|texts|pages|names|Names)\[""(?<key>[^""]+)""(?! \+)")]
    private static partial Regex NamedKey();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")]
    private static partial Regex Colour();

    /// <summary>For: portal, deployment, trace-id, statussen, registry, stoppen.</summary>
    [GeneratedRegex(@"\b(portaal|uitrol|spoor\w*|staten|register|annule\w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OtherDutchWord();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();
}
