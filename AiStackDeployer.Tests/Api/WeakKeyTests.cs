using System.Text.RegularExpressions;
using AiStackDeployer.Tests.Mcp;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>Two colleagues who send the same key without cookies are one person to the portal; neither may be handed what is the other's.</summary>
public sealed partial class WeakKeyTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_others_may_send_too_finds_the_deployment_again_but_neither_password_nor_cookie()
    {
        string[] keys = [.. OwnerKeyTests.Weak.Select(row => row.Data), .. await PublishedAsync()];
        var told = new List<string>();
        foreach (var (i, key) in keys.Distinct().Index())
        {
            var first = await portal.NewScript().StartAsync($"weak-{i}", key);
            using var stranger = await portal.NewScript().DeployAsync($"weak-{i}", key);

            var second = await stranger.ReadJsonAsync();
            Assert.NotNull(first["credentials"]);
            Assert.Equal(first.Text("deploymentId"), second.Text("deploymentId"));
            if (second["credentials"] is not null || stranger.Headers.Contains("Set-Cookie"))
            {
                told.Add(key);
            }
        }

        Assert.Equal([], told);
    }

    /// <summary>Every key that the guides show, for somebody to copy.</summary>
    private async Task<IReadOnlyList<string>> PublishedAsync()
    {
        var guides = await File.ReadAllTextAsync(ApiGuide.File, Token)
            + await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(ApiGuide.File)!, "..", "README.md"), Token);
        string[] published = [.. Sent().Matches(guides).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(published);
        return published;
    }

    // What a shell fills in is no key.
    [GeneratedRegex("""Idempotency-Key: ([^'"$]+)['"]""")]
    private static partial Regex Sent();
}
