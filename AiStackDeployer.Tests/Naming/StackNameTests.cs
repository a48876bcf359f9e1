using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class StackNameTests
{
    [Fact]
    public void A_stored_name_is_read_back_with_its_project()
    {
        var name = StackName.FromStored("jan-de-vries");

        Assert.Equal("jan-de-vries", name.Value);
        Assert.Equal("ai-stack-jan-de-vries", name.ProjectName);
        Assert.Equal("jan-de-vries", name.ToString());
        Assert.Equal(StackName.FromStored("jan-de-vries"), name);
    }

    [Fact]
    public void A_name_reserved_since_it_was_stored_is_still_read_back() =>
        Assert.Equal("admin", StackName.FromStored("admin").Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData(" abc")]
    [InlineData("ABC")]
    [InlineData("abc\n")]
    [InlineData("-abc")]
    [InlineData("xn--abc")]
    public void Text_that_is_no_legal_name_as_it_stands_is_refused(string? text)
    {
        Assert.False(StackName.TryParse(text, out var name));
        Assert.Equal(default, name);
        Assert.Throws<FormatException>(() => StackName.FromStored(text!));
    }

    [Fact]
    public void An_unset_name_has_no_value()
    {
        Assert.Throws<InvalidOperationException>(() => default(StackName).Value);
        Assert.Equal("", default(StackName).ToString());
    }
}
