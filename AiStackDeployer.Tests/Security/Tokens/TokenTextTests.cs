using AiStackDeployer.Web.Security.Tokens;

namespace AiStackDeployer.Tests.Security.Tokens;

public sealed class TokenTextTests
{
    private static readonly string Secret = new('A', 43);

    [Fact]
    public void The_checksum_is_the_crc32_that_every_language_has() =>
        Assert.Equal("707ef9fc", TokenText.Of(Secret)[(TokenText.Prefix.Length + Secret.Length + 1)..]);

    [Fact]
    public void A_token_with_one_wrong_character_is_not_whole()
    {
        var token = TokenText.Of(Secret);
        Assert.True(TokenText.IsWhole(token));
        Assert.DoesNotContain(Enumerable.Range(0, token.Length), i => TokenText.IsWhole(token[..i] + (token[i] == 'x' ? 'y' : 'x') + token[(i + 1)..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("aisd_")]
    [InlineData("aisd__00000000")]
    [InlineData("a_b")]
    public void What_is_no_token_is_not_whole(string text) => Assert.False(TokenText.IsWhole(text));
}
