using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class NameSuggestionsTests
{
    [Theory]
    [InlineData("design", new[] { "design-lab", "design-dev", "design2" })]
    [InlineData("design2", new[] { "design2-lab", "design2-dev", "design3" })]
    [InlineData("design-9", new[] { "design-9-lab", "design-9-dev", "design-10" })]
    [InlineData("design-lab", new[] { "design-lab-dev", "design-lab2", "design-lab-studio" })]
    [InlineData("2026", new[] { "2026-lab", "2026-dev", "2026-2" })]
    [InlineData("q2026", new[] { "q2026-lab", "q2026-dev", "q2026-2" })]
    [InlineData("abcdefghijklmnopqrst", new[] { "abcdefghijklmnop-lab", "abcdefghijklmnop-dev", "abcdefghijklmnopqrs2" })]
    [InlineData("abcdefghijklmno-qrst", new[] { "abcdefghijklmno-lab", "abcdefghijklmno-dev", "abcdefghijklmno2" })]
    public void The_first_three_are_what_a_person_would_try(string wanted, string[] first) =>
        Assert.Equal(first, new NameSuggestions(ReservedNames.Default).For(StackName.FromStored(wanted)).Take(3).Select(name => name.Value));

    [Fact]
    public void A_reserved_name_is_never_suggested()
    {
        var suggested = new NameSuggestions(new ReservedNames(["design-lab"])).For(StackName.FromStored("design"));

        Assert.Equal(["design-dev", "design2"], suggested.Take(2).Select(name => name.Value));
    }
}
