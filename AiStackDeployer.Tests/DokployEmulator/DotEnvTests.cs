using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>Environment as sent, and as the recorded container got it.</summary>
public sealed class DotEnvTests
{
    [Theory]
    [InlineData("A=abc", "A=abc")]
    [InlineData("A=a b c", "A=a b c")]
    [InlineData("A=\"a b\"", "A=a b")]
    [InlineData("A='s q'", "A=s q")]
    [InlineData("A=a#b", "A=a")]
    [InlineData("A=a #c", "A=a")]
    [InlineData("A='a#b'", "A=a#b")]
    [InlineData("A=`it's \"b#c\"`", "A=it's \"b#c\"")]
    [InlineData("A=", "A=")]
    [InlineData("A=a=b=c", "A=a=b=c")]
    [InlineData("A=$HOME ${X}", "A=$HOME ${X}")]
    [InlineData("export A=1", "A=1")]
    [InlineData("# comment\n\nA=1", "A=1")]
    [InlineData("A=\"l1\\nl2\"", "A=l1\nl2")]
    [InlineData("A='l1\\nl2'", "A=l1\\nl2")]
    [InlineData("A=\"x\ny\"", "A=x\ny")]
    [InlineData("NOEQ\nA=1", "A=1")]
    [InlineData("  A=1", "A=1")]
    [InlineData("A=`id`", "A=id")]
    [InlineData("A={\"a\":\"b c\"}", "A={\"a\":\"b c\"}")]
    [InlineData("A='{\"a\":\"b c\"}'", "A={\"a\":\"b c\"}")]
    [InlineData("A=1\r\nB=2", "A=1|B=2")]
    [InlineData("A=1\nB=3\nA=2", "A=2|B=3")]
    [InlineData("A=${{project.P}}", "A=of project")]
    [InlineData("A=x${{environment.E}}y", "A=xof environmenty")]
    [InlineData("B=b\nA=${{B}}", "B=b|A=b")]
    public void A_line_becomes_what_the_recorded_container_had(string sent, string got)
    {
        Assert.Equal(got, string.Join('|', DotEnv.Resolve(sent, "P='of project'", "E='of environment'")));
    }

    [Theory]
    [InlineData("A=${{project.MISSING}}", "Invalid project environment variable: project.MISSING")]
    [InlineData("A=${{environment.MISSING}}", "Invalid environment variable: environment.MISSING")]
    [InlineData("A=${{MISSING}}", "Invalid service environment variable: MISSING")]
    public void A_reference_to_nothing_is_an_error_that_names_it(string sent, string message)
    {
        Assert.Equal(message, Assert.Throws<DotEnv.UnknownReference>(() => DotEnv.Resolve(sent, null, null)).Message);
    }
}
