using System.Text.RegularExpressions;

namespace AiStackDeployer.Tests.Operations;

/// <summary>Whoever follows a link between the documents arrives.</summary>
public sealed partial class DocumentLinkTests
{
    public static TheoryData<string> Documents =>
    [
        "README.md", "CONTRIBUTING.md",
        .. Directory.GetFiles(Path.Combine(Dockerfile.Root, "docs"), "*.md").Select(f => Path.GetRelativePath(Dockerfile.Root, f)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_to_a_file_and_a_heading(string document)
    {
        var file = Path.Combine(Dockerfile.Root, document);
        var broken = Link().Matches(WithoutCode(file)).Select(m => m.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !LeadsSomewhere(file, target));

        Assert.Equal([], broken);
    }

    private static bool LeadsSomewhere(string from, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, parts[0]);
        return Path.Exists(file) && (parts.Length == 1 || Heading().Matches(WithoutCode(file)).Any(h => Anchor(h.Groups["text"].Value) == parts[1]));
    }

    private static string WithoutCode(string file) => CodeBlock().Replace(File.ReadAllText(file), "");

    // As Gitea and GitHub make it of a heading.
    private static string Anchor(string heading) => NoAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
