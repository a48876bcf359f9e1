using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What an operator may rely on of the image, read from the file it is built from.</summary>
public sealed partial class DockerfileTests
{
    private static readonly IReadOnlyList<(string Instruction, string Argument)> Lines = Dockerfile.Read();

    private static readonly IReadOnlyList<(string Instruction, string Argument)> Final =
        [.. Lines.Skip(Lines.ToList().FindLastIndex(l => l.Instruction == "FROM"))];

    [Fact]
    public void No_frontend_is_fetched_for_it() => Assert.DoesNotContain(
        File.ReadLines(Path.Combine(Dockerfile.Root, "Dockerfile")), l => Syntax().IsMatch(l));

    [Fact]
    public void Every_base_image_is_named_with_a_version()
    {
        var defaults = Lines.Where(l => l.Instruction == "ARG" && l.Argument.Contains('=', StringComparison.Ordinal))
            .Select(l => l.Argument.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var images = Lines.Where(l => l.Instruction == "FROM")
            .Select(l => Variable().Replace(l.Argument.Split(' ').First(p => !p.StartsWith("--", StringComparison.Ordinal)), m => defaults[m.Groups[1].Value]))
            .ToList();

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Matches(@":\d+\.\d+[^:]*$", image));
        Assert.Contains("chiseled-extra", images[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_a_user_given_by_number_and_not_as_root()
    {
        Assert.Equal("1654", Assert.Single(Final, l => l.Instruction == "USER").Argument);
        // Whoever comes after it must not be root again, and nothing runs before it that would need a shell.
        Assert.DoesNotContain(Final, l => l.Instruction == "RUN");
    }

    [Fact]
    public void The_data_folder_is_the_one_volume_and_belongs_to_that_user()
    {
        Assert.Equal(["/data"], Exec(Assert.Single(Final, l => l.Instruction == "VOLUME").Argument));
        Assert.Contains(("RUN", "mkdir /volume && mkdir -m 700 /volume/data"), Lines);
        Assert.Contains(("COPY", "--from=build --chown=1654:1654 /volume /"), Final);
        Assert.Contains("DATA_DIR=/data", Assert.Single(Final, l => l.Instruction == "ENV").Argument, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_started_and_checked_without_a_shell_and_told_to_stop_by_the_signal_it_knows()
    {
        Assert.Equal(["/app/AiStackDeployer.Web"], Exec(Assert.Single(Final, l => l.Instruction == "ENTRYPOINT").Argument));
        var check = Assert.Single(Final, l => l.Instruction == "HEALTHCHECK").Argument;
        // Debian 12's engine does not know it and builds nothing then.
        Assert.DoesNotContain("--start-interval", check, StringComparison.Ordinal);
        // An upgrade of a large database, before which nobody listens.
        Assert.Contains("--start-period=10m", check, StringComparison.Ordinal);
        Assert.Equal(
            ["/app/AiStackDeployer.Web", "--health"], Exec(check[(check.IndexOf("CMD ", StringComparison.Ordinal) + 4)..]));
        Assert.Equal("SIGTERM", Assert.Single(Final, l => l.Instruction == "STOPSIGNAL").Argument);
    }

    [Fact]
    public void A_change_of_source_alone_leaves_the_restored_packages_in_the_cache()
    {
        var restore = Lines.ToList().FindIndex(l => l.Instruction == "RUN" && l.Argument.StartsWith("dotnet restore", StringComparison.Ordinal));
        var before = Lines.Take(restore).Where(l => l.Instruction == "COPY").SelectMany(l => l.Argument.Split(' ')[..^1]).ToList();

        Assert.True(restore > 0);
        Assert.Equal(
            Projects("AiStackDeployer.Web").Append("Directory.Build.props").Append("Directory.Packages.props").Append("global.json").Order(StringComparer.Ordinal),
            before.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_program_is_told_its_version_behind_the_packages_and_has_one_default_everywhere()
    {
        var publish = Lines.ToList().FindIndex(l => l.Instruction == "RUN" && l.Argument.StartsWith("dotnet publish", StringComparison.Ordinal));
        var since = Lines.Skip(Lines.ToList().FindIndex(l => l.Argument.StartsWith("dotnet restore", StringComparison.Ordinal))).ToList();

        Assert.Contains(("ARG", "VERSION"), since[..since.IndexOf(Lines[publish])]);
        Assert.Contains("-p:Version=$VERSION -p:SourceRevisionId=$REVISION ", Lines[publish].Argument, StringComparison.Ordinal);
        var version = Assert.Single(Lines, l => l.Argument.StartsWith("VERSION=", StringComparison.Ordinal)).Argument.Split('=')[1];
        Assert.Contains($"<Version>{version}</Version>", Text("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains($":-ai-stack-deployer:{version}}}", Text("compose.yaml"), StringComparison.Ordinal);
        Assert.Contains($"VERSION: {version}\n", Text("compose.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_this_folder_is_not_committed()
    {
        foreach (var secret in new[] { "secrets/DOKPLOY_API_TOKEN", ".env", "data/keys/key-1.xml" })
        {
            // The folder may belong to somebody else than who runs the tests.
            await using var git = ProgramProcess.Start(
                "git", ["-c", "safe.directory=*", "check-ignore", "--no-index", secret], Dockerfile.Root, new Dictionary<string, string>());
            Assert.True(await git.EndAsync(TestContext.Current.CancellationToken) == 0, $"{secret} {git.Output}");
        }
    }

    [Fact]
    public void Only_what_is_named_goes_to_the_builder_and_no_secret_is()
    {
        var ignore = File.ReadAllLines(Path.Combine(Dockerfile.Root, ".dockerignore")).Where(l => l.Length > 0 && l[0] != '#').ToList();

        Assert.Equal("*", ignore[0]);
        Assert.All(ignore.Where(l => l.StartsWith('!')), l => Assert.True(Path.Exists(Path.Combine(Dockerfile.Root, l[1..])), l));
        Assert.Contains("**/.env", ignore);
        Assert.DoesNotContain("!secrets", ignore);
    }

    [Fact]
    public void Its_labels_are_those_that_registries_read()
    {
        var labels = Assert.Single(Final, l => l.Instruction == "LABEL").Argument;

        foreach (var label in new[] { "title", "description", "version", "revision", "created", "base.name" })
        {
            Assert.Contains($"org.opencontainers.image.{label}=", labels, StringComparison.Ordinal);
        }
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Dockerfile.Root, file));

    /// <summary>The JSON form of a command, which needs no shell.</summary>
    private static string[] Exec(string argument) => JsonSerializer.Deserialize<string[]>(argument)!;

    /// <summary>The project and all it refers to, as paths below the root.</summary>
    private static IEnumerable<string> Projects(string name)
    {
        var file = Path.Combine(Dockerfile.Root, name, name + ".csproj");
        return Reference().Matches(File.ReadAllText(file)).SelectMany(m => Projects(m.Groups[1].Value)).Prepend($"{name}/{name}.csproj").Distinct();
    }

    [GeneratedRegex(@"^#\s*syntax\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Syntax();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex("""<ProjectReference Include="\.\.\\([\w.]+)\\""")]
    private static partial Regex Reference();
}
