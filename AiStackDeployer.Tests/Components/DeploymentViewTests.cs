using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

public sealed class DeploymentViewTests : PageWorld
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_late_watcher_sees_the_true_state()
    {
        var view = Open(await RunTo("design-lab", DeploymentStep.AwaitContainer));

        Assert.Equal("Building your stack", view.Find("h1").TextContent);
        Assert.Equal("design-lab", view.Find(".plate .name").TextContent);
        Assert.Equal("Starting the container · 38 %", Strip(view));
        Assert.Equal(5, view.FindAll(".step.is-done").Count);
        Assert.Contains("Starting the container", view.Find(".step.is-running").TextContent, StringComparison.Ordinal);
        Assert.Equal("38 % · design-lab", Tab.Titles[^1]);
    }

    [Fact]
    public async Task A_change_reaches_an_open_page()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);

        Complete(id);

        view.WaitForAssertion(() => Assert.Equal("Your stack is ready", view.Find("h1").TextContent));
        Assert.Equal("Ready", Strip(view));
        Assert.Equal("100", view.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
    }

    [Fact]
    public async Task Two_pages_on_one_deployment_tell_the_same()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var first = Open(id);
        var second = Open(id);

        Fail(id, FailureCode.ImageNotFound);

        foreach (var page in new[] { first, second })
        {
            page.WaitForAssertion(() => Assert.Equal("The image of the stack does not exist in the registry.", Strip(page)));
        }
    }

    [Fact]
    public async Task Leaving_the_page_leaves_no_watcher()
    {
        Open(await RunTo("design-lab", DeploymentStep.AwaitContainer));
        Assert.Equal(1, Signals.WatcherCount);

        await DisposeComponentsAsync();

        Assert.Equal(0, Signals.WatcherCount);
    }

    [Fact]
    public async Task The_end_of_the_stack_is_the_end_of_watching()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var view = Open(id);
        Store.Change(id, d => { d.RequestCancel(Now); d.AcceptCancel(d.Run, Now); });
        Unwound(id);
        view.WaitForAssertion(() => Assert.Equal(0, Signals.WatcherCount));
    }

    [Fact]
    public async Task The_bar_moves_between_snapshots_with_what_was_learned_and_stays_inside_its_step()
    {
        Learn(TimeSpan.FromSeconds(2));
        var view = Open(await RunTo("design-lab", DeploymentStep.AwaitContainer));
        Assert.Equal(38, Width(view));

        Time.Advance(TimeSpan.FromSeconds(1));
        view.WaitForAssertion(() => Assert.InRange(Width(view), 45, 46));
        Assert.Contains("about", view.Find(".strip .time").TextContent, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromMinutes(10));
        view.WaitForAssertion(() => Assert.InRange(Width(view), 54.9, 55));
    }

    [Fact]
    public async Task Beyond_what_nineteen_of_twenty_took_the_page_says_slower_than_usual()
    {
        for (var run = 0; run < 5; run++)
        {
            Learn(TimeSpan.FromSeconds(2));
        }
        var view = Open(await RunTo("design-lab", DeploymentStep.AwaitContainer));

        Time.Advance(TimeSpan.FromSeconds(30));

        view.WaitForAssertion(() => Assert.Equal("30 s so far, slower than usual; we stop trying after 3 min", view.Find(".strip .time").TextContent));
        Assert.Contains("tone-waiting", view.Find(".plate").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queued_deployment_tells_its_place_in_line()
    {
        await ClaimAsync("first-one");
        var view = Open(await ClaimAsync("second-one"));
        Assert.Equal("Waiting, 2nd in line", Strip(view));
        Assert.Empty(view.FindAll("[role=progressbar]"));
    }

    [Fact]
    public async Task Dokploys_own_line_is_told_too()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitDokploy);
        var view = Open(id);
        Store.Change(id, d => d.WaitInDokploy(d.Run, 3, Now));
        view.WaitForAssertion(() => Assert.Equal("Dokploy is busy, 3rd in line there · 28 %", Strip(view)));
    }

    [Fact]
    public async Task The_reason_of_a_failure_stands_there_while_it_is_still_cleaning_up()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);

        Fail(id, FailureCode.OutOfMemory);

        view.WaitForAssertion(() => Assert.Equal("Deployment failed", view.Find("h1").TextContent));
        Assert.Equal("The container ran out of memory.", Strip(view));
        Assert.Equal("Removing what was created. Your name is still yours.", view.Find(".lead").TextContent);
        Assert.Empty(view.Buttons("Try again"));
    }

    [Fact]
    public async Task A_failed_deployment_can_be_tried_again_and_leads_to_the_new_one()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id);
        var view = Open(id);
        Assert.Equal("Nothing is left behind, and your name is still yours.", view.Find(".lead").TextContent);

        await view.Button("Try again").ClickAsync();

        Assert.Equal(2, Store.All.Count);
        Assert.EndsWith($"/deployments/{Store.All[1].Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_asks_first_and_then_says_that_it_stops()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);

        _ = view.WaitForButton("Cancel").ClickAsync();
        Assert.False(Store.All[0].CancelRequestedAt.HasValue);
        await DialogButton("Stop").ClickAsync();

        view.WaitForAssertion(() => Assert.True(Store.All[0].CancelRequestedAt.HasValue));
        view.WaitForAssertion(() => Assert.StartsWith("Stopping as soon as it is safe", Strip(view), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_deployment_says_that_the_name_is_free()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Store.Change(id, d => { d.RequestCancel(Now); d.AcceptCancel(d.Run, Now); });
        Unwound(id);
        var view = Open(id);
        Assert.Equal("Nothing is left behind, and the name is free again.", view.Find(".lead").TextContent);
    }

    [Fact]
    public void An_unknown_id_is_told_in_a_friendly_way()
    {
        var view = Open("dep_0_nothing");
        Assert.Equal("Page not found", view.Find("h1").TextContent);
        Assert.Equal(0, Signals.WatcherCount);
    }

    [Fact]
    public async Task A_database_that_fails_keeps_what_is_shown_and_is_read_again_when_it_is_back()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);
        Store.Trouble = new StorageUnavailableException("locked", new IOException());
        Signals.Notify(id);
        view.WaitForAssertion(() => Assert.StartsWith("The portal cannot read its database", view.Find(".mud-alert").TextContent.Trim(), StringComparison.Ordinal));
        Assert.Equal("design-lab", view.Find(".plate .name").TextContent);

        Store.Trouble = null;
        Complete(id);
        Time.Advance(TimeSpan.FromSeconds(2));

        view.WaitForAssertion(() => Assert.Equal("Your stack is ready", view.Find("h1").TextContent));
        Assert.Empty(view.FindAll(".mud-alert"));
    }

    [Fact]
    public async Task The_log_speaks_the_readers_language_and_shows_raw_lines_as_they_are()
    {
        Speak("nl");
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Store.Change(id, d =>
        {
            d.Note(d.Run, LogCode.ProjectCreated, "ai-stack-design-lab", Now);
            d.Note(d.Run, LogCode.Raw, "<b>pulling</b>", Now);
        });
        var view = Open(id);

        Assert.Equal(["Naam design-lab vastgelegd", "Project ai-stack-design-lab aangemaakt", "<b>pulling</b>"], Lines(view));
        Assert.Equal("Je stack wordt gemaakt", view.Find("h1").TextContent);
    }

    [Fact]
    public async Task Only_the_newest_two_hundred_lines_are_kept_however_they_come()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Say(1, 300);
        var view = Open(id);
        Assert.Equal(DeploymentView.LinesKept, Lines(view).Count);

        Say(301, 500);

        view.WaitForAssertion(() => Assert.Equal("line 500", Lines(view)[^1]));
        Assert.Equal(DeploymentView.LinesKept, Lines(view).Count);

        void Say(int from, int to) => Store.Change(id, d =>
        {
            for (var i = from; i <= to; i++)
            {
                d.Note(d.Run, LogCode.Raw, $"line {i}", Now);
            }
        });
    }

    [Fact]
    public async Task The_heading_is_announced_and_then_the_newest_step_at_most_every_three_seconds()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);
        Assert.Equal("Building your stack", view.Find("[role=status]").TextContent);

        Store.Change(id, d =>
        {
            d.EndStep(d.Run, DeploymentStep.AwaitContainer, Now);
            d.BeginStep(d.Run, DeploymentStep.AwaitReadiness, Now);
        });
        view.WaitForAssertion(() => Assert.StartsWith("Waiting for the address", Strip(view), StringComparison.Ordinal));
        Assert.Equal("Building your stack", view.Find("[role=status]").TextContent);
        Time.Advance(TimeSpan.FromSeconds(3));
        view.WaitForAssertion(() => Assert.Equal("Waiting for the address to respond", view.Find("[role=status]").TextContent));

        Complete(id);
        view.WaitForAssertion(() => Assert.Equal("Ready", Strip(view)));
        Time.Advance(TimeSpan.FromSeconds(3));
        view.WaitForAssertion(() => Assert.Equal("Your stack is ready", view.Find(".visually-hidden[role=status]").TextContent));
    }

    [Fact]
    public async Task The_owner_of_a_ready_stack_sees_how_to_sign_in_and_the_password_only_on_asking()
    {
        var view = Open(await Ready());
        view.WaitForAssertion(() => Assert.Equal("opencode", view.Find(".credentials dd.mono").TextContent));
        var password = await PasswordAsync();
        Assert.DoesNotContain(password, view.Markup, StringComparison.Ordinal);

        await view.Button("Show the password").ClickAsync();
        Assert.Contains(password, view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copying_the_password_is_said_and_does_not_show_it()
    {
        var view = Open(await Ready());

        await view.WaitForButton("Copy the password").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["Copied"], Messages));
        Assert.Equal([await PasswordAsync()], Tab.Copied);
        Assert.DoesNotContain(Tab.Copied[0], view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_person_with_the_link_sees_the_stack_but_no_credentials_and_no_buttons_of_its_owner()
    {
        var id = await Ready();
        SignIn("usr_other", Policies.StartDeployment, Policies.ViewDeployment);
        var view = Open(id);

        Assert.Equal("This stack is ready", view.Find("h1").TextContent);
        Assert.Equal("It is somebody else's; only its owner can read the password.", view.Find(".lead").TextContent);
        Assert.Equal("https://design-lab.ai.example.org", view.Find(".actions a").GetAttribute("href"));
        Assert.Empty(view.FindAll(".credentials"));
    }

    [Fact]
    public async Task A_person_who_passes_the_policy_but_owns_nothing_gets_no_password()
    {
        var id = await Ready();
        SignIn("usr_other", Policies.ViewDeployment, Policies.ViewCredentials);
        var view = Open(id);

        await view.WaitForButton("Show the password").ClickAsync();

        Assert.Equal("You are not allowed to do this.", view.Find("[role=alert]").TextContent.Trim());
        Assert.DoesNotContain(await PasswordAsync(), view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_cancel_or_retry_gets_no_such_buttons()
    {
        var running = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var failed = await RunTo("other-lab", DeploymentStep.AwaitContainer);
        Fail(failed, FailureCode.DeployFailed);
        Unwound(failed);
        SignIn("usr_other", Policies.StartDeployment, Policies.ViewDeployment);

        Assert.Empty(Open(running).FindAll(".strip button"));
        Assert.Equal(["Copy for an administrator", "Diagnose", "Copy the trace ID", "Copy the log"], Open(failed).FindAll("button").Select(b => b.GetAttribute("aria-label") ?? b.TextContent.Trim()));
    }

    [Fact]
    public async Task A_policy_that_refuses_the_owner_hides_the_password_from_the_owner_too()
    {
        var id = await Ready();
        SignIn(Me, Policies.StartDeployment, Policies.ViewDeployment);
        Assert.Empty(Open(id).FindAll(".credentials"));
    }

    [Theory]
    [InlineData(true, "The terminal is responding")]
    [InlineData(false, "The terminal did not respond")]
    public async Task The_terminal_has_a_mark_of_its_own(bool answers, string said)
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        Store.Change(id, d => d.Stack.TerminalAnswers = answers);
        Complete(id);
        Assert.Contains(said, Open(id).Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));

    private async Task<string> Ready()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        Complete(id);
        return id;
    }

    private async Task<string> PasswordAsync() =>
        (await Services.GetRequiredService<DeploymentService>().GetCredentialsAsync(
            Store.All[0].StackId, Me, TestContext.Current.CancellationToken))!.Password;

    private void Learn(TimeSpan each) => Store.PastRuns.Add(
        new PastRun(each * OperationCatalog.Deploy.Plan.Count, Enumerable.Range(0, OperationCatalog.Deploy.Plan.Count).ToDictionary(index => index, _ => each)));

    private static List<string> Lines(IRenderedComponent<DeploymentView> view) =>
        [.. view.FindAll(".log li span").Select(l => l.TextContent)];

    private static string Strip(IRenderedComponent<DeploymentView> view) => view.Find(".strip .said").TextContent.Trim();

    private static double Width(IRenderedComponent<DeploymentView> view) => double.Parse(
        view.Find(".bar > div").GetAttribute("style")!["width:".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
}
