using System.Text.RegularExpressions;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Tests.Operations;

/// <summary>docs/OPERATIONS.md tells what the program reads, and its links lead somewhere.</summary>
public sealed partial class OperationsGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Dockerfile.Root, "docs", "OPERATIONS.md"));

    [Fact]
    public void The_table_of_settings_has_every_setting_with_its_default_or_example_and_no_other()
    {
        // .env.example is held against the program itself by another test.
        var known = DotEnvFile.Parse(File.ReadLines(Path.Combine(Dockerfile.Root, ".env.example"))
            .Where(l => l.Length > 1 && l[0] == '#' && l[1] != ' ').Select(l => l[1..]));
        var rows = Section("Settings").Split('\n').Select(l => Row().Match(l)).Where(m => m.Success).ToList();

        Assert.Equal(
            known.Select(k => (k.Key.Replace(":", "__", StringComparison.Ordinal), k.Value ?? "")),
            rows.Select(m => (m.Groups["key"].Value, m.Groups["value"].Value)));
        Assert.All(rows, m => Assert.EndsWith(".", m.Groups["effect"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_inside_leads_to_a_heading_and_every_link_outside_to_a_file()
    {
        var headings = Heading().Matches(Guide).Select(m => Anchor(m.Groups[1].Value)).ToHashSet();
        foreach (var target in Link().Matches(Guide).Select(m => m.Groups[1].Value).Where(t => !t.StartsWith("http", StringComparison.Ordinal)))
        {
            Assert.True(
                target.StartsWith('#') ? headings.Contains(target[1..]) : Path.Exists(Path.Combine(Dockerfile.Root, "docs", target.Split('#')[0])), target);
        }
    }

    [Fact]
    public void Every_variable_of_compose_itself_is_in_its_table()
    {
        var compose = File.ReadAllText(Path.Combine(Dockerfile.Root, "compose.yaml"));

        Assert.Equal(
            ComposeVariable().Matches(compose).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct().Order(),
            Section("With compose").Split('\n').Select(l => Row().Match(l)).Where(m => m.Success)
                .Select(m => (m.Groups["key"].Value, m.Groups["value"].Value)).Order());
    }

    [Fact]
    public void The_unit_and_the_compose_file_give_a_stop_as_much_time_as_the_guide_says()
    {
        Assert.Contains("TimeoutStopSec=40", File.ReadAllText(Path.Combine(Dockerfile.Root, "ops", "systemd", "ai-stack-deployer.service")), StringComparison.Ordinal);
        Assert.Contains("stop_grace_period: 40s", File.ReadAllText(Path.Combine(Dockerfile.Root, "compose.yaml")), StringComparison.Ordinal);
        Assert.Contains("40 s to stop", Section("With systemd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_units_read_is_made_by_the_install()
    {
        var units = string.Concat(Directory.GetFiles(Path.Combine(Dockerfile.Root, "ops", "systemd")).Select(File.ReadAllText));
        var install = Section("With systemd");

        Assert.All(Configured().Matches(units).Select(m => m.Value).Distinct(), file => Assert.Contains($" {file}", install, StringComparison.Ordinal));
        Assert.Contains("Documentation=file:///opt/ai-stack-deployer/docs/OPERATIONS.md", units, StringComparison.Ordinal);
        Assert.Contains("cp docs/OPERATIONS.md out/docs/", install, StringComparison.Ordinal);
    }

    [Fact]
    public void On_dokploy_the_old_portal_is_stopped_first_and_backup_and_restore_find_its_volume()
    {
        var install = Section("On Dokploy itself");

        Assert.Contains("Parallelism `1`, Failure Action *Pause*, Order *Stop First*", install, StringComparison.Ordinal);
        Assert.Contains("`40000000000`", install, StringComparison.Ordinal);
        Assert.Contains("name `ai-stack-deployer-data`", install, StringComparison.Ordinal);
        Assert.Contains("-f volume=ai-stack-deployer-data", Section("Backup"), StringComparison.Ordinal);
        Assert.Contains("-v ai-stack-deployer-data:/data", Section("Restore"), StringComparison.Ordinal);
    }

    private static string Section(string heading)
    {
        var start = Guide.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        var end = Guide.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        return end < 0 ? Guide[start..] : Guide[start..end];
    }

    /// <summary>As Gitea and GitHub make it of a heading.</summary>
    private static string Anchor(string heading) =>
        NoAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^\| `(?<key>[A-Z][A-Z_]+)` \| (?:`(?<value>[^`]*)` )?\| (?<effect>.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\$\{(\w+):-([^}]*)\}")]
    private static partial Regex ComposeVariable();

    [GeneratedRegex(@"/etc/ai-stack-deployer/[\w./]+\w")]
    private static partial Regex Configured();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
