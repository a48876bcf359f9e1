using System.Text.RegularExpressions;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What the security document calls a proof is there.</summary>
public sealed partial class SecurityGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Dockerfile.Root, "docs", "SECURITY.md"));

    [Fact]
    public void Every_file_and_every_test_that_it_names_exists()
    {
        var tests = typeof(SecurityGuideTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var files = Names().Matches(Guide).Select(m => m.Groups["file"].Value).Where(name => name.Length > 0).ToList();
        var classes = Names().Matches(Guide).Select(m => m.Groups["test"].Value).Where(name => name.Length > 0).ToList();

        Assert.NotEmpty(files);
        Assert.Equal([], files.Where(file => !Exists(file)));
        Assert.NotEmpty(classes);
        Assert.Equal([], classes.Where(name => !tests.Contains(name)));
    }

    /// <summary>Version 5.0.0 has 253 requirements at the levels 1 and 2.</summary>
    [Fact]
    public void Every_requirement_of_the_standard_has_one_line_with_a_verdict()
    {
        var lines = Requirement().Matches(Guide).ToList();

        Assert.Equal(253, lines.Select(line => line.Groups["id"].Value).Distinct().Count());
        Assert.Equal(253, lines.Count);
        Assert.All(lines, line => Assert.True(line.Groups["here"].Value.Length > 3, line.Value));
    }

    private static bool Exists(string file) => ((string[])[file, "AiStackDeployer.Web/" + file, "AiStackDeployer." + file])
        .Any(path => File.Exists(Path.Combine(Dockerfile.Root, path)));

    [GeneratedRegex(@"`(?<file>[\w./-]+\.(?:cs|razor|yaml|props|js))`|`(?<test>\w+Tests)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"^\| (?<id>\d+\.\d+\.\d+) \| [^|]+ \| (?<here>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Requirement();
}
