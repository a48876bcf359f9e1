using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.Configuration;

namespace AiStackDeployer.Tests.Settings;

/// <summary>Settings as files, as Docker and Kubernetes mount secrets.</summary>
public sealed class PortalConfigurationTests : IDisposable
{
    private readonly string _secrets = Directory.CreateTempSubdirectory("portal-secrets-").FullName;

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    [Fact]
    public void A_file_named_like_a_setting_is_its_value_without_the_last_line_break()
    {
        File.WriteAllText(Path.Combine(_secrets, "DOKPLOY_API_TOKEN"), "from-a-file\n");
        File.WriteAllText(Path.Combine(_secrets, "STACK_ENV__ANTHROPIC_API_KEY"), "key-of-a-model");

        var configuration = Read();

        Assert.Equal("from-a-file", configuration["DOKPLOY_API_TOKEN"]);
        Assert.Equal("key-of-a-model", configuration["STACK_ENV:ANTHROPIC_API_KEY"]);
    }

    [Fact]
    public void The_environment_wins_over_a_file()
    {
        File.WriteAllText(Path.Combine(_secrets, PathVariable), "from-a-file");

        Assert.Equal(Environment.GetEnvironmentVariable(PathVariable), Read()[PathVariable]);
    }

    [Fact]
    public void A_variable_set_to_nothing_hides_no_file_and_without_a_file_stays_nothing()
    {
        File.WriteAllText(Path.Combine(_secrets, "DOKPLOY_API_TOKEN"), "from-a-file");
        File.WriteAllText(Path.Combine(_secrets, "HETZNER_API_TOKEN"), "from-a-file");

        var configuration = Read(later: new() { ["DOKPLOY_API_TOKEN"] = "", ["HETZNER_API_TOKEN"] = "said", ["DOKPLOY_URL"] = "" });

        Assert.Equal(("from-a-file", "said", ""), (configuration["DOKPLOY_API_TOKEN"], configuration["HETZNER_API_TOKEN"], configuration["DOKPLOY_URL"]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_and_the_others_are_not()
    {
        File.WriteAllText(Path.Combine(_secrets, "DOKPLOY_API_TOKEN"), "from-a-file");
        // Root, who may run these tests, reads whatever its mode says, but not what is locked.
        using var locked = new FileStream(Path.Combine(_secrets, "HETZNER_API_TOKEN"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        var error = Assert.Throws<SettingsException>(() => Read());

        Assert.Equal([$"SECRETS_DIR ({_secrets}): the portal's user may not read HETZNER_API_TOKEN."], error.Faults);
    }

    [Fact]
    public void A_variable_may_name_the_file_that_holds_a_value_and_a_value_itself_wins()
    {
        var file = Path.Combine(_secrets, "token.txt");
        File.WriteAllText(file, "from-a-named-file\r\n");

        var configuration = Read(later: new() { ["DOKPLOY_API_TOKEN_FILE"] = file, ["HETZNER_API_TOKEN"] = "said", ["HETZNER_API_TOKEN_FILE"] = file });

        Assert.Equal(("from-a-named-file", "said"), (configuration["DOKPLOY_API_TOKEN"], configuration["HETZNER_API_TOKEN"]));
    }

    [Fact]
    public void A_named_file_that_cannot_be_read_is_a_fault_of_the_variable()
    {
        var error = Assert.Throws<SettingsException>(() => Read(later: new() { ["DOKPLOY_API_TOKEN_FILE"] = Path.Combine(_secrets, "missing") }));

        Assert.Equal(["DOKPLOY_API_TOKEN_FILE names a file that the portal's user cannot read."], error.Faults);
    }

    /// <summary>A machine may have no inotify instance left; the portal has no use for one.</summary>
    [Fact]
    public void No_file_of_settings_is_watched() => Assert.All(
        ((IConfigurationBuilder)PortalConfiguration.CreateBuilder().Configuration).Sources.OfType<FileConfigurationSource>(), source => Assert.False(source.ReloadOnChange));

    [Fact]
    public void No_folder_of_secrets_is_no_fault() => Assert.Null(Read(Path.Combine(_secrets, "missing"))["DOKPLOY_API_TOKEN"]);

    // Every process has this one, so the test has no need to change its own environment, which other tests share.
    private const string PathVariable = "PATH";

    /// <param name="later">Stands for variables of the environment, which wins over files as these do.</param>
    private ConfigurationManager Read(string? folder = null, Dictionary<string, string?>? later = null)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["SECRETS_DIR"] = folder ?? _secrets }).AddEnvironmentVariables();
        configuration.AddInMemoryCollection(later ?? []);
        configuration.AddPortalFiles();
        return configuration;
    }
}
