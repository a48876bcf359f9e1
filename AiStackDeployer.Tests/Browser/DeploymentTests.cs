using AiStackDeployer.Core.People;
using AiStackDeployer.DokployEmulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>A deployment's own page, whatever happens to it or to the portal.</summary>
[Collection(BrowserTests.Name)]
public sealed class DeploymentTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_says_why_and_its_diagnosis_can_try_again()
    {
        site.Dokploy.Outcomes.Set("*", ImageOutcome.MissingImage);
        try
        {
            await using var ann = await site.VisitAsync();
            await ann.DeployAsync("broken-lab");

            await ann.SeeAsync("Deployment failed");
            await Expect(ann.Strip).ToContainTextAsync("does not exist in the registry");
            await Expect(ann.Page.GetByText("Nothing is left behind, and your name is still yours.")).ToBeVisibleAsync();
            await Expect(ann.Step("Container")).ToContainClassAsync("is-failed");
            await Expect(ann.Page.Locator(".remedy pre").First).ToContainTextAsync("not found");
            Assert.DoesNotContain(site.Dokploy.Projects, p => p.Name == "ai-stack-broken-lab");

            await ann.Button("Diagnose").ClickAsync();
            var diagnosis = ann.Page.GetByRole(AriaRole.Region, new() { Name = "Diagnose" });
            await Expect(diagnosis.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToContainTextAsync("does not exist in the registry");
            await Expect(diagnosis.GetByRole(AriaRole.Link, new() { Name = "Support bundle" })).ToBeVisibleAsync();
            await ann.AssertAccessibleAsync();
            site.Dokploy.Outcomes.Clear();
            await diagnosis.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
            await ann.SeeAsync("Your stack is ready");
            await Expect(ann.Page.Locator(".live .plate .name")).ToHaveTextAsync("broken-lab");
        }
        finally
        {
            site.Dokploy.Outcomes.Clear();
        }
    }

    [Fact]
    public async Task A_tab_closed_and_opened_again_shows_the_true_state_and_goes_on()
    {
        using var gate = await site.HoldAsync("domain.create");
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("tab-lab");
        await gate.Arrived.WaitAsync(Token);

        await ann.ReopenAsync();
        await ann.SeeAsync("Building your stack");
        await Expect(ann.Strip).ToContainTextAsync("Attaching the address");
        await Expect(ann.Step("Application created")).ToContainClassAsync("is-done");
        await Expect(ann.Step("Starting the container")).ToContainClassAsync("is-pending");

        gate.Release();
        await ann.SeeAsync("Your stack is ready");
    }

    [Fact]
    public async Task Another_person_with_the_link_sees_the_state_and_no_password()
    {
        using var gate = await site.HoldAsync("application.deploy");
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("private-lab");
        await gate.Arrived.WaitAsync(Token);
        await using var eve = await site.VisitAsync(ann.Page.Url);
        await eve.SeeAsync("Page not found");
        await using var bob = await site.VisitAsync(ann.Page.Url, role: Role.Operator);
        await bob.SeeAsync("Building your stack");
        await Expect(bob.Button("Cancel")).ToHaveCountAsync(0);

        gate.Release();
        await ann.SeeAsync("Your stack is ready");
        await Expect(ann.OtherTools).ToBeVisibleAsync();

        await bob.SeeAsync("This stack is ready");
        await Expect(bob.OtherTools).ToHaveCountAsync(0);
        await bob.Page.GotoAsync("/stacks");
        await Expect(bob.Page.GetByText("You have no stacks yet.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_portal_killed_under_an_open_page_comes_back_into_it_with_the_true_state()
    {
        using var gate = await site.HoldAsync("application.create", afterWork: true);
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("killed-lab");
        await ann.SeeAsync("Building your stack");
        await gate.Arrived.WaitAsync(Token);

        await site.Portal.Process.KillAsync();
        // Not its words: which of them stand there changes with each attempt.
        var lost = ann.Page.Locator("#components-reconnect-modal");
        await Expect(lost).ToBeVisibleAsync();
        gate.Release();
        await site.Portal.StartAsync(Token);

        await ann.SeeAsync("Your stack is ready");
        await Expect(ann.OtherTools).ToBeVisibleAsync();
        await Expect(lost).ToBeHiddenAsync();
        var project = Assert.Single(site.Dokploy.Projects, p => p.Name == "ai-stack-killed-lab");
        Assert.Single(site.Dokploy.Applications, a => a.ProjectId == project.ProjectId);
    }

    [Fact]
    public async Task A_running_deployment_is_stopped_only_after_a_second_yes_and_leaves_nothing()
    {
        using var gate = await site.HoldAsync("domain.create");
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("stopped-lab");
        await gate.Arrived.WaitAsync(Token);

        await ann.Button("Cancel").ClickAsync();
        await Expect(ann.Button("Keep going")).ToBeFocusedAsync();
        await ann.AssertAccessibleAsync();
        await ann.Page.Keyboard.PressAsync("Escape");
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(ann.Button("Cancel")).ToBeFocusedAsync();
        await ann.SeeAsync("Building your stack");
        await ann.Button("Cancel").ClickAsync();
        await ann.Button("Stop").ClickAsync();
        await ann.SeeAsync("Stopping");

        gate.Release();
        await ann.SeeAsync("Stopped");
        Assert.DoesNotContain(site.Dokploy.Projects, p => p.Name == "ai-stack-stopped-lab");
        await Expect(ann.Button("Cancel")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_administrators_page_shows_it_moving_and_can_stop_it()
    {
        using var first = await site.HoldAsync("application.create");
        using var second = await site.HoldAsync("domain.create");
        await using var ann = await site.VisitAsync(role: Role.Admin);
        var admin = await ann.Context.NewPageAsync();
        await admin.GotoAsync("/admin");
        await Expect(admin.GetByText("Nothing is in progress.")).ToBeVisibleAsync();

        await ann.DeployAsync("watched-lab");
        var row = admin.Locator("section[aria-labelledby=active-title] li").Filter(new() { HasText = "watched-lab" });
        await Expect(row).ToContainTextAsync("Creating the application");
        first.Release();
        await Expect(row).ToContainTextAsync("Attaching the address");

        await row.GetByRole(AriaRole.Button, new() { Name = "Cancel watched-lab" }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(admin.GetByText("watched-lab: Stop requested.")).ToBeVisibleAsync();
        second.Release();

        await ann.SeeAsync("Stopped");
        await Expect(row).ToHaveCountAsync(0);
    }
}
