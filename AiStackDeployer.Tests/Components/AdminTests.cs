using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
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
    public async Task A_failed_stack_shows_its_reason_and_can_be_tried_again()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.ImageNotFound);
        Unwound(id);
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal("Image not found", board.Find("[aria-labelledby=failed-title] .mud-chip").TextContent.Trim()));

        await board.Button("Try again: design-lab").ClickAsync();

        Assert.Equal(2, Store.All.Count);
        Above.WaitForAssertion(() => Assert.Equal(["design-lab: Started again."], Messages));
    }

    [Fact]
    public async Task A_press_that_comes_after_another_try_does_not_claim_to_have_started_one()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.ImageNotFound);
        Unwound(id);
        var board = Render<AdminBoard>();
        var again = board.WaitForButton("Try again: design-lab");
        await ClaimAsync("design-lab");

        await again.ClickAsync();

        Assert.Equal(2, Store.All.Count);
        Above.WaitForAssertion(() => Assert.Equal(["design-lab: Not started again: someone else was quicker."], Messages));
    }

    [Fact]
    public async Task A_failed_stack_of_which_something_is_left_is_offered_to_be_deleted_and_not_to_be_tried_again()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.ImageNotFound);
        Unwound(id, "ai-stack-design-lab");
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal("Image not found", board.Find("[aria-labelledby=failed-title] .mud-chip").TextContent.Trim()));

        Assert.Equal("Delete design-lab", board.Find("[aria-labelledby=failed-title] button").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_at_the_press_is_told()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.ImageNotFound);
        Unwound(id);
        var board = Render<AdminBoard>();
        board.WaitForButton("Try again: design-lab");
        Store.Trouble = new StorageUnavailableException("locked", new IOException());

        await board.Button("Try again: design-lab").ClickAsync();

        Above.WaitForAssertion(() => Assert.StartsWith("design-lab: ", Assert.Single(Messages), StringComparison.Ordinal));
        Assert.Single(Store.All);
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
    public async Task The_grid_asks_the_store_for_one_page_searched_and_filtered()
    {
        await RunTo("design-lab", DeploymentStep.AwaitContainer);
        await RunTo("team-ops", DeploymentStep.AwaitContainer);
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll(".grid tbody a.strong").Count));

        var searching = board.Find("input[type=search]").InputAsync("ops");
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await searching;
        board.WaitForAssertion(() => Assert.Equal(["team-ops"], board.FindAll(".grid tbody a.strong").Select(a => a.TextContent)));

        await board.Find("[role=combobox]").MouseDownAsync();
        await Above.WaitForElement("[role=option]:nth-child(3)").ClickAsync();
        board.WaitForAssertion(() => Assert.Empty(board.FindAll(".grid tbody a.strong")));
        var last = Store.Queries[^1];
        Assert.Equal(("ops", StackState.Ready, 0, 25), (last.Search, last.States.Single(), last.Skip, last.Take));
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
        Assert.Equal(5, board.FindAll(".figures .card").Count);
    }
}
