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

    [Theory]
    [InlineData("wpad")]
    [InlineData("autodiscover")]
    [InlineData("mail")]
    [InlineData("traefik")]
    [InlineData("localhost")]
    public void What_programs_look_for_by_themselves_is_reserved(string name) => Assert.True(ReservedNames.Default.Contains(name));

    [Fact]
    public void A_host_below_the_suffix_is_reserved_and_so_is_what_stands_above_it()
    {
        var reserved = new ReservedNames(["vpn"]).WithHosts(["Stacks.AI.corp.test", "a.logs.ai.corp.test", "ai.corp.test", "dokploy.corp.test"], "ai.corp.test");

        Assert.All(["vpn", "stacks", "logs"], name => Assert.True(reserved.Contains(name), name));
        Assert.All(["dokploy", "ai", "a"], name => Assert.False(reserved.Contains(name), name));
    }

    [Fact]
    public void A_lone_comma_reserves_nothing() => Assert.False(ReservedNames.Parse(",").Contains("admin"));
}
