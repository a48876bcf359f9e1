using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Dokploy;
using CsCheck;

namespace AiStackDeployer.Tests.Stacks;

/// <summary>What a person may set in their stack, and what a change of it leaves alone.</summary>
public sealed class OwnEnvironmentTests
{
    [Fact]
    public void A_change_keeps_what_it_does_not_name()
    {
        var before = new Dictionary<string, string> { ["KEPT"] = "1", ["REPLACED"] = "2", ["REMOVED"] = "3" };

        var after = OwnEnvironment.Merge(before, new EnvironmentChange(new Dictionary<string, string> { ["REPLACED"] = "22", ["ADDED"] = "4" }, ["REMOVED", "NEVER_THERE"]));

        Assert.Equal([("ADDED", "4"), ("KEPT", "1"), ("REPLACED", "22")], after.Select(v => (v.Key, v.Value)).Order());
        Assert.Equal(3, before.Count);
    }

    [Theory]
    [InlineData("API_KEY", "s3cret", null)]
    [InlineData("API_KEY", "two\nlines and a 'quote'", null)]
    [InlineData("API_KEY", "", null)]
    [InlineData("1KEY", "x", EnvironmentFault.Name)]
    [InlineData("API-KEY", "x", EnvironmentFault.Name)]
    [InlineData("__proto__", "x", EnvironmentFault.Name)]
    [InlineData("OPENCODE_SERVER_PASSWORD", "x", EnvironmentFault.Reserved)]
    [InlineData("STACK_URL", "x", EnvironmentFault.Reserved)]
    [InlineData("API_KEY", "C:\\", EnvironmentFault.Value)]
    [InlineData("API_KEY", "' and `", EnvironmentFault.Value)]
    [InlineData("API_KEY", "${{project.SECRET}}", EnvironmentFault.Value)]
    [InlineData("API_KEY", "a\rb", EnvironmentFault.Value)]
    public void A_variable_is_taken_or_refused_for_a_reason(string name, string value, EnvironmentFault? fault) =>
        Assert.Equal(fault, OwnEnvironment.FaultOf(name, value));

    [Fact]
    public void Half_a_character_is_no_text() => Assert.Equal(EnvironmentFault.Value, OwnEnvironment.FaultOf("API_KEY", new string('\ud800', 1)));

    [Fact]
    public void There_are_bounds()
    {
        var many = Enumerable.Range(0, OwnEnvironment.Most + 1).ToDictionary(i => $"KEY_{i}", _ => "x");

        Assert.Equal(new EnvironmentRefusal(EnvironmentFault.TooMany, null), OwnEnvironment.RefusalOf(many));
        Assert.Null(OwnEnvironment.RefusalOf(many.Skip(1).ToDictionary()));
        Assert.Equal(EnvironmentFault.TooLong, OwnEnvironment.FaultOf("KEY", new string('x', OwnEnvironment.LongestValue + 1)));
        Assert.Null(OwnEnvironment.FaultOf("KEY", new string('x', OwnEnvironment.LongestValue)));
    }

    [Fact]
    public void Whatever_is_taken_arrives_as_it_was() =>
        Gen.String[Gen.Char["ab '`\"\\\n\r\t#$={}0é"], 0, 12].Where(value => OwnEnvironment.FaultOf("KEY", value) is null)
            .Sample(value => DotEnvReader.Read(DotEnv.Format([new("KEY", value)]))["KEY"] == value);
}
