using System.Collections.Concurrent;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>The API's reference page at /scalar.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReferencePageTests(BrowserFixture site)
{
    [Theory]
    [InlineData(360, ColorScheme.Light, Explicit = true)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task It_asks_nobody_but_the_portal_and_shows_every_operation(int width, ColorScheme scheme)
    {
        await using var reader = await site.VisitAsync("about:blank", o =>
        {
            o.ViewportSize = new ViewportSize { Width = width, Height = 900 };
            o.ColorScheme = scheme;
        });
        var asked = new ConcurrentQueue<string>();
        var refused = new ConcurrentQueue<string>();
        reader.Context.Request += (_, request) => asked.Enqueue(request.Url);
        reader.Page.WebSocket += (_, socket) => asked.Enqueue(socket.Url);
        // The policy would hide from the network what the page tries: its refusals count as well.
        reader.Page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                refused.Enqueue(message.Text);
            }
        };
        await reader.Page.GotoAsync("/scalar");
        await SeeAllAsync(reader);

        Assert.Equal("AI Stack Deployer · API", await reader.Page.TitleAsync());
        await Expect(reader.Page.Locator("link[rel=icon]").First).ToHaveAttributeAsync("href", "../favicon.svg");
        Assert.True(asked.Count > 3, string.Join('\n', asked));
        Assert.Equal([], asked.Where(url => !url.StartsWith(site.Portal.Root.ToString(), StringComparison.Ordinal)
            && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal)));
        Assert.Equal([], refused);
    }

    [Fact]
    public async Task On_a_phone_nothing_runs_over_the_edge_and_the_theme_is_the_readers()
    {
        await using var reader = await site.VisitAsync("/scalar", o =>
        {
            o.ViewportSize = new ViewportSize { Width = 360, Height = 900 };
            o.ColorScheme = ColorScheme.Light;
        });
        await SeeAllAsync(reader);

        Assert.True(await reader.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 360);
        var light = await BackgroundAsync(reader);
        await using var night = await site.VisitAsync("/scalar", o => o.ColorScheme = ColorScheme.Dark);
        await SeeTitleAsync(night);
        Assert.NotEqual(light, await BackgroundAsync(night));
    }

    /// <summary>The page draws what is near the eye: goes to each operation in turn.</summary>
    private async Task SeeAllAsync(Visitor reader)
    {
        await SeeTitleAsync(reader);
        var contract = await ApiContract.ReadAsync(await site.SignInAsync("Reader"));
        foreach (var operation in contract.Operations)
        {
            var tag = operation.Node["tags"]![0]!.GetValue<string>().ToLowerInvariant();
            var anchor = $"tag/{tag}/{operation.Method}{operation.Path}";
            await reader.Page.EvaluateAsync("anchor => { location.hash = anchor }", anchor);
            await Expect(reader.Page.Locator($"section[id$='{anchor}']").GetByRole(AriaRole.Heading, new() { Name = operation.Node.Text("summary") }).First)
                .ToBeInViewportAsync();
        }
    }

    private static Task SeeTitleAsync(Visitor reader) =>
        Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "AI Stack Deployer" }).First).ToBeVisibleAsync();

    private static Task<string> BackgroundAsync(Visitor reader) => reader.Page.EvaluateAsync<string>(
        "() => getComputedStyle(document.querySelector('.scalar-api-reference, .scalar-app') ?? document.body).getPropertyValue('--scalar-background-1').trim()");
}
