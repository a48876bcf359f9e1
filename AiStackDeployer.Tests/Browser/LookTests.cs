using AiStackDeployer.Core.People;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>Phone, language, theme, and what axe says to each page in light and dark.</summary>
[Collection(BrowserTests.Name)]
public sealed class LookTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_phone_nothing_runs_over_the_edge_and_every_target_is_big_enough_for_a_finger()
    {
        using var bob = await site.SignInAsync("Bob");
        await bob.StartAsync("phone-lab");
        await using var ann = await site.VisitAsync(change: o =>
        {
            o.ViewportSize = new ViewportSize { Width = 360, Height = 740 };
            o.HasTouch = true;
        }, role: Role.Admin);
        await ann.NameField.FillAsync("phone-lab");
        await Expect(ann.Page.Locator(".live .offers").GetByRole(AriaRole.Button)).ToHaveCountAsync(3);
        await AssertFitsPhoneAsync(ann);

        using (var gate = await site.HoldAsync("domain.create"))
        {
            // The longest name there may be.
            await ann.DeployAsync("a-name-of-twenty-xyz");
            await gate.Arrived.WaitAsync(Token);
            await Expect(ann.Strip).ToContainTextAsync("Attaching the address");
            await AssertFitsPhoneAsync(ann);
            await ann.Button("Cancel").ClickAsync();
            await AssertFitsPhoneAsync(ann);
            await ann.Page.GotoAsync("/admin");
            await Expect(ann.Button("Cancel a-name-of-twenty-xyz")).ToBeVisibleAsync();
            await AssertFitsPhoneAsync(ann);
            await ann.Page.GoBackAsync();
        }
        await ann.SeeAsync("Your stack is ready");
        await ann.OtherTools.ClickAsync();
        await ann.Button("Show the password").ClickAsync();
        await AssertFitsPhoneAsync(ann);
        await ann.Page.GotoAsync("/admin/connections");
        await Expect(ann.Page.Locator(".record")).ToBeVisibleAsync();
        await AssertFitsPhoneAsync(ann);
        foreach (var page in (string[])["/admin/people", "/admin/audit"])
        {
            await ann.Page.GotoAsync(page);
            await Expect(ann.Page.Locator(".live table")).ToBeVisibleAsync();
            await AssertFitsPhoneAsync(ann);
        }
        await ann.Page.GotoAsync("/stacks");
        await Expect(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Open a-name-of-twenty-xyz" })).ToBeVisibleAsync();
        await AssertFitsPhoneAsync(ann);
    }

    [Fact]
    public async Task A_Dutch_browser_gets_Dutch_and_a_switch_to_English_that_is_remembered()
    {
        await using var jan = await site.VisitAsync(change: o => o.Locale = "nl-NL");
        await jan.SeeAsync("Je eigen AI-programmeeromgeving");
        await Expect(jan.Page.Locator("html")).ToHaveAttributeAsync("lang", "nl");
        await jan.NameField.FillAsync("Jan de Vries");
        await Expect(jan.Page.Locator(".live .offers").GetByRole(AriaRole.Button)).ToHaveTextAsync("Probeer jan-de-vries");
        await jan.Page.Locator(".live .offers").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(jan.Strip).ToContainTextAsync("Vrij.");
        await jan.Button("Stack maken").ClickAsync();
        await jan.SeeAsync("Je stack is klaar");

        await jan.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await jan.SeeAsync("Your stack is ready");
        await jan.ReopenAsync();
        await jan.SeeAsync("Your stack is ready");
        await Expect(jan.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [Fact]
    public async Task The_typed_name_survives_another_language_and_another_theme()
    {
        await using var ann = await site.VisitAsync();
        await ann.ChooseAsync("kept-while-switching");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Nederlands" }).ClickAsync();
        await Expect(ann.Page.Locator("html")).ToHaveAttributeAsync("lang", "nl");
        await Expect(ann.NameField).ToHaveValueAsync("kept-while-switching");

        await ann.Button("Thema").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Donker" }).ClickAsync();
        await Expect(ann.Page.Locator("meta[name=color-scheme]")).ToHaveAttributeAsync("content", "dark");
        await Expect(ann.NameField).ToHaveValueAsync("kept-while-switching");
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_one_is_chosen_which_is_remembered()
    {
        await using var ann = await site.VisitAsync(change: o => o.ColorScheme = ColorScheme.Light);
        var light = await BackgroundAsync(ann);
        await ann.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await BackgroundAsync(ann);
        Assert.NotEqual(light, dark);

        await ann.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await ann.SeeCircuitAsync();
        await ann.Button("Theme").ClickAsync();
        var choice = ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Dark" });
        await Expect(choice).ToBeVisibleAsync();
        await ann.AssertAccessibleAsync();
        await choice.ClickAsync();
        await Expect(ann.Page.Locator("meta[name=color-scheme]")).ToHaveAttributeAsync("content", "dark");
        // A whole new page, whose style comes after its head.
        await Expect(ann.Page.Locator("body")).ToHaveCSSAsync("background-color", dark);
        await ann.ReopenAsync();
        await Expect(ann.Page.Locator("body")).ToHaveCSSAsync("background-color", dark);
    }

    [Fact]
    public async Task Axe_finds_no_violation_on_any_page_light_or_dark()
    {
        await using var ann = await site.VisitAsync(change: o => o.ColorScheme = ColorScheme.Light);
        await Expect(ann.NameField).ToBeVisibleAsync();
        await ann.AssertAccessibleInBothThemesAsync();
        await ann.NameField.FillAsync("admin");
        await Expect(ann.Strip).ToContainTextAsync("This name is reserved.");
        await ann.AssertAccessibleInBothThemesAsync();
        await ann.ChooseAsync("axe-lab");
        await ann.AssertAccessibleInBothThemesAsync();

        using (var gate = await site.HoldAsync("domain.create"))
        {
            await ann.DeployAsync("axe-lab");
            await gate.Arrived.WaitAsync(Token);
            await Expect(ann.Strip).ToContainTextAsync("Attaching the address");
            await ann.AssertAccessibleInBothThemesAsync();
            await using var admin = await site.VisitAsync("/admin", o => o.ColorScheme = ColorScheme.Light, Role.Admin);
            await Expect(admin.Button("Cancel axe-lab")).ToBeVisibleAsync();
            await admin.AssertAccessibleInBothThemesAsync();
            await admin.Page.GotoAsync("/admin/connections");
            await Expect(admin.Page.Locator(".connections li")).ToHaveCountAsync(12);
            await Expect(admin.Page.Locator(".record")).ToBeVisibleAsync();
            await admin.AssertAccessibleInBothThemesAsync();
            foreach (var page in (string[])["/admin/people", "/admin/audit"])
            {
                await admin.Page.GotoAsync(page);
                await Expect(admin.Page.Locator(".live table")).ToBeVisibleAsync();
                await admin.AssertAccessibleInBothThemesAsync();
            }
        }
        await ann.SeeAsync("Your stack is ready");
        await ann.OtherTools.ClickAsync();
        await Expect(ann.Button("Show the password")).ToBeVisibleAsync();
        await ann.AssertAccessibleInBothThemesAsync();
        await ann.Button("On your phone").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Img, new() { Name = "QR code that opens the stack" })).ToBeVisibleAsync();
        await ann.AssertAccessibleInBothThemesAsync();

        site.Dokploy.Outcomes.Set("*", ImageOutcome.CrashLoop);
        try
        {
            await ann.Page.GotoAsync("/new");
            await ann.DeployAsync("axe-failed");
            await ann.SeeAsync("Deployment failed");
            await Expect(ann.Page.Locator(".remedy pre").First).ToBeVisibleAsync();
            await ann.AssertAccessibleInBothThemesAsync();
        }
        finally
        {
            site.Dokploy.Outcomes.Clear();
        }
        await ann.Page.GotoAsync("/stacks");
        await ann.AssertAccessibleInBothThemesAsync();
    }

    private static Task<string> BackgroundAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    private static async Task AssertFitsPhoneAsync(Visitor visitor)
    {
        var width = await visitor.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        Assert.True(width <= 360, $"{visitor.Page.Url} is {width} px wide");
        var small = await visitor.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('a, button, input, select, summary, [role=button]')]
              .filter(e => e.checkVisibility() && !e.matches('.skip, :disabled, [tabindex="-1"]') && !e.closest('.visually-hidden'))
              .filter(e => e.getBoundingClientRect().height < 43.5)
              .map(e => `${e.outerHTML.slice(0, 120)} is ${e.getBoundingClientRect().height} px high`)
            """);
        Assert.True(small.Length == 0, $"{visitor.Page.Url}\n{string.Join('\n', small)}");
    }
}
