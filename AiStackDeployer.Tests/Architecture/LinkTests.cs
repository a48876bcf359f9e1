using AiStackDeployer.Tests.Operations;

namespace AiStackDeployer.Tests.Architecture;

public sealed class LinkTests
{
    /// <summary>Below a path of a host that the portal shares, a link from the host's root leads to somebody else.</summary>
    [Fact]
    public void No_page_links_from_the_root_of_its_host()
    {
        var pages = Directory.GetFiles(Path.Combine(Dockerfile.Root, "AiStackDeployer.Web", "Components"), "*.razor", SearchOption.AllDirectories);

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.DoesNotMatch("""(?i)(href|src|action)="(@\(\$")?/|NavigateTo\(\$?"/""", File.ReadAllText(page)));
    }
}
