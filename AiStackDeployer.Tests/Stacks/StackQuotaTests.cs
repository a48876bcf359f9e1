using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Stacks;

public sealed class StackQuotaTests
{
    private static readonly StackQuota Quota = new(3, new Dictionary<string, int?> { ["operator"] = 10, ["interns"] = 1, ["developers"] = 5, ["platform"] = null });

    [Theory]
    [InlineData("user", "", null, 3)]
    [InlineData("operator", "", null, 10)]
    [InlineData("user", "sales,developers", null, 5)]
    [InlineData("user", "interns", null, 1)]
    [InlineData("operator", "interns,developers", null, 10)]
    [InlineData("operator", "platform", null, null)]
    [InlineData("operator", "platform", 2, 2)]
    [InlineData("user", "", 0, 0)]
    public void Of_role_and_groups_the_most_counts_and_an_administrators_word_before_both(string role, string groups, int? lifted, int? limit) =>
        Assert.Equal(limit, Quota.LimitOf(role, groups.Split(','), lifted));

    [Theory]
    [InlineData("operator", "", null, 2)]
    [InlineData("operator", "developers", null, 5)]
    [InlineData("operator", "developers", 1, 1)]
    public void What_is_decided_for_a_role_stands_in_the_place_of_its_setting(string role, string groups, int? lifted, int? limit) =>
        Assert.Equal(limit, Quota.LimitOf(role, groups.Split(','), lifted, ofRole: 2));
}
