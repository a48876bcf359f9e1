using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Tests.Settings;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What the portal and an operator rely on of a stack's image, read from the files it is built from. <c>stack/smoke.sh</c> tries a built one.</summary>
public sealed partial class StackImageTests
{
    private static readonly string Folder = Path.Combine(Dockerfile.Root, "stack");

    private static readonly IReadOnlyList<(string Instruction, string Argument)> Lines = Dockerfile.Read("stack/Dockerfile");

    private static readonly IReadOnlyList<(string Instruction, string Argument)> Final =
        [.. Lines.Skip(Lines.ToList().FindLastIndex(l => l.Instruction == "FROM"))];

    [Fact]
    public void It_runs_as_a_user_without_rights_and_keeps_what_the_portal_gives_volumes_for()
    {
        var options = new ProvisioningOptions();

        Assert.Equal("1000", Assert.Single(Final, l => l.Instruction == "USER").Argument);
        Assert.Equal([options.WorkspacePath!, options.StatePath!], Exec(Assert.Single(Final, l => l.Instruction == "VOLUME").Argument));
        Assert.Equal(SettingsBench.Production().Stacks.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(Final, l => l.Instruction == "EXPOSE").Argument);
    }

    /// <summary>Whatever Docker starts in it has the stack's password in its environment, which another process of the same user could read.</summary>
    [Fact]
    public void Only_programs_that_the_agent_cannot_look_into_get_the_password()
    {
        var check = Assert.Single(Final, l => l.Instruction == "HEALTHCHECK").Argument;

        Assert.Equal(["/usr/bin/tini", "--", "/usr/local/bin/stack-gate"], Exec(Assert.Single(Final, l => l.Instruction == "ENTRYPOINT").Argument));
        Assert.Equal(["/usr/local/bin/stack-gate", "--health"], Exec(check[(check.IndexOf("CMD ", StringComparison.Ordinal) + 4)..]));
        Assert.Contains(Final, l => l.Instruction == "RUN" && l.Argument.Contains("chmod 0711 /usr/local/bin/stack-gate \"$(readlink -f /usr/bin/tini)\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_fetched_or_shared_that_nobody_asked_for()
    {
        var environment = Assert.Single(Final, l => l.Instruction == "ENV").Argument;
        Assert.All(
            ["OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_MODELS_FETCH=1", "OPENCODE_DISABLE_LSP_DOWNLOAD=1", "OMO_DISABLE_POSTHOG=1"],
            off => Assert.Contains(off, environment, StringComparison.Ordinal));
        Assert.All(["opencode.json", "opencode.oh-my.json"], file =>
        {
            using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
            Assert.Equal("disabled", settings.RootElement.GetProperty("share").GetString());
            Assert.False(settings.RootElement.GetProperty("autoupdate").GetBoolean());
        });
        Assert.Contains(Lines, l => l == ("ARG", "OH_MY_OPENCODE=no"));
    }

    [Fact]
    public void What_comes_from_elsewhere_is_checked_against_a_checksum()
    {
        var locks = Directory.GetFiles(Folder, "package-lock.json", SearchOption.AllDirectories);

        Assert.Contains(Path.Combine(Folder, "opencode", "v1", "package-lock.json"), locks);
        Assert.All(locks, file =>
        {
            using var read = JsonDocument.Parse(File.ReadAllText(file));
            var packages = read.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0).ToList();
            Assert.NotEmpty(packages);
            Assert.All(packages, p => Assert.StartsWith("sha512-", p.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
            Assert.All(packages, p => Assert.False(p.Value.TryGetProperty("resolved", out _), "A registry is named."));
        });
        Assert.Equal(2, Lines.Count(l => l.Instruction == "ARG" && Checksum().IsMatch(l.Argument)));
        Assert.Contains(Lines, l => l.Argument.Contains("sha256sum -c", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_may_be_chosen_when_it_is_built_is_explained()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var arguments = Lines.Where(l => l.Instruction == "ARG").Select(l => l.Argument.Split('=')[0]).Distinct().Where(a => a != "TTYD_VERSION").ToList();

        Assert.All(arguments, name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_environment_that_the_portal_sets_is_explained()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.All(Core.Stacks.StackEnvironment.Names, name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    private static string[] Exec(string json) => JsonSerializer.Deserialize<string[]>(json)!;

    [GeneratedRegex("^TTYD_SHA256_[A-Z0-9]+=[0-9a-f]{64}$")]
    private static partial Regex Checksum();
}
