namespace AiStackDeployer.Tests.Settings;

public sealed class LimitSettingsTests
{
    [Fact]
    public void A_person_may_have_three_stacks_unless_a_setting_says_otherwise()
    {
        Assert.Equal((3, 1.0), (SettingsBench.Production().Quota.LimitOf("user", [], null), SettingsBench.Production().LimitFactor));
        var settings = SettingsBench.Production(("STACKS_PER_PERSON", "0"), ("STACK_LIMITS", "operator=10, a=b=none,developers=5"), ("LIMIT_FACTOR", "none"));

        Assert.Equal(
            (0, 10, 5, (int?)null),
            (settings.Quota.LimitOf("user", [], null), settings.Quota.LimitOf("Operator", [], null), settings.Quota.LimitOf("user", ["developers"], null),
                settings.Quota.LimitOf("user", ["a=b"], null)));
        Assert.Null(settings.LimitFactor);
        Assert.Null(SettingsBench.Production(("STACKS_PER_PERSON", "none")).Quota.LimitOf("user", [], null));
    }

    [Theory]
    [InlineData("STACKS_PER_PERSON", "-1")]
    [InlineData("STACK_LIMITS", "bosses")]
    [InlineData("STACK_LIMITS", "=4")]
    [InlineData("STACK_LIMITS", "bosses=many")]
    [InlineData("LIMIT_FACTOR", "0")]
    public void A_limit_that_cannot_be_is_a_fault_that_names_its_key(string key, string value) =>
        Assert.StartsWith(key + " must be ", Assert.Single(SettingsBench.Faults((key, value))), StringComparison.Ordinal);
}
