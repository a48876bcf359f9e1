using AiStackDeployer.Core.Dokploy;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Dokploy;

public sealed class DokployOptionsTests
{
    [Fact]
    public void The_token_and_a_login_in_the_address_do_not_show()
    {
        var options = new DokployOptions { Url = new Uri("https://user:hidden@dokploy.test/x?key=hidden"), ApiToken = "hidden" };

        Assert.Equal("DokployOptions { Url = https://dokploy.test/x }", options.ToString());
    }

    [Fact]
    public void Environment_and_registry_login_of_settings_do_not_show()
    {
        var settings = new ApplicationSettings { Image = "i:1", Env = "P='hidden'", RegistryUsername = "hidden", RegistryPassword = "hidden" };

        Assert.DoesNotContain("hidden", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hidden hidden")]
    [InlineData("hidden\nx")]
    [InlineData("hiddené")]
    public void A_token_that_no_header_can_carry_is_refused_without_being_quoted(string token)
    {
        var fault = Refusal(new DokployOptions { Url = new Uri("https://dokploy.test"), ApiToken = token });

        Assert.Contains("ApiToken", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://dokploy.test")]
    [InlineData("/relative")]
    public void An_address_that_is_not_http_is_refused(string url)
    {
        var fault = Refusal(new DokployOptions { Url = new Uri(url, UriKind.RelativeOrAbsolute), ApiToken = "t" });

        Assert.Contains("Url", fault.Message, StringComparison.Ordinal);
    }

    private static ArgumentException Refusal(DokployOptions options)
    {
        using var services = new ServiceCollection().AddLogging().AddDokployClient(_ => options).BuildServiceProvider();
        return Assert.Throws<ArgumentException>(() => services.GetRequiredService<DokployClient>());
    }
}
