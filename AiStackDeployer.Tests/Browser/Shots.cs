using System.Globalization;
using AiStackDeployer.Core.People;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Hetzner;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>
/// Pictures of every page for people to look at, in each width, theme and language. Runs only when asked for:
/// <c>SHOTS=folder AiStackDeployer.Tests -explicit only -class AiStackDeployer.Tests.Browser.Shots</c>
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class Shots(BrowserFixture site)
{
    private static readonly int[] Widths = [360, 768, 1280];

    private readonly string _folder = Environment.GetEnvironmentVariable("SHOTS") ?? Path.Combine(Path.GetTempPath(), "shots");

    [Theory(Explicit = true)]
    [InlineData("en")]
    [InlineData("nl")]
    public async Task Of_every_page(string language)
    {
        using var bob = await site.SignInAsync("Bob");
        await bob.StartAsync($"taken-{language}");
        await using var ann = await site.VisitAsync(change: o => o.Locale = language, role: Role.Admin);
        await Expect(ann.NameField).ToBeVisibleAsync();
        await ShootAsync(ann, language, "form");
        await ann.NameField.FillAsync($"jan-{language}");
        await Expect(ann.Page.Locator(".plate.tone-ready")).ToBeVisibleAsync();
        await ShootAsync(ann, language, "free");
        await ann.NameField.FillAsync($"taken-{language}");
        await Expect(ann.Page.Locator(".live .offers button")).ToHaveCountAsync(3);
        await ShootAsync(ann, language, "taken");

        using (var gate = await site.HoldAsync("docker.getServiceContainersByAppName"))
        {
            await DeployAsync(ann, $"jan-{language}");
            await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            await Expect(ann.Page.Locator(".step.is-running")).ToBeVisibleAsync();
            await ShootAsync(ann, language, "progress");
            var address = ann.Page.Url;
            await ann.Page.GotoAsync("/admin");
            await Expect(ann.Page.Locator("section[aria-labelledby=active-title] li")).ToBeVisibleAsync();
            await ShootAsync(ann, language, "admin");
            await ann.Page.GotoAsync(address);
        }
        await Expect(ann.Page.Locator(".live .fold").First).ToBeVisibleAsync();
        await ShootAsync(ann, language, "ready");
        await ann.Page.Locator(".live .fold").First.ClickAsync();
        await Expect(ann.Page.Locator(".credentials")).ToBeVisibleAsync();
        await ShootAsync(ann, language, "ready-tools");
        await ann.Page.Locator(".live .actions button").First.ClickAsync();
        await Expect(ann.Page.Locator(".code svg")).ToBeVisibleAsync();
        await ShootAsync(ann, language, "phone");
        await ann.Page.GotoAsync($"/open/jan-{language}/ask");
        await ShootAsync(ann, language, "ask");

        site.Dokploy.Outcomes.Set("*", ImageOutcome.CrashLoop);
        await ann.Page.GotoAsync("/new");
        await DeployAsync(ann, $"broken-{language}");
        await Expect(ann.Page.Locator(".remedy .actions .mud-button").First).ToBeVisibleAsync();
        site.Dokploy.Outcomes.Clear();
        await ShootAsync(ann, language, "failed");
        await ann.Page.GotoAsync("/stacks");
        await ann.Page.Locator(".stacks .mud-menu button").First.ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Menuitem).First).ToBeVisibleAsync();
        await ShootAsync(ann, language, "mine");
        await ann.Page.GotoAsync("/nowhere");
        await ShootAsync(ann, language, "not-found");
    }

    [Theory(Explicit = true)]
    [InlineData("en")]
    [InlineData("nl")]
    public async Task Of_a_deletion(string language)
    {
        await using var ann = await site.VisitAsync(change: o => o.Locale = language, role: Role.Admin);
        await Expect(ann.NameField).ToBeVisibleAsync();
        await DeployAsync(ann, $"gone-{language}");
        await Expect(ann.Page.Locator(".live .fold").First).ToBeVisibleAsync();
        var made = ann.Page.Url;
        await ShootAsync(ann, language, "delete-offered");
        await ann.Page.GotoAsync("/stacks");
        await Expect(ann.Page.Locator(".stacks button").First).ToBeVisibleAsync();
        await ShootAsync(ann, language, "delete-mine");
        await ann.Page.GotoAsync("/admin");
        await Expect(ann.Page.Locator(".grid td button").First).ToBeVisibleAsync();
        await ShootAsync(ann, language, "delete-admin");
        await ann.Page.GotoAsync(made);
        await ann.Page.Locator(".live > .actions button").Last.ClickAsync();
        await ann.Page.GetByRole(AriaRole.Dialog).Locator("form button").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
        await ShootAsync(ann, language, "delete-asked");
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync($"gone-{language}");
        await ShootAsync(ann, language, "delete-typed");

        var project = site.Dokploy.Projects.Single(p => p.Name == $"ai-stack-gone-{language}").ProjectId;
        site.Dokploy.AddOtherService(project, "postgres", "shop-db");
        using (var gate = await site.HoldAsync("application.delete"))
        {
            await ann.Page.Keyboard.PressAsync("Enter");
            await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            await Expect(ann.Page.Locator(".step.is-running")).ToBeVisibleAsync();
            await ShootAsync(ann, language, "deleting");
        }
        await Expect(ann.Page.Locator(".remedy .actions button").First).ToBeVisibleAsync();
        await ShootAsync(ann, language, "delete-failed");
        site.Dokploy.RemoveOtherServices(project);
        await ann.Page.Locator(".remedy .actions button").Last.ClickAsync();
        await Expect(ann.Page.Locator(".live .tone-stopped")).ToBeVisibleAsync();
        await ann.Page.Locator(".remedy .fold").ClickAsync();
        await ShootAsync(ann, language, "deleted");
        await ann.Page.GotoAsync(made);
        await Expect(ann.Page.Locator(".live .tone-stopped")).ToBeVisibleAsync();
        await ShootAsync(ann, language, "deleted-before");
    }

    [Theory(Explicit = true)]
    [InlineData("en")]
    [InlineData("nl")]
    public async Task Of_the_connections(string language)
    {
        await using var hetzner = await FakeHetzner.StartAsync();
        hetzner.AddZone(42, "example.org").AddSet("example.org", "*.ai", "A", 300, "203.0.113.1");
        await using var dokploy = await DokployEmulatorHost.StartAsync(new EmulatorOptions { Pace = 0 }, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var home = PortalHome.For(dokploy, "Development")
            .With("HETZNER_API_URL", hetzner.Url.ToString()).With("HETZNER_API_TOKEN", FakeHetzner.Token)
            .With("STACK_DOMAIN_SUFFIX", "ai.example.org").With("STACK_SCHEME", "https").With("TRAEFIK_IP", "203.0.113.9:443");
        await home.StartAsync(TestContext.Current.CancellationToken);
        await using var ann = await site.VisitAsync("/admin/connections", o => (o.BaseURL, o.Locale) = (home.Root.ToString(), language));
        await Expect(ann.Page.Locator(".record")).ToBeVisibleAsync();
        await Expect(ann.Page.Locator(".connections li")).ToHaveCountAsync(9);
        await ShootAsync(ann, language, "connections");
        await ann.Page.Locator(".record + .actions button").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await ShootAsync(ann, language, "repair");
    }

    private static async Task DeployAsync(Visitor visitor, string name)
    {
        await visitor.NameField.FillAsync(name);
        await Expect(visitor.Page.Locator(".plate.tone-ready")).ToBeVisibleAsync();
        await visitor.NameField.PressAsync("Enter");
        await Expect(visitor.Page).ToHaveURLAsync(Visitor.DeploymentAddress());
    }

    private async Task ShootAsync(Visitor visitor, string language, string what)
    {
        foreach (var width in Widths)
        {
            await visitor.Page.SetViewportSizeAsync(width, 800);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var name = string.Create(CultureInfo.InvariantCulture, $"{what}-{width}-{scheme.ToString().ToLowerInvariant()}-{language}.png");
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(_folder, name), FullPage = true });
            }
        }
    }
}
