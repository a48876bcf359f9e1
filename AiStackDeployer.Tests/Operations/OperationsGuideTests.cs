using System.Diagnostics;
using System.Text.RegularExpressions;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Tests.Operations;

/// <summary>The documents for operators agree with the files that they are about, and their commands work.</summary>
public sealed partial class OperationsGuideTests
{
    [Fact]
    public void The_table_of_settings_has_every_setting_with_its_default_or_example_and_no_other()
    {
        // .env.example is held against the program itself by another test.
        var known = DotEnvFile.Parse(File.ReadLines(Path.Combine(Dockerfile.Root, ".env.example"))
            .Where(l => l.Length > 1 && l[0] == '#' && l[1] != ' ').Select(l => l[1..]));
        var rows = Document("reference-settings.md").Split('\n').Select(l => Row().Match(l)).Where(m => m.Success).ToList();

        Assert.Equal(
            known.Select(k => (k.Key.Replace(":", "__", StringComparison.Ordinal), k.Value ?? "")),
            rows.Select(m => (m.Groups["key"].Value, m.Groups["value"].Value)));
        Assert.All(rows, m => Assert.EndsWith(".", m.Groups["effect"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_variable_of_compose_itself_is_in_its_table()
    {
        var compose = File.ReadAllText(Path.Combine(Dockerfile.Root, "compose.yaml"));

        Assert.Equal(
            ComposeVariable().Matches(compose).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct().Order(),
            Document("install-compose.md").Split('\n').Select(l => Row().Match(l)).Where(m => m.Success)
                .Select(m => (m.Groups["key"].Value, m.Groups["value"].Value)).Order());
    }

    [Fact]
    public void The_unit_and_the_compose_file_give_a_stop_as_much_time_as_the_guide_says()
    {
        Assert.Contains("TimeoutStopSec=40", File.ReadAllText(Path.Combine(Dockerfile.Root, "ops", "systemd", "ai-stack-deployer.service")), StringComparison.Ordinal);
        Assert.Contains("stop_grace_period: 40s", File.ReadAllText(Path.Combine(Dockerfile.Root, "compose.yaml")), StringComparison.Ordinal);
        Assert.Contains("40 s to stop", Document("install-systemd.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_units_read_is_made_by_the_install()
    {
        var units = string.Concat(Directory.GetFiles(Path.Combine(Dockerfile.Root, "ops", "systemd")).Select(File.ReadAllText));
        var install = Document("install-systemd.md");

        Assert.All(Configured().Matches(units).Select(m => m.Value).Distinct(), file => Assert.Contains($" {file}", install, StringComparison.Ordinal));
        Assert.Contains("Documentation=file:///opt/ai-stack-deployer/docs/operate.md", units, StringComparison.Ordinal);
        Assert.Contains("cp docs/*.md out/docs/", install, StringComparison.Ordinal);
    }

    [Fact]
    public void On_dokploy_the_old_portal_is_stopped_first_and_backup_and_restore_find_its_volume()
    {
        var install = Document("install-dokploy.md");

        Assert.Contains("Parallelism `1`, Failure Action *Pause*, Order *Stop First*", install, StringComparison.Ordinal);
        Assert.Contains("`40000000000`", install, StringComparison.Ordinal);
        Assert.Contains("name `ai-stack-deployer-data`", install, StringComparison.Ordinal);
        Assert.Contains("-v ai-stack-deployer-data:/data", Document("operate.md"), StringComparison.Ordinal);
    }

    /// <summary>Without sign-in whoever reaches the portal is an administrator, and every stack is on Dokploy's own network.</summary>
    [Fact]
    public void On_dokploy_the_portal_is_on_a_network_without_stacks_and_believes_what_is_on_that_one_alone()
    {
        var install = Document("install-dokploy.md");
        var network = Network().Match(install);

        Assert.True(network.Success);
        Assert.Contains($"TRUSTED_PROXIES={network.Groups["subnet"].Value}`", install, StringComparison.Ordinal);
        Assert.Contains($"**Network**: Target `{network.Groups["name"].Value}` alone", install, StringComparison.Ordinal);
        Assert.Contains("(install-dokploy.md)", Document("install-compose.md"), StringComparison.Ordinal);
    }

    /// <summary>A service with both is built from this folder, under the registry's name, when the registry does not answer.</summary>
    [Fact]
    public void No_start_with_compose_builds_a_program_under_the_name_of_another()
    {
        var starts = string.Join('\n', Document("install-compose.md"), Document("operate.md")).Split('\n').Where(l => l.Contains("docker compose", StringComparison.Ordinal) && l.Contains(" up -d", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, starts.Count);
        Assert.All(starts, line => Assert.Contains(" --no-build", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_backup_through_standard_output_gets_its_name_when_it_is_whole_and_nobody_else_may_read_it()
    {
        var script = Assert.Single(Block().Matches(Document("operate.md")).Select(b => b.Value), b => b.Contains("backup - |", StringComparison.Ordinal));

        Assert.Matches(@"(?s)set -euo pipefail\numask 077\n.*backup - \| age -R \S+ > (\S+\.partial)\nmv \1 ", script);
    }

    /// <summary>A portal that was killed has left its last writes in the log beside the database.</summary>
    [Fact]
    public async Task A_rollback_keeps_the_newer_database_with_its_log_and_takes_nothing_of_it_over()
    {
        var lines = Assert.Single(Rollback().Matches(Document("operate.md"))).Value;

        foreach (var killed in new[] { true, false })
        {
            var folder = Directory.CreateTempSubdirectory("rollback-");
            string[] files = ["portal.db", Copy().Match(lines).Value, "engine.db", .. killed ? new[] { "portal.db-wal", "portal.db-shm" } : []];
            foreach (var file in files)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), file, TestContext.Current.CancellationToken);
            }
            using (var shell = Process.Start(new ProcessStartInfo("sh", ["-euc", lines]) { WorkingDirectory = folder.FullName })!)
            {
                await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, shell.ExitCode);
            }

            Assert.Equal(
                [("portal.db", Copy().Match(lines).Value), ("portal.db.newer", "portal.db"), .. killed ? new[] { ("portal.db.newer-wal", "portal.db-wal") } : []],
                folder.GetFiles().Select(f => (f.Name, File.ReadAllText(f.FullName))).Order());
            folder.Delete(recursive: true);
        }
    }

    private static string Document(string name) => File.ReadAllText(Path.Combine(Dockerfile.Root, "docs", name));

    [GeneratedRegex(@"^\| `(?<key>[A-Z]\w+)` \| (?:`(?<value>[^`]*)` )?\| (?<effect>.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\$\{(\w+):-([^}]*)\}")]
    private static partial Regex ComposeVariable();

    [GeneratedRegex(@"/etc/ai-stack-deployer/[\w./]+\w")]
    private static partial Regex Configured();

    [GeneratedRegex(@"docker network create --driver overlay --attachable --subnet (?<subnet>\S+) (?<name>\S+)\n")]
    private static partial Regex Network();

    [GeneratedRegex(@"^```sh\n.*?\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *mv portal\.db portal\.db\.newer\n.*?engine\.db", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Rollback();

    [GeneratedRegex(@"portal\.db\.before-\w+")]
    private static partial Regex Copy();
}
