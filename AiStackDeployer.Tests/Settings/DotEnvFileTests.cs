using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Tests.Settings;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("KEY=value", "value")]
    [InlineData("  KEY = value  ", "value")]
    [InlineData("export KEY=value", "value")]
    [InlineData("KEY=", "")]
    [InlineData("KEY=\"  spaces  \"", "  spaces  ")]
    [InlineData("KEY='single # no comment'", "single # no comment")]
    [InlineData("KEY=\"quoted\" # comment", "quoted")]
    [InlineData("KEY=value # comment", "value")]
    [InlineData("KEY=pass#word", "pass#word")]
    [InlineData("KEY=# only a comment", "")]
    [InlineData("KEY=a=b=c", "a=b=c")]
    [InlineData("KEY=it's", "it's")]
    public void A_line_is_read_as_people_write_it(string line, string value) => Assert.Equal(value, DotEnvFile.Parse([line])["KEY"]);

    [Fact]
    public void Comments_and_empty_lines_are_nothing_and_the_last_of_two_counts()
    {
        var values = DotEnvFile.Parse(["# KEY=comment", "", "   ", "KEY=first", "key=second"]);

        Assert.Equal("second", Assert.Single(values).Value);
    }

    [Fact]
    public void Two_underscores_are_a_level_as_in_the_environment() =>
        Assert.Equal("x", DotEnvFile.Parse(["STACK_ENV__TOKEN=x"])["STACK_ENV:TOKEN"]);

    [Fact]
    public void Lines_that_are_none_are_named_by_number_without_what_stands_there()
    {
        var error = Assert.Throws<SettingsException>(
            () => DotEnvFile.Parse(["GOOD=1", "secret-without-key", "KEY='secret not closed", "=secret", "KEY=\"a\" secret", "K EY=secret"]));

        Assert.Equal([2, 3, 4, 5, 6], error.Faults.Select(f => int.Parse(f.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
