using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class ReservedNamesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_setting_that_was_not_made_leaves_the_default_list(string? setting)
    {
        var reserved = ReservedNames.Parse(setting);

        Assert.All(
            ["admin", "api", "www", "root", "system", "test", "demo", "portal"],
            name => Assert.True(reserved.Contains(name), name));
    }

    [Fact]
    public void A_setting_replaces_the_list()
    {
        var rules = new NameRules(ReservedNames.Parse(" Intern, ,vpn"));

        Assert.Equal([NameFault.Reserved], rules.Check("INTERN").Faults);
        Assert.Equal([NameFault.Reserved], rules.Check("vpn").Faults);
        Assert.True(rules.Check("admin").IsValid);
    }

    [Fact]
    public void A_lone_comma_reserves_nothing() => Assert.False(ReservedNames.Parse(",").Contains("admin"));
}
