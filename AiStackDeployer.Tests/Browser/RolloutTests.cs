using AiStackDeployer.Core.People;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>An administrator rolls out an image that the swarm takes back on the canary.</summary>
[Collection(BrowserTests.Name)]
public sealed class RolloutTests(BrowserFixture site)
{
    [Fact]
    public async Task An_update_that_the_swarm_rolls_back_is_shown_as_a_failure_with_its_reason_and_stops_the_roll_out()
    {
        using var owner = await site.SignInAsync("Rolf");
        foreach (var name in (string[])["roll-one", "roll-two"])
        {
            var id = (await owner.StartAsync(name)).Text("deploymentId");
            await using var events = await EventReader.OpenAsync(owner, id);
            await events.RestAsync();
        }
        site.Dokploy.Outcomes.Set("ai-stack-roll-two", ImageOutcome.RolledBackUpdate);
        await using var ada = await site.VisitAsync("/admin/rollout", o => o.ViewportSize = new ViewportSize { Width = 360, Height = 740 }, Role.Admin);
        await ada.SeeCircuitAsync();
        await ada.Page.GetByLabel("New image").FillAsync("registry.example.org/ai-stack:next");
        await ada.Page.GetByLabel("Name, label or owner contains").FillAsync("roll-");
        await ada.Page.GetByLabel("Canary", new() { Exact = true }).FillAsync("roll-two");
        await Expect(ada.Page.GetByText("2 stacks get the image.")).ToBeVisibleAsync();
        await ada.Page.GetByLabel("OpenCode in the new image").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Option, new() { Name = "Version 1", Exact = true }).ClickAsync();
        await ada.AssertAccessibleAsync();

        await ada.Button("Start the roll-out").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Start the roll-out", Exact = true }).ClickAsync();

        await Expect(ada.Page.GetByText("It has stopped because the canary could not be updated. No other stack was touched.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var failed = ada.Page.Locator(".rollout li").Filter(new() { HasText = "roll-two" });
        await Expect(failed.Locator(".mud-chip")).ToHaveTextAsync("Failed");
        await Expect(failed).ToContainTextAsync("Docker Swarm went back to the one before");
        Assert.True(await ada.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "it runs over the edge");
        await ada.AssertAccessibleAsync();
        await ada.Button("Cancel").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Expect(ada.Button("Start the roll-out")).ToBeVisibleAsync();
    }
}
