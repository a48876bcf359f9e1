namespace AiStackDeployer.Tests.Settings;

public sealed class BuildSettingsTests
{
    private static readonly (string, string?)[] Three = [("GITEA_URL", "https://git.test/git"), ("GITEA_REPOSITORY", "company/ai-stack"), ("GITEA_API_TOKEN", SettingsBench.Token)];

    [Fact]
    public void Without_any_there_are_no_builds() => Assert.Null(SettingsBench.Production().Gitea);

    [Fact]
    public void Address_repository_and_token_are_enough_and_the_token_is_not_told()
    {
        var gitea = SettingsBench.Production([.. Three, ("GITEA_WORKFLOW", "image.yaml")]).Gitea!;

        Assert.Equal((new Uri("https://git.test/git"), "company/ai-stack", SettingsBench.Token, "image.yaml"), (gitea.Url, gitea.Repository, gitea.ApiToken, gitea.Workflow));
        Assert.Null(SettingsBench.Production(Three).Gitea!.Workflow);
        Assert.DoesNotContain(SettingsBench.Token, $"{gitea}", StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{gitea with { Url = new Uri("https://x:secret@git.test") }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GITEA_URL")]
    [InlineData("GITEA_REPOSITORY")]
    [InlineData("GITEA_API_TOKEN")]
    public void The_three_belong_together(string missing) => Assert.Equal(
        [$"{missing} is not set, but others of the settings that begin with GITEA_ are."],
        SettingsBench.Faults([.. Three.Where(pair => pair.Item1 != missing), ("GITEA_WORKFLOW", "image.yaml")]));

    [Theory]
    [InlineData("GITEA_URL", "git.test")]
    [InlineData("GITEA_REPOSITORY", "ai-stack")]
    [InlineData("GITEA_REPOSITORY", "company/ai-stack/src")]
    [InlineData("GITEA_REPOSITORY", "company/../admin")]
    [InlineData("GITEA_API_TOKEN", "two words")]
    [InlineData("GITEA_WORKFLOW", ".gitea/workflows/image.yaml")]
    [InlineData("GITEA_WORKFLOW", "image")]
    public void A_value_that_cannot_be_is_a_fault_that_names_its_key(string key, string value) => Assert.StartsWith(
        key + " ", Assert.Single(SettingsBench.Faults([.. Three.Where(pair => pair.Item1 != key), (key, value)])), StringComparison.Ordinal);
}
