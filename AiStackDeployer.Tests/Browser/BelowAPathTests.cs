using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Tests.Operations;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>The portal below a path of a host that it shares, behind a real nginx on a port of its own.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class BelowAPathTests(BrowserFixture site)
{
    [Fact]
    public async Task Behind_nginx_with_the_lines_of_the_guide_everything_works_below_the_path()
    {
        Assert.SkipUnless(Nginx.IsThere, "There is no nginx; test.sh installs Debian's.");
        var guide = await File.ReadAllTextAsync(Path.Combine(Dockerfile.Root, "docs", "operate.md"), TestContext.Current.CancellationToken);
        var location = Location().Match(guide).Value.Replace("http://127.0.0.1:3000/", site.Portal.Root.ToString(), StringComparison.Ordinal);
        await using var nginx = await Nginx.StartAsync(location, TestContext.Current.CancellationToken);
        await using var ann = await site.VisitAsync(new Uri(nginx.Root, "portal/").ToString());
        var sockets = new List<string>();
        ann.Page.WebSocket += (_, socket) => sockets.Add(socket.Url);
        await ann.Page.ReloadAsync();

        await ann.DeployAsync("below-nginx");
        await ann.SeeAsync("Your stack is ready");
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "My stacks" }).ClickAsync();
        await Expect(ann.Page).ToHaveURLAsync(new Uri(nginx.Root, "portal/stacks").ToString());
        await ann.SeeAsync("My stacks");
        await Expect(ann.Page.GetByText("below-nginx", new() { Exact = true }).First).ToBeVisibleAsync();

        Assert.All(sockets, url => Assert.StartsWith($"ws://localhost:{nginx.Root.Port}/portal/_blazor", url, StringComparison.Ordinal));
        Assert.NotEmpty(sockets);
    }

    [GeneratedRegex(@"location /portal/ \{[^}]+\}")]
    private static partial Regex Location();
}
