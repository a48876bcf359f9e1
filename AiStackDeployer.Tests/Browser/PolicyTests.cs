using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>The pages at work under their own Content-Security-Policy.</summary>
[Collection(BrowserTests.Name)]
public sealed class PolicyTests(BrowserFixture site)
{
    [Fact]
    public async Task No_page_and_no_dialog_asks_for_what_the_policy_refuses()
    {
        await using var ann = await site.VisitAsync("about:blank", o => o.Permissions = ["clipboard-read", "clipboard-write"], role: null);
        var refused = new ConcurrentQueue<string>();
        await ann.Context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error(`refused ${e.effectiveDirective} ${e.blockedURI}`))");
        ann.Context.Console += (_, message) =>
        {
            if (message.Type == "error" && (message.Text.StartsWith("refused ", StringComparison.Ordinal) || message.Text.Contains("Policy", StringComparison.Ordinal)))
            {
                refused.Enqueue($"{message.Page?.Url} {message.Text}");
            }
        };

        await ann.Page.GotoAsync("/new");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Administrator" }).First.ClickAsync();
        await ann.DeployAsync("policy-lab");
        await ann.SeeAsync("Your stack is ready");
        await ann.OtherTools.ClickAsync();
        await ann.Button("Show the password").ClickAsync();
        await ann.Button("Copy the password").ClickAsync();
        await Expect(ann.Page.GetByText("Copied")).ToBeVisibleAsync();
        await ann.Button("Steps and log").ClickAsync();
        await ann.Button("Delete…").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "My stacks" }).ClickAsync();
        await ann.SeeAsync("My stacks");
        await ann.Page.GotoAsync("/open/policy-lab/ask");
        await ann.Button("Open my stack").ClickAsync();
        await ann.SeeAsync("This is the stack policy-lab (emulated)");
        await ann.Page.GotoAsync(new Uri(site.Portal.Root, "/admin").ToString());
        await Expect(ann.Button("Details of policy-lab")).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/admin/connections");
        await Expect(ann.Page.Locator(".record")).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/account");
        await Expect(ann.Heading).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/admin/people");
        await Expect(ann.Page.Locator(".live table")).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/admin/audit");
        await ann.Page.GetByLabel("Who or what").FillAsync("policy-lab");
        await Expect(ann.Page).ToHaveURLAsync(new Regex("search=policy-lab"));
        await ann.Button("Theme").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Dark" }).ClickAsync();
        await Expect(ann.Page.Locator("meta[name=color-scheme][content=dark]")).ToHaveCountAsync(1);
        await ann.Page.GotoAsync("/no-such-page");
        await Expect(ann.Heading).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/");
        await ann.Button("Sign out").ClickAsync();
        await ann.SeeAsync("You are signed out");
        Assert.Equal([], refused);

        // That it is in force, and would have been heard of.
        await ann.Page.EvaluateAsync("() => { const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s); }");
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => window.ran === undefined"));
        await Expect(ann.Page.Locator("body")).ToBeVisibleAsync();
        Assert.Contains(refused, line => line.Contains("script-src", StringComparison.Ordinal));
    }
}
