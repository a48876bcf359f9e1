using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>A stack's own page.</summary>
public sealed class StackViewTests : PageWorld
{
    [Fact]
    public async Task It_shows_the_ways_in_the_day_and_all_that_was_done()
    {
        var id = await MakeAsync("design-lab");
        Store.All[0].Stack.Label = "Website";
        Store.All[0].Stack.Description = "For the spring fair.";
        Time.Advance(TimeSpan.FromMinutes(5));

        var view = Open();

        Assert.Equal(("Website", "For the spring fair."), (view.Find("h1").TextContent, view.Find(".lead").TextContent));
        Assert.Equal("Ready", view.Find(".strip .said").TextContent.Trim());
        Assert.Equal(["open/design-lab", "open/design-lab?to=terminal"], view.FindAll(".actions a[target=_blank]").Select(a => a.GetAttribute("href")));
        Assert.Equal(["answering: 5 min"], view.FindAll(".totals li").Select(l => l.TextContent.Trim()));
        Assert.Equal([($"deployments/{id}", "Creation")], view.FindAll(".history a").Select(a => (a.GetAttribute("href"), a.TextContent)));
        Assert.StartsWith("Nothing measured yet.", view.Find("[aria-labelledby=use] .hint").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_follows_what_others_begin_tells_why_and_leads_there()
    {
        var id = await MakeAsync("design-lab");
        var view = Open();

        var stop = await BeginAsync(id, OperationCatalog.Stop, OperationCause.Idle);
        Bring(stop, DeploymentStep.StopContainer);
        await LookUntilAsync(() => view.Find(".strip .said").TextContent.Contains('%', StringComparison.Ordinal));
        Assert.Equal($"deployments/{stop}", Assert.Single(view.Links("See how it is going")).GetAttribute("href"));
        Assert.Empty(view.FindAll(".actions a[target=_blank]"));

        Complete(stop);
        await LookUntilAsync(() => view.Find(".strip .said").TextContent.Trim() == "Stopped");
        Assert.Equal("because nobody used it", view.Find(".history .hint").TextContent);
        view.WaitForAssertion(() => Assert.Equal(("Stopped · design-lab", "favicon.svg"), (Tab.Titles[^1], Tab.Icons[^1])));

        await view.Button("Start").ClickAsync();
        Assert.Equal(OperationCatalog.Start, Store.All[^1].Operation);
    }

    [Fact]
    public async Task One_to_be_deleted_says_until_when_and_is_brought_back_and_one_that_is_gone_says_so()
    {
        var id = await MakeAsync("design-lab");
        await DoAsync(id, OperationCatalog.ScheduleDeletion);
        var view = Open();
        Assert.Contains("deleted for good on 2 March 12:00", view.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Single(view.Buttons("Bring back"));

        var deletion = await DeleteAsync(id);
        Bring(deletion, DeploymentStep.ProveGone);
        Complete(deletion);

        await LookUntilAsync(() => view.Find("h1").TextContent == "design-lab was deleted");
    }

    [Fact]
    public async Task What_failed_is_told_with_the_way_to_its_page_until_something_else_is_done()
    {
        var id = await MakeAsync("design-lab");
        var restart = await BeginAsync(id, OperationCatalog.Restart);
        Bring(restart, DeploymentStep.AwaitReadiness);
        Fail(restart, FailureCode.CrashLoop);

        var view = Open();

        Assert.Equal($"deployments/{restart}", Assert.Single(view.Links("See what went wrong")).GetAttribute("href"));
        Assert.Contains("design-lab could not be restarted", view.Find(".mud-alert").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_is_not_there_and_who_administers_operates_it_without_a_way_in()
    {
        await MakeAsync("design-lab", "usr_other");
        SignIn(Me);
        Assert.Equal("Page not found", Open().Find("h1").TextContent);

        SignIn(Me, Policies.ViewDeployment, Policies.AdministerDeployments);
        var view = Open();

        Assert.StartsWith("It is somebody else's.", view.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".credentials, .command"));
        Assert.DoesNotContain("open/design-lab", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copied_command_has_the_password_in_it_and_that_is_recorded()
    {
        await MakeAsync("design-lab");
        var view = Open();
        Assert.Empty(Audit.Lines);

        await view.Button("Copy: OpenCode on your own computer").ClickAsync();
        await view.Button("Copy: Let an assistant manage your stacks (MCP)").ClickAsync();

        var password = new TestSecrets().Unprotect(Store.All[0].Stack.ProtectedPassword);
        Assert.Equal(
            [$"OPENCODE_SERVER_PASSWORD='{password}' opencode attach https://design-lab.ai.example.org", "claude mcp add --transport http ai-stacks http://localhost/mcp"],
            Tab.Copied);
        Assert.DoesNotContain(password, view.Markup, StringComparison.Ordinal);
        Assert.Equal(["usr_me Web credentials.show Done design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task Who_waits_for_an_operation_is_notified_at_its_end()
    {
        Tab.CanNotify = true;
        var id = await MakeAsync("design-lab");
        var restart = await BeginAsync(id, OperationCatalog.Restart);
        Bring(restart, DeploymentStep.AwaitReadiness);
        var view = Open();

        await view.WaitForButton("Tell me when it is done").ClickAsync();
        Complete(restart);

        await LookUntilAsync(() => Tab.Notified.Count > 0);
        Assert.Equal(["Done · design-lab"], Tab.Notified);
    }

    [Fact]
    public async Task Memory_and_work_are_drawn_once_a_gate_has_told_of_them()
    {
        await MakeAsync("design-lab");
        var samples = Services.GetRequiredService<ActivitySamples>();
        for (var minute = 0; minute < 3; minute++)
        {
            Gates.Told = new StackActivity("1", Now, Now, null, null, minute, 0, null, (300L + minute) << 20, 2048L << 20, null) { ToldAt = Now.AddMinutes(minute - 2) };
            samples.Add(Store.All[0].StackId, Gates.Told);
        }

        var view = Open();

        Assert.Equal(["Memory: 302 of 2,048 MB", "Sessions at work: 2"], view.FindAll("figcaption").Select(f => f.TextContent));
        Assert.Equal(2, view.FindAll("figure svg").Count);
    }

    [Fact]
    public async Task What_nobody_uses_says_when_it_stops_or_is_deleted_and_is_kept_by_its_owner()
    {
        var id = await MakeAsync("design-lab");
        var stack = Store.All[0].Stack;
        await Services.GetRequiredService<PortalCare>().SetPoliciesAsync(
            new StackPolicies([], new Dictionary<Role, RolePolicy> { [Role.User] = new(StopAfterHours: 8, DeleteAfterDays: 60) }), "usr_admin", Xunit.TestContext.Current.CancellationToken);
        var view = Open();
        bool Says(string words) => view.Find(".keep span[translate]").TextContent.Contains(words, StringComparison.Ordinal);
        view.WaitForAssertion(() => Assert.True(Says("It stops by itself when nobody has used it for 8 hours.")));

        await Store.ChangeAsync(id, d => d.WarnOfStop(Now.AddMinutes(30), Now), Xunit.TestContext.Current.CancellationToken);
        await LookUntilAsync(() => Says("Nobody has used it for a while, so it stops at "));

        await view.Find(".keep button").ClickAsync();
        await Above.WaitForElements(".mud-menu-item")[1].ClickAsync();
        Assert.Equal((Now.AddDays(7), null), (stack.KeepUntil, stack.IdleWarnedAt));
        await LookUntilAsync(() => Says("It stays until 8 March 12:"));

        await Store.ChangeAsync(id, d => d.WarnOfDeletion(Now.AddDays(7), Now), Xunit.TestContext.Current.CancellationToken);
        await LookUntilAsync(() => Says("stopped and deleted on 8 March 12:"));
    }

    private IRenderedComponent<StackView> Open()
    {
        var view = Render<StackView>(p => p.Add(v => v.Name, "design-lab"));
        view.WaitForElement("h1");
        return view;
    }
}
