using System.Globalization;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Processes;

/// <summary><c>--check</c> as a process, with settings and without, beside a portal and alone.</summary>
public sealed class CheckCommandTests : IAsyncLifetime
{
    private const int GivesUpAfter = 120_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-check-").FullName;
    private DokployEmulatorHost _dokploy = null!;

    public async ValueTask InitializeAsync() =>
        _dokploy = await DokployEmulatorHost.StartAsync(new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dokploy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task With_all_well_it_prints_a_row_for_each_and_ends_with_0_leaving_nothing()
    {
        var (code, output) = await RunAsync(Settings(), null, TestContext.Current.CancellationToken);

        Assert.True(code == 0, output);
        Assert.Matches(@"✓ Good +Dokploy +[\d.]+ m?s +Dokploy 0\.30\.2 answers at http://127\.0\.0\.1:\d+\.", output);
        Assert.Matches(@"✓ Good +Dokploy: rate limit of the key +Known: the key was accepted 6 times in a row\.", output);
        Assert.Matches("○ Not needed +Certificate of the stacks", output);
        Assert.Matches("✓ Good +Database .*There is no database yet", output);
        Assert.EndsWith("Everything the portal needs works.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(_dokploy.ApiKey, output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Beside_a_portal_that_runs_it_checks_the_portals_own_database()
    {
        await using var home = PortalHome.For(_dokploy);
        await home.StartAsync(TestContext.Current.CancellationToken);

        var settings = Settings();
        settings["DATA_DIR"] = home.Folder;
        var (code, output) = await RunAsync(settings, null, TestContext.Current.CancellationToken);

        Assert.True(code == 0, output);
        Assert.Contains("The database works", output, StringComparison.Ordinal);
        using var person = home.NewPerson();
        Assert.Equal("healthy", (await person.GetJsonAsync("health")).Text("status"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task With_something_bad_it_ends_with_1_and_says_what_to_do()
    {
        _dokploy.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.Unauthorized() });

        var (code, output) = await RunAsync(Settings(), null, TestContext.Current.CancellationToken);

        Assert.True(code == 1, output);
        Assert.Matches("✗ Bad +Dokploy: API key", output);
        Assert.Contains("→ Create a new key in Dokploy's own dialog", output, StringComparison.Ordinal);
        Assert.Matches("– Not checked +Dokploy: rights of the key", output);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Against_a_Dokploy_that_accepts_and_never_answers_it_says_at_once_what_it_does_and_then_who_is_silent()
    {
        _dokploy.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.Hang() });

        var (code, output) = await RunAsync(Settings(), null, TestContext.Current.CancellationToken);

        Assert.True(code == 1, output);
        Assert.Matches(@"^Checking .* 15 s", output);
        Assert.Matches(@"✗ Bad +Dokploy +[\d.]+ s +Dokploy at ", output);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Production_with_nothing_set_says_what_is_missing_checks_the_rest_and_ends_with_2()
    {
        var (code, output) = await RunAsync(new() { ["STACK_DOMAIN_SUFFIX"] = "stacks.invalid" }, null, TestContext.Current.CancellationToken);

        Assert.True(code == 2, output);
        Assert.Contains("DOKPLOY_URL is not set", output, StringComparison.Ordinal);
        Assert.Contains("DOKPLOY_API_TOKEN is not set", output, StringComparison.Ordinal);
        Assert.Contains("STACK_IMAGE is not set", output, StringComparison.Ordinal);
        Assert.Contains("PUBLIC_URL is not set", output, StringComparison.Ordinal);
        Assert.Matches("○ Not set up +Dokploy +Not checked: DOKPLOY_URL, DOKPLOY_API_TOKEN", output);
        Assert.Matches("✓ Good +Database", output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_portal_below_the_same_domain_as_the_stacks_needs_a_look_and_one_that_does_not_answer_is_no_fault()
    {
        var settings = Settings();
        (settings["PUBLIC_URL"], settings["STACK_DOMAIN_SUFFIX"]) = ("https://portal.corp.invalid", "ai.corp.invalid");

        var (_, output) = await RunAsync(settings, null, TestContext.Current.CancellationToken);

        Assert.Matches(@"! Needs a look +Sites of portal and stacks +The portal \(portal.corp.invalid\)", output);
        Assert.Matches("– Not checked +Address of the portal itself ", output);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Development_with_nothing_set_is_what_a_fresh_machine_has_and_ends_with_0()
    {
        var (code, output) = await RunAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" }, null, TestContext.Current.CancellationToken);

        Assert.True(code == 0, output);
        Assert.Contains("In Development the portal emulates one", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Wrong_settings_and_an_unreadable_env_file_are_told_together_without_their_values()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, ".env"), "this line is a password", TestContext.Current.CancellationToken);
        var settings = Settings();
        settings["PORT"] = "four-thousand";
        settings["DOKPLOY_API_TOKEN"] = "secret with spaces";
        settings["HETZNER_API_TOKEN"] = "hetzner with spaces";
        settings["TRAEFIK_IP"] = "10.0.0.5:70000";

        var (code, output) = await RunAsync(settings, "--json", TestContext.Current.CancellationToken);

        Assert.True(code == 2, output);
        Assert.Contains(".env line 1 is not KEY=value", output, StringComparison.Ordinal);
        Assert.Contains("PORT must be a whole number", output, StringComparison.Ordinal);
        Assert.Contains("DOKPLOY_API_TOKEN holds a character that no key has", output, StringComparison.Ordinal);
        // With the address wrong there is nothing to look at there, and a token that cannot be one is not "not set".
        var causes = JsonNode.Parse(output)!["results"]!.AsArray()
            .ToDictionary(c => c!.Text("target"), c => c!.Text("cause"));
        Assert.All(["wildcard-dns", "stack-certificate", "hetzner-token"], target => Assert.Equal("earlier-failed", causes[target]));
        foreach (var secret in new[] { "four-thousand", "secret with", "hetzner with", "password" })
        {
            Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Json_is_what_the_API_answers_in_the_language_of_the_terminal()
    {
        var settings = Settings();
        settings["LANG"] = "nl_NL.UTF-8";

        var (code, output) = await RunAsync(settings, "--json", TestContext.Current.CancellationToken);

        Assert.True(code == 0, output);
        var report = JsonNode.Parse(output)!;
        Assert.Equal(["at", "overall", "message", "results"], report.AsObject().Select(m => m.Key));
        Assert.Equal("Alles wat de portal nodig heeft, werkt.", report.Text("message"));
        Assert.Equal(("dokploy", "good"), (report["results"]![0]!.Text("target"), report["results"]![0]!.Text("verdict")));
        Assert.DoesNotContain(_dokploy.ApiKey, output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task An_option_it_does_not_know_is_refused()
    {
        var (code, output) = await RunAsync(Settings(), "--jsno", TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nl_NL.UTF-8", "en_GB.UTF-8", "nl")]
    [InlineData("C", "nl_NL.UTF-8", "en")]
    [InlineData("", "nl_BE", "nl")]
    [InlineData(null, "nl", "nl")]
    [InlineData(null, "nlx", "en")]
    [InlineData(null, null, "en")]
    public void The_terminals_language_is_the_first_that_is_set(string? all, string? lang, string language) =>
        Assert.Equal(language, CheckCommand.LanguageOf(name => name switch { "LC_ALL" => all, "LANG" => lang, _ => null }));

    private Dictionary<string, string> Settings()
    {
        var stacks = _dokploy.StacksUrl.Port.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            ["DOKPLOY_URL"] = _dokploy.ApiUrl.ToString(),
            ["DOKPLOY_API_TOKEN"] = _dokploy.ApiKey,
            ["STACK_IMAGE"] = PortalFactory.Image,
            ["PUBLIC_URL"] = "http://localhost", ["AUTH"] = "none",
            ["STACK_DOMAIN_SUFFIX"] = "ai.localhost",
            ["STACK_SCHEME"] = "http",
            ["STACK_PUBLIC_PORT"] = stacks,
            ["TRAEFIK_IP"] = $"127.0.0.1:{stacks}",
        };
    }

    private async Task<(int Code, string Output)> RunAsync(
        Dictionary<string, string> settings, string? option, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["LC_ALL"] = "", ["LC_MESSAGES"] = "", ["LANG"] = "C.UTF-8", ["HETZNER_API_TOKEN"] = "" };
        foreach (var (key, value) in settings)
        {
            environment[key] = value;
        }
        await using var check = ProgramProcess.Start("AiStackDeployer.Web", _folder, environment, ["--check", .. option is null ? Array.Empty<string>() : [option]]);
        return (await check.EndAsync(cancellationToken), check.Output);
    }
}
