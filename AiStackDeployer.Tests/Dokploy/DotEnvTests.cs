using AiStackDeployer.Core.Dokploy;
using CsCheck;

namespace AiStackDeployer.Tests.Dokploy;

public sealed class DotEnvTests
{
    [Theory]
    [InlineData("abc", "K='abc'")]
    [InlineData("", "K=''")]
    [InlineData("a#b", "K='a#b'")]
    [InlineData("  spaced ", "K='  spaced '")]
    [InlineData("two\nlines", "K='two\nlines'")]
    [InlineData("literal \\n stays", "K='literal \\n stays'")]
    [InlineData("$HOME ${X}", "K='$HOME ${X}'")]
    [InlineData("it's", "K=`it's`")]
    [InlineData("it's\nme", "K=`it's\nme`")]
    [InlineData("it's `me`", "K=\"it's `me`\"")]
    [InlineData("it's\n`me`", "K=\"it's\\n`me`\"")]
    [InlineData("win\r\ndows", "K=\"win\\r\\ndows\"")]
    [InlineData("C:\\dir\\", "K=C:\\dir\\")]
    [InlineData("C:\\it's \"it\"\\", "K=C:\\it's \"it\"\\")]
    public void A_value_takes_the_first_quotes_that_carry_it_unchanged(string value, string line)
    {
        Assert.Equal(line, DotEnv.Format([new("K", value)]));
        Assert.Equal(value, DotEnvReader.Read(line)["K"]);
    }

    [Theory]
    [InlineData("all ' of ` them \"")]
    [InlineData("nul\0")]
    [InlineData("${{project.SECRET}}")]
    [InlineData("x ${{environment.X")]
    [InlineData("cr\r and \"")]
    [InlineData("cr\r and literal \\n")]
    [InlineData("' ` literal \\r")]
    [InlineData("a # b\\")]
    [InlineData(" a\\")]
    [InlineData("'a\\")]
    [InlineData("a\nb\\")]
    public void What_dotenv_cannot_carry_is_refused_by_name_and_not_quoted(string value)
    {
        var fault = Assert.Throws<DotEnvException>(() => DotEnv.Format([new("GOOD", "1"), new("MY_KEY", value)]));

        Assert.Contains("\"MY_KEY\"", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_Unicode_is_refused()
    {
        Assert.Throws<DotEnvException>(() => DotEnv.Format([new("K", "a\uD83D")]));
        Assert.Throws<DotEnvException>(() => DotEnv.Format([new("K", "\uDE00a")]));
        Assert.Equal("K='\U0001F600'", DotEnv.Format([new("K", "\U0001F600")]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1A")]
    [InlineData("A-B")]
    [InlineData("A B")]
    [InlineData("A=B")]
    [InlineData("A\n")]
    [InlineData("Ä")]
    [InlineData("__proto__")]
    public void A_name_that_is_no_variables_name_is_refused(string key)
    {
        Assert.Throws<DotEnvException>(() => DotEnv.Format([new(key, "x")]));
    }

    [Fact]
    public void A_name_set_twice_is_refused_because_only_the_last_would_count()
    {
        var fault = Assert.Throws<DotEnvException>(() => DotEnv.Format([new("A", "1"), new("B", "2"), new("A", "3")]));

        Assert.Contains("\"A\"", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_come_in_the_given_order()
    {
        Assert.Equal("B='2'\nA='1'", DotEnv.Format([new("B", "2"), new("A", "1")]));
        Assert.Equal("", DotEnv.Format([]));
    }

    [Fact]
    public void Whatever_is_accepted_arrives_unchanged_beside_any_neighbour()
    {
        // The characters that mean something to dotenv, close together, find each other's corners.
        var value = Gen.OneOf("'", "\"", "`", "\\", "n", "\\n", "\n", "\r", "#", "=", " ", "$", "{", "a", "K=", "export ", "é", "\u2028")
            .Array[0, 6].Select(parts => string.Concat(parts));

        Gen.Select(value, value, value).Sample(
            values =>
            {
                var (first, second, third) = values;
                KeyValuePair<string, string>[] variables = [.. new KeyValuePair<string, string>[] { new("A", first), new("B", second), new("C", third) }.Where(Fits)];
                var read = DotEnvReader.Read(DotEnv.Format(variables));
                return variables.Length == read.Count && variables.All(variable => read[variable.Key] == variable.Value);
            },
            iter: 20_000);
    }

    private static bool Fits(KeyValuePair<string, string> variable)
    {
        try
        {
            DotEnv.Format([variable]);
            return true;
        }
        catch (DotEnvException)
        {
            return false;
        }
    }
}
