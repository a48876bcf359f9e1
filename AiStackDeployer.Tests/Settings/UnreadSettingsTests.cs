using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace AiStackDeployer.Tests.Settings;

/// <summary>What was set and has no effect, or not the one that was meant.</summary>
public sealed class UnreadSettingsTests
{
    [Theory]
    [InlineData("MAX_PARALEL_DEPLOYMENTS", "MAX_PARALLEL_DEPLOYMENTS")]
    [InlineData("STACK_MEMROY_LIMIT", "STACK_MEMORY_LIMIT")]
    [InlineData("LOGLEVEL", "LOG_LEVEL")]
    [InlineData("ALLOWED_HOST", "ALLOWED_HOSTS")]
    [InlineData("stack_imge", "STACK_IMAGE")]
    public void A_slip_of_the_pen_is_told_with_the_nearest_name_wherever_it_stands(string name, string meant)
    {
        Assert.Equal([$"{name} in .env is read by nobody; is {meant} meant?"], Of(new DotEnvProvider(new() { [name] = "told-to-nobody" })));
        Assert.Equal([$"{name} in the environment is read by nobody; is {meant} meant?"], Of(new Variables(name)));
    }

    [Theory]
    [InlineData("PORT")]
    [InlineData("port")]
    [InlineData("STACK_ENV:ANYTHING")]
    [InlineData("DOKPLOY_API_TOKEN_FILE")]
    [InlineData("SECRETS_DIR")]
    [InlineData("OTEL_TRACES_SAMPLER")]
    [InlineData("PORTAL_PUBLISH")]
    public void What_is_read_by_the_portal_or_by_those_around_it_is_not_told(string name)
    {
        Assert.Empty(Of(new DotEnvProvider(new() { [name] = "x" })));
        Assert.Empty(Of(new Variables(name)));
    }

    [Theory]
    [InlineData("HOME")]
    [InlineData("HOSTNAME")]
    [InlineData("GF_LOG_LEVEL")]
    [InlineData("DOKPLOY_SERVICE_HOST")]
    [InlineData("DOKPLOY_PORT_3000_TCP_ADDR")]
    public void In_the_environment_others_have_names_too(string name) => Assert.Empty(Of(new Variables(name)));

    [Fact]
    public void In_the_portals_own_file_every_name_is_meant_for_it() =>
        Assert.Equal(["COLOUR in .env is read by nobody."], Of(new DotEnvProvider(new() { ["COLOUR"] = "red" })));

    [Fact]
    public void A_connection_string_by_another_name_is_told_because_a_file_would_take_its_place() => Assert.Equal(
        ["ConnectionStrings__Portl is read by nobody; is ConnectionStrings__Portal meant?"],
        Of(new DotEnvProvider(new() { ["ConnectionStrings:Portl"] = "Host=db;Database=portal" })));

    [Fact]
    public void Of_two_spellings_of_a_setting_the_documented_one_is_read_and_that_is_told()
    {
        var spelled = new SpelledVariables([new("port", "1"), new("PORT", "2"), new("Port", "3")], PortalSettings.Names);

        Assert.True(spelled.TryGet("PORT", out var value));
        Assert.Equal("2", value);
        Assert.Equal(["PORT and Port and port differ only in case: PORT is read."], spelled.Warnings);
    }

    [Fact]
    public void Of_a_stacks_variables_both_spellings_arrive()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["STACK_ENV:HTTP_PROXY"] = "either" });
        ((IConfigurationBuilder)configuration).Add(
            new SpelledVariables([new("STACK_ENV__HTTP_PROXY", "upper"), new("STACK_ENV__http_proxy", "lower"), new("STACK_ENV__ONE", "1")], PortalSettings.Names));

        AssertBoth(configuration);
    }

    [Fact]
    public void Of_a_stacks_variables_in_the_file_both_spellings_arrive()
    {
        var configuration = new ConfigurationManager();
        ((IConfigurationBuilder)configuration).Add(new DotEnvProvider(DotEnvFile.Parse(["STACK_ENV__HTTP_PROXY=upper", "STACK_ENV__http_proxy=lower"])));

        AssertBoth(configuration);
    }

    private static void AssertBoth(ConfigurationManager configuration)
    {
        var environment = PortalSettings.Read(configuration, new NamedEnvironment("Development")).Provisioning.Environment;
        Assert.Equal(("upper", "lower"), (environment["HTTP_PROXY"], environment["http_proxy"]));
        Assert.Equal(2, environment.Count);
    }

    private static IReadOnlyList<string> Of(IConfigurationProvider provider) => [.. UnreadSettings.Of(new ConfigurationRoot([provider]), PortalSettings.Names)];

    private sealed class Variables : EnvironmentVariablesConfigurationProvider
    {
        private readonly string _name;

        public Variables(string name)
        {
            _name = name;
            Load();
        }

        public override void Load() => Data = new Dictionary<string, string?> { [_name ?? "x"] = "told-to-nobody" };
    }
}
