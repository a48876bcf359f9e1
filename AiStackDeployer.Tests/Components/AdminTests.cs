using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Bunit;

namespace AiStackDeployer.Tests.Components;

public sealed class AdminTests : PageWorld
{
    [Fact]
    public async Task Active_deployments_stand_there_with_step_percentage_and_place_in_line()
    {
        await RunTo("design-lab", DeploymentStep.AwaitContainer);
        await ClaimAsync("team-ops", "usr_other");
        var board = Render<AdminBoard>();

        board.WaitForAssertion(() => Assert.Equal(
            ["Starting the container · 38 %", "Waiting, next in line"],
            board.FindAll("[aria-labelledby=active-title] .mud-chip").Select(c => c.TextContent.Trim())));
    }

    [Fact]
    public async Task A_change_moves_the_board_but_not_more_than_once_a_second()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var board = Render<AdminBoard>();
        // The grid is read last: with its row there, the board waits for the next change.
        board.WaitForAssertion(() => Assert.Single(board.FindAll(".grid tbody a.strong")));
        await board.InvokeAsync(() => { });
        var reads = Store.Queries.Count;

        Complete(id);
        await board.InvokeAsync(() => { });
        Assert.Equal(reads, Store.Queries.Count);

        Time.Advance(TimeSpan.FromSeconds(1));
        board.WaitForAssertion(() => Assert.Empty(board.FindAll("[aria-labelledby=active-title] .mud-chip")));
        Assert.Equal("1", board.Find(".figures dd").TextContent);
    }

    [Fact]
    public async Task When_nothing_is_wrong_one_line_says_so()
    {
        await MakeAsync("design-lab");
        var board = Render<AdminBoard>();

        board.WaitForAssertion(() => Assert.Equal("Nothing is wrong.", board.Find(".verdict").TextContent.Trim()));
        Assert.Empty(board.FindAll(".groups"));
        Assert.Empty(board.FindAll(".parts .wrong"));
    }

    [Fact]
    public async Task Failures_stand_by_cause_with_how_many_and_who_and_lead_to_the_grid()
    {
        foreach (var name in new[] { "ann", "bob", "cas", "dan", "eva" })
        {
            await FailedAsync(name, FailureCode.ImageNotFound);
        }
        await FailedAsync("fay", FailureCode.CrashLoop);
        var board = Render<AdminBoard>();

        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll(".groups li").Count));
        var group = board.FindAll(".groups li")[0];
        Assert.Equal("Image not found", group.QuerySelector("a.strong")!.TextContent);
        Assert.Contains("5 stacks", group.TextContent, StringComparison.Ordinal);
        Assert.Equal(["ann", "bob", "cas", "and 2 more"], group.QuerySelectorAll(".names a").Select(a => a.TextContent));
        Assert.Equal("admin?cause=image-not-found#stacks", group.QuerySelectorAll(".names a")[^1].GetAttribute("href"));
        Assert.Equal("Needs attention: 6 stacks failed.", board.Find(".verdict").TextContent.Trim());
    }

    [Fact]
    public async Task All_of_one_cause_are_tried_again_by_one_press_and_one_question_and_what_came_of_it_is_told()
    {
        await FailedAsync("ann", FailureCode.ImageNotFound);
        await FailedAsync("bob", FailureCode.ImageNotFound);
        // Something of it is left, so it has to be deleted first.
        await FailedAsync("cas", FailureCode.ImageNotFound, "ai-stack-cas");
        await FailedAsync("dan", FailureCode.CrashLoop);
        var board = Render<AdminBoard>();

        _ = board.WaitForButton("Try all again: Image not found").ClickAsync();
        Assert.Contains("3 stacks", Dialog.TextContent, StringComparison.Ordinal);
        await DialogButton("Try again").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["2 of 3 begun. Not begun: cas: not possible in its state now."], Messages));
        Assert.Equal(["ann", "bob"], Store.All.Skip(4).Select(d => d.Name.Value));
        Assert.All(Audit.Entries.Where(e => e.Action == "deployment.retry"), e => Assert.Equal(Me, e.ActorId));
    }

    [Fact]
    public async Task Stacks_that_do_not_answer_stand_by_where_it_ends_and_can_be_restarted_together()
    {
        foreach (var name in new[] { "ann", "bob" })
        {
            var id = await MakeAsync(name);
            Store.Change(id, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Tcp), Now));
        }
        var board = Render<AdminBoard>();

        _ = board.WaitForElement(".groups button").ClickAsync();
        Above.WaitForAssertion(() => Assert.Contains("2 of 2 can be begun now.", Dialog.TextContent, StringComparison.Ordinal));
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Assert.Equal([OperationCatalog.Restart, OperationCatalog.Restart], Store.All.Skip(2).Select(d => d.Operation));
        Assert.All(Store.All.Skip(2), d => Assert.Equal(OperationCause.Batch, d.Cause));
    }

    [Fact]
    public void A_Dokploy_that_is_silent_is_a_tile_with_a_sentence_at_once()
    {
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal("Nothing is wrong.", board.Find(".verdict").TextContent.Trim()));

        Dokploy.Become(DokployState.Silent);

        board.WaitForAssertion(() => Assert.Equal("Needs attention: Dokploy.", board.Find(".verdict").TextContent.Trim()));
        Assert.Contains("Dokploy is not responding.", board.Find(".parts .wrong").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Room_is_counted_from_what_running_stacks_reserve_and_the_queue_names_who_is_at_work()
    {
        await MakeAsync("ann");
        var running = await RunTo("bob", DeploymentStep.AwaitDokploy);
        Servers.Report = new ServerReport(Now, new DokployLine(4, running, Now), [8L << 30, 4L << 30], 1L << 30, null);
        var board = Render<AdminBoard>();

        board.WaitForAssertion(() => Assert.Equal(["1", "–", "1 GB", "11 more"], board.FindAll(".figures .card > dd:nth-of-type(1)").Take(4).Select(d => d.TextContent)));
        Assert.Contains("Works on bob since 12:00, 4 waiting", board.Find(".parts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_reading_that_comes_late_does_not_replace_a_newer_one()
    {
        var running = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var waiting = await RunTo("team-ops", DeploymentStep.AwaitReadiness);
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll(".grid tbody a.strong").Count));

        // The feed's reading is held back while a press on the board leads to another one.
        var late = Store.HoldNextFigures();
        Complete(running);
        Time.Advance(TimeSpan.FromSeconds(1));
        await late.Asked;
        _ = board.Button("Cancel team-ops").ClickAsync();
        Complete(waiting);
        await DialogButton("Stop").ClickAsync();
        board.WaitForAssertion(() => Assert.Equal("2", board.Find(".figures dd").TextContent));
        await board.InvokeAsync(() => late.Answer(new PortalFigures(0, 0, 2, null, null)));

        Assert.Equal("2", board.Find(".figures dd").TextContent);
    }

    [Fact]
    public async Task Cancel_asks_first()
    {
        await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var board = Render<AdminBoard>();

        _ = board.WaitForButton("Cancel design-lab").ClickAsync();
        await DialogButton("Stop").ClickAsync();

        board.WaitForAssertion(() => Assert.NotNull(Store.All[0].CancelRequestedAt));
    }

    [Fact]
    public async Task An_administrator_stops_somebody_elses_by_a_right_of_his_own()
    {
        await RunTo("design-lab", DeploymentStep.AwaitContainer);
        SignIn("usr_admin", Policies.ViewAdmin, Policies.AdministerDeployments);
        var board = Render<AdminBoard>();

        _ = board.WaitForButton("Cancel design-lab").ClickAsync();
        await DialogButton("Stop").ClickAsync();

        board.WaitForAssertion(() => Assert.NotNull(Store.All[0].CancelRequestedAt));
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_changes_nothing_and_is_told()
    {
        await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var board = Render<AdminBoard>();
        _ = board.WaitForButton("Cancel design-lab").ClickAsync();
        Authorization.SetPolicies(Policies.ViewAdmin);

        await DialogButton("Stop").ClickAsync();

        Assert.Null(Store.All[0].CancelRequestedAt);
        Above.WaitForAssertion(() => Assert.Equal(["design-lab: You are not allowed to do this."], Messages));
    }

    [Fact]
    public async Task Leaving_the_board_leaves_no_watcher()
    {
        Render<AdminBoard>();
        Assert.Equal(1, Signals.WatcherCount);
        await DisposeComponentsAsync();
        Assert.Equal(0, Signals.WatcherCount);
    }

    [Fact]
    public void A_database_that_does_not_answer_is_told_and_the_board_stays()
    {
        Store.Trouble = new StorageUnavailableException("locked", new IOException());
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.NotEmpty(board.FindAll(".mud-alert")));
        Assert.Equal(6, board.FindAll(".figures .card").Count);
    }

    private async Task FailedAsync(string name, FailureCode code, params string[] leftBehind)
    {
        var id = await RunTo(name, DeploymentStep.AwaitContainer);
        Fail(id, code);
        Unwound(id, leftBehind);
    }
}
