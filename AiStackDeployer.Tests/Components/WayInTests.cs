using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Layout;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Bunit;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>What the page of a deployment does for its reader: the way in, times while it waits, who can help when it failed.</summary>
public sealed class WayInTests : PageWorld
{
    [Fact]
    public async Task The_main_buttons_lead_into_the_stack_through_the_portal_and_show_no_password()
    {
        var view = Open(await MakeAsync("design-lab"));

        Assert.Equal(["open/design-lab", "open/design-lab?to=terminal"], view.WaitForElements(".actions a[target=_blank]").Select(a => a.GetAttribute("href")));
        Assert.Equal("open/design-lab", view.Find(".address a").GetAttribute("href"));
        Assert.Equal("false", view.Button("Sign in from other tools").GetAttribute("aria-expanded"));
        Assert.Empty(Audit.Lines);
    }

    [Fact]
    public async Task An_image_that_knows_no_tickets_has_the_password_at_hand()
    {
        Gates.AreMissing = true;

        var view = Open(await MakeAsync("design-lab"));

        Assert.Equal("true", view.WaitForButton("Sign in from other tools").GetAttribute("aria-expanded"));
        Assert.Equal("This stack has an older image: your browser asks for these once.", view.Find(".credentials .hint").TextContent);
    }

    [Fact]
    public async Task Where_the_browser_copies_nothing_the_password_is_shown_and_selected()
    {
        Tab.Refuses = true;
        var view = Open(await MakeAsync("design-lab"));

        await view.WaitForButton("Copy the password").ClickAsync();

        view.WaitForAssertion(() => Assert.Equal(1, Tab.Selected));
        Assert.Contains(Tab.Copied[0], view.Find(".credentials").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Your browser does not allow copying here.", view.Find(".credentials .said").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_for_the_phone_lasts_a_minute_and_a_new_one_is_another_ticket()
    {
        var view = Open(await MakeAsync("design-lab"));

        await view.WaitForButton("On your phone").ClickAsync();
        var first = Above.WaitForElement(".code svg").OuterHtml;
        Assert.Equal("60 s left", Above.Find(".mud-dialog .hint").TextContent);
        Time.Advance(TimeSpan.FromSeconds(25));
        Above.WaitForAssertion(() => Assert.Equal("35 s left", Above.Find(".mud-dialog .hint").TextContent));
        Time.Advance(TimeSpan.FromSeconds(35));
        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll(".code")));
        Assert.Equal("This code has expired.", Above.Find(".mud-dialog [role=status]").TextContent);
        await Above.Button("New code").ClickAsync();

        Assert.NotEqual(first, Above.WaitForElement(".code svg").OuterHtml);
        Assert.Equal(Enumerable.Repeat("usr_me Web stack.open Done design-lab", 2), Audit.Lines);
    }

    [Fact]
    public async Task The_code_of_an_image_that_knows_no_tickets_does_not_end()
    {
        Gates.AreMissing = true;
        var view = Open(await MakeAsync("design-lab"));

        await view.WaitForButton("On your phone").ClickAsync();
        Above.WaitForElement(".code svg");
        Time.Advance(TimeSpan.FromMinutes(5));

        Assert.NotNull(Above.Find(".code svg"));
        Assert.Equal(["Close"], Above.FindAll(".mud-dialog-actions button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task Who_may_no_longer_open_the_stack_gets_no_code()
    {
        var view = Open(await MakeAsync("design-lab"));
        view.WaitForButton("On your phone");
        SignIn(Me, Policies.ViewDeployment);

        await view.Button("On your phone").ClickAsync();

        Assert.Equal("You are not allowed to do this.", Above.WaitForElement(".mud-dialog [role=alert]").TextContent.Trim());
        Assert.Equal(["usr_me Web stack.open Refused design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task While_Dokploy_does_not_respond_the_page_is_amber_and_promises_no_time()
    {
        Learn(TimeSpan.FromSeconds(10));
        var view = Open(await RunTo("design-lab", DeploymentStep.AwaitContainer));
        Assert.Contains("to go", view.Find(".strip .time").TextContent, StringComparison.Ordinal);

        Dokploy.Become(DokployState.Silent);
        Time.Advance(TimeSpan.FromSeconds(1));

        view.WaitForAssertion(() => Assert.Equal("Dokploy is not responding; we keep trying", Strip(view)));
        Assert.Equal("1 s so far", view.Find(".strip .time").TextContent);
        Assert.Contains("tone-waiting", view.Find(".plate").ClassName, StringComparison.Ordinal);

        Dokploy.Become(DokployState.Answers);
        Time.Advance(TimeSpan.FromSeconds(1));
        view.WaitForAssertion(() => Assert.StartsWith("Starting the container", Strip(view), StringComparison.Ordinal));
    }

    [Fact]
    public void The_top_bar_says_so_as_well_and_only_then()
    {
        var mark = Render<DokployMark>();
        Assert.Equal("", mark.Find("[role=status]").TextContent.Trim());

        Dokploy.Become(DokployState.Silent);

        mark.WaitForAssertion(() => Assert.Equal("Dokploy is not responding", mark.Find("[role=status]").TextContent.Trim()));
    }

    [Fact]
    public void Whoever_tells_of_the_change_the_reader_hears_it_in_their_own_language()
    {
        Speak("nl");
        var mark = Render<DokployMark>();

        Speak("en");
        Dokploy.Become(DokployState.Silent);

        mark.WaitForAssertion(() => Assert.Equal("Dokploy reageert niet", mark.Find("[role=status]").TextContent.Trim()));
    }

    [Fact]
    public async Task In_line_it_tells_when_its_turn_comes_from_what_was_learned()
    {
        Learn(TimeSpan.FromSeconds(4));
        await ClaimAsync("first-one");
        await ClaimAsync("second-one");

        var view = Open(await ClaimAsync("third-one"));

        Assert.Equal("Waiting, 3rd in line", Strip(view));
        // Three times 40 s, four at a time.
        Assert.Equal("about 30 s until it starts", view.Find(".strip .time").TextContent);
    }

    [Fact]
    public async Task A_download_tells_its_layers()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitDokploy);
        var view = Open(id);

        Store.Change(id, d =>
        {
            foreach (var line in new[] { "aaaaaaaaaaaa: Pulling fs layer", "bbbbbbbbbbbb: Already exists", "cccccccccccc: Pulling fs layer", "aaaaaaaaaaaa: Pull complete" })
            {
                d.Note(d.Run, LogCode.Raw, line, Now);
            }
        });
        view.WaitForAssertion(() => Assert.StartsWith("Downloading the image (2 of 3 layers)", Strip(view), StringComparison.Ordinal));

        Store.Change(id, d => d.Note(d.Run, LogCode.Raw, "cccccccccccc: Pull complete", Now));
        view.WaitForAssertion(() => Assert.StartsWith("Dokploy is preparing the container", Strip(view), StringComparison.Ordinal));
    }

    [Fact]
    public async Task How_long_a_step_usually_takes_is_no_news_below_a_second()
    {
        Learn(TimeSpan.FromSeconds(0.9));

        Assert.Equal("usually 2 s", string.Concat(Open(await RunTo("design-lab", DeploymentStep.EnsureProject)).FindAll(".step.is-pending .took").Select(t => t.TextContent).Distinct().Order()));
    }

    [Theory]
    [InlineData("mailto:help@example.org", "mailto:help@example.org?subject=Deployment%20failed&body=design-lab%3A%20The%20container%20keeps%20crashing.")]
    [InlineData("https://help.example.org/", "https://help.example.org/")]
    public async Task A_failure_is_told_to_an_administrator_where_the_operator_said(string contact, string link)
    {
        Support = new SupportContact(new Uri(contact));

        var told = Assert.Single(Open(await FailedAsync()).Links("Tell an administrator")).GetAttribute("href")!;

        Assert.StartsWith(link, told, StringComparison.Ordinal);
        Assert.Equal(contact.StartsWith("mailto", StringComparison.Ordinal), told.Contains(Store.All[0].TraceId, StringComparison.Ordinal));
        Assert.InRange(told.Length, 1, 1_900);
    }

    [Fact]
    public async Task Else_there_is_a_text_to_copy_with_all_that_is_needed()
    {
        var view = Open(await FailedAsync());

        await view.Button("Copy for an administrator").ClickAsync();

        var lines = Assert.Single(Tab.Copied).Split('\n');
        Assert.Equal("design-lab: The container keeps crashing.", lines[0]);
        Assert.StartsWith("http", lines[1], StringComparison.Ordinal);
        Assert.Contains(Store.All[0].TraceId, lines[2], StringComparison.Ordinal);
        Assert.Equal("line 100", lines[^1]);
    }

    [Fact]
    public async Task The_last_lines_of_the_program_are_open_and_the_rest_is_folded()
    {
        var view = Open(await FailedAsync());

        Assert.Equal("line 97\nline 98\nline 99\nline 100", view.FindAll(".remedy pre")[0].TextContent);
        Assert.Equal("false", view.Button("All 100 lines").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task Somebody_who_asked_for_it_is_notified_at_the_end_once()
    {
        Tab.CanNotify = true;
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var view = Open(id);

        await view.WaitForButton("Tell me when it is done").ClickAsync();
        Complete(id);

        await Tab.Notifying.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["Ready · design-lab"], Tab.Notified);
    }

    [Fact]
    public async Task The_tabs_icon_shows_the_state_and_the_heading_is_given_the_focus_once()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var view = Open(id);
        view.WaitForAssertion(() => Assert.Equal(["favicon-working.svg"], Tab.Icons));

        Complete(id);
        view.WaitForAssertion(() => Assert.Equal("Ready", Strip(view)));
        // The announcement waits for its moment, so there is one more tick.
        Time.Advance(TimeSpan.FromSeconds(3));

        view.WaitForAssertion(() => Assert.Equal(["favicon-working.svg", "favicon-ready.svg"], Tab.Icons));
        Assert.Equal(1, Tab.Focused);
    }

    [Fact]
    public async Task The_log_can_be_copied_and_downloaded()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Open(id);

        await view.Button("Copy the log").ClickAsync();

        Assert.Equal(["+0.0 Name design-lab claimed"], Tab.Copied);
        var link = Assert.Single(view.Links("Download the log"));
        Assert.Equal(($"api/deployments/{id}/log", "design-lab.log"), (link.GetAttribute("href"), link.GetAttribute("download")));
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));

    private static string Strip(IRenderedComponent<DeploymentView> view) => view.Find(".strip .said").TextContent.Trim();

    private async Task<string> FailedAsync()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Store.Change(id, d => d.Fail(
            d.Run, new DeploymentFailure(FailureCode.CrashLoop, d.CurrentStep, null, [.. Enumerable.Range(1, 100).Select(i => $"line {i}")]), Now));
        Unwound(id);
        return id;
    }

    private void Learn(TimeSpan each) => Store.PastRuns.Add(
        new PastRun(each * OperationCatalog.Deploy.Plan.Count, Enumerable.Range(0, OperationCatalog.Deploy.Plan.Count).ToDictionary(index => index, _ => each)));
}
