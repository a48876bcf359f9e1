using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>The question before a stack is deleted, and the pages of a deletion and of what was deleted.</summary>
public sealed class DeletionTests : PageWorld
{
    [Fact]
    public async Task The_question_names_what_is_lost_and_what_stays_and_where()
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));

        Assert.Equal("Delete design-lab?", Dialog.QuerySelector("h2")!.TextContent);
        Assert.Contains("https://design-lab.ai.example.org", Dialog.TextContent, StringComparison.Ordinal);
        var stack = Store.All[0].StackId;
        Assert.Equal([$"ai-stack-{stack}-workspace", $"ai-stack-{stack}-state"], Dialog.QuerySelectorAll("li").Select(l => l.TextContent));
        Assert.Equal("Delete design-lab?", Above.Find($"[id='{Dialog.GetAttribute("aria-labelledby")}']").TextContent.Trim());
        Assert.Equal(Dialog.QuerySelector("label")!.GetAttribute("for"), Dialog.QuerySelector("input")!.Id);
    }

    [Theory]
    [InlineData("design-lab", true)]
    [InlineData("Design-Lab", false)]
    [InlineData(" design-lab", false)]
    [InlineData("design-lab ", false)]
    [InlineData("design-la", false)]
    [InlineData("", false)]
    public async Task Only_the_very_name_confirms(string typed, bool isConfirmed)
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));
        Assert.True(DialogButton("Delete").HasAttribute("disabled"));

        await Dialog.QuerySelector("input")!.InputAsync(typed);
        Assert.Equal(isConfirmed, !DialogButton("Delete").HasAttribute("disabled"));
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Assert.Equal(isConfirmed ? 2 : 1, Store.All.Count);
    }

    [Fact]
    public async Task Confirmed_it_begins_and_leads_to_the_page_of_the_deletion()
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));

        await ConfirmAsync("design-lab");

        var deletion = Assert.Single(Store.All, d => d.Operation == OperationCatalog.Delete);
        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll("[role=dialog]")));
        Assert.EndsWith($"/deployments/{deletion.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(deletion.Id, Queue.Enqueued[^1]);
    }

    [Fact]
    public async Task Closed_it_forgets_what_was_typed_and_nothing_has_happened()
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));
        await Dialog.QuerySelector("input")!.InputAsync("design-lab");
        await DialogButton("Cancel").ClickAsync();
        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll("[role=dialog]")));

        _ = view.Button("Delete…").ClickAsync();
        await ForGoodAsync();

        Above.WaitForAssertion(() => Assert.True(DialogButton("Delete").HasAttribute("disabled")));
        Assert.Single(Store.All);
    }

    [Fact]
    public async Task What_can_be_taken_back_comes_first_says_until_when_and_needs_no_typing()
    {
        var view = Open(await MakeAsync("design-lab"));
        _ = view.Button("Delete…").ClickAsync();
        await Above.WaitForElementAsync("[role=dialog] form");

        Assert.Contains("Until 2 March 12:00 you can bring it back", Dialog.TextContent, StringComparison.Ordinal);
        Assert.Empty(Dialog.QuerySelectorAll("input"));
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Assert.Equal(OperationCatalog.ScheduleDeletion, Store.All[^1].Operation);
        Above.WaitForAssertion(() => Assert.Equal(["design-lab will be deleted"], Messages));
    }

    [Fact]
    public async Task A_double_click_opens_one_question()
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));

        await view.Button("Delete…").ClickAsync();

        Assert.Single(Above.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task Of_a_stack_that_could_not_be_made_only_the_name_is_given_up_after_one_question()
    {
        var failed = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(failed, FailureCode.ImageNotFound);
        Unwound(failed);
        var view = await AskedAsync(failed, "Give the name up");

        Assert.Equal("Give up the name design-lab?", Dialog.QuerySelector("h2")!.TextContent);
        Assert.Empty(Dialog.QuerySelectorAll("li, input"));
        Assert.NotEmpty(view.Buttons("Try again"));
        await Dialog.QuerySelector("form")!.SubmitAsync();
        Assert.Equal(OperationCatalog.Delete, Store.All[^1].Operation);
    }

    [Fact]
    public async Task Somebody_elses_stack_is_not_offered_and_a_right_lost_meanwhile_is_noticed_at_the_press()
    {
        var made = await MakeAsync("design-lab");
        var view = await AskedAsync(made);
        SignIn(Me, Policies.StartDeployment);
        await ConfirmAsync("design-lab");
        Assert.Equal("You are not allowed to do this.", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim());
        Assert.Single(Store.All);

        Assert.Empty(Open(made).Buttons("Delete…"));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_told_in_the_dialog_and_the_name_stays_typed()
    {
        var view = await AskedAsync(await MakeAsync("design-lab"));
        Store.Trouble = new StorageUnavailableException("locked", new IOException());

        await ConfirmAsync("design-lab");

        Assert.Equal("That did not work. Try again in a moment.", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim());
        Store.Trouble = null;
        await Dialog.QuerySelector("form")!.SubmitAsync();
        Assert.Equal(2, Store.All.Count);
    }

    [Fact]
    public async Task A_running_deletion_shows_its_own_steps_and_cannot_be_stopped()
    {
        var id = await DeleteAsync(await MakeAsync("design-lab"));
        Bring(id, DeploymentStep.RemoveProject);
        var view = Open(id);

        Assert.Equal("Deleting design-lab", view.Find("h1").TextContent);
        Assert.Equal("Removing the project · 45 %", view.Find(".strip .said").TextContent.Trim());
        Assert.Equal(["is-done", "is-done", "is-running", "is-pending"], view.FindAll(".step").Select(s => s.ClassName!.Split(' ')[1]));
        Assert.Empty(view.FindAll(".strip button, .live > .actions button"));
        Assert.Equal("45 % · design-lab", Tab.Titles[^1]);
    }

    [Fact]
    public async Task At_its_end_the_name_is_free_and_the_volumes_are_named_for_an_administrator()
    {
        var id = await DeleteAsync(await MakeAsync("design-lab"));
        Bring(id, DeploymentStep.ProveGone);
        var view = Open(id);

        var stack = Store.All[0].StackId;
        Store.Change(id, d => d.KeepVolumes(d.Run, [$"ai-stack-{stack}-workspace", $"ai-stack-{stack}-state", "shop; rm"], Now));
        Complete(id);

        view.WaitForAssertion(() => Assert.Equal("design-lab was deleted", view.Find("h1").TextContent));
        Assert.StartsWith("The name is free again.", view.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Equal("Deleted", view.Find(".strip .said").TextContent.Trim());
        Assert.Contains("tone-stopped", view.Find(".plate").ClassName, StringComparison.Ordinal);
        Assert.Equal(
            [$"ai-stack-{stack}-workspace", $"ai-stack-{stack}-state", "shop; rm"], view.FindAll(".remedy li").Select(l => l.TextContent));
        Assert.Equal($"docker volume rm ai-stack-{stack}-workspace ai-stack-{stack}-state", view.Find(".remedy pre").TextContent);
        Assert.Equal("Not created by the portal, so others may be using it: shop; rm", view.FindAll(".remedy .hint")[^1].TextContent);
        Assert.Equal("new", Assert.Single(view.Links("Create a new stack")).GetAttribute("href"));
        Assert.Empty(view.FindAll(".credentials, [role=progressbar]"));
        Assert.Empty(view.Buttons("Delete…"));
        Time.Advance(TimeSpan.FromMilliseconds(250));
        view.WaitForAssertion(() => Assert.Equal("Deleted · design-lab", Tab.Titles[^1]));
    }

    [Fact]
    public async Task One_that_failed_says_that_the_name_is_still_taken_and_goes_on_at_one_press()
    {
        var id = await DeleteAsync(await MakeAsync("design-lab"));
        Bring(id, DeploymentStep.RemoveProject);
        Store.Change(id, d => d.Fail(
            d.Run, new DeploymentFailure(FailureCode.ProjectInUse, d.CurrentStep, "shop (postgres)") { LeftBehind = ["ai-stack-design-lab"] }, Now));
        var view = Open(id);

        Assert.Equal("Deletion failed", view.Find("h1").TextContent);
        Assert.Equal("Parts of the stack may still exist. Its name stays taken until it is deleted.", view.Find(".lead").TextContent);
        Assert.Contains("shop (postgres)", view.Find(".strip .said").TextContent, StringComparison.Ordinal);
        Assert.Equal(["ai-stack-design-lab"], view.FindAll(".remedy li").Select(l => l.TextContent));

        await view.Button("Delete again").ClickAsync();

        var second = Store.All[^1];
        Assert.Equal((3, OperationCatalog.Delete), (Store.All.Count, second.Operation));
        Assert.EndsWith($"/deployments/{second.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeploymentStep.ProveGone, true, "This stack was deleted", "It was deleted on 1 March 2026. Its address may belong to another stack by now.")]
    [InlineData(DeploymentStep.RemoveProject, false, "This stack is being deleted", "The page below shows the stack as it was before.")]
    public async Task The_page_of_the_deployment_before_tells_what_became_of_it_and_shows_no_way_in(
        DeploymentStep step, bool isGone, string heading, string lead)
    {
        var made = await MakeAsync("design-lab");
        var deletion = await DeleteAsync(made);
        Bring(deletion, step);
        if (isGone)
        {
            Complete(deletion);
        }

        var view = Open(made);

        Assert.Equal((heading, lead), (view.Find("h1").TextContent, view.Find(".lead").TextContent));
        Assert.Contains($"deployments/{deletion}", view.FindAll(".actions a").Select(a => a.GetAttribute("href")));
        Assert.DoesNotContain("https://design-lab.ai.example.org", view.FindAll("a").Select(a => a.GetAttribute("href")));
        Assert.Empty(view.FindAll(".credentials, .remedy"));
        Assert.Empty(view.Buttons("Delete…"));
    }

    [Fact]
    public async Task An_open_page_of_a_ready_stack_hears_of_its_deletion_elsewhere_and_takes_password_and_link_away()
    {
        var made = await MakeAsync("design-lab");
        var view = Open(made);
        Assert.NotEmpty(view.FindAll(".credentials"));

        var deletion = await DeleteAsync(made);
        view.WaitForAssertion(() => Assert.Equal("This stack is being deleted", view.Find("h1").TextContent));
        Assert.Empty(view.FindAll(".credentials"));
        Assert.Empty(view.Buttons("Delete…"));
        Bring(deletion, DeploymentStep.ProveGone);
        Complete(deletion);

        view.WaitForAssertion(() => Assert.Equal("This stack was deleted", view.Find("h1").TextContent));
        view.WaitForAssertion(() => Assert.Equal("Deleted · design-lab", Tab.Titles[^1]));
        view.WaitForAssertion(() => Assert.Equal(0, Signals.WatcherCount));
    }

    [Fact]
    public async Task A_failed_deployment_of_a_stack_that_was_deleted_since_cannot_be_tried_again()
    {
        var failed = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(failed, FailureCode.OutOfMemory);
        Unwound(failed);
        var deletion = await DeleteAsync(failed);
        Bring(deletion, DeploymentStep.ProveGone);
        Complete(deletion);

        var view = Open(failed);

        Assert.Equal("Deployment failed", view.Find("h1").TextContent);
        Assert.StartsWith("It was deleted on", view.Find(".lead").TextContent, StringComparison.Ordinal);
        // Neither to try again nor to delete: the buttons that are left copy.
        Assert.Equal(["Copy the trace ID", "Copy the log"], view.FindAll("button").Select(b => b.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task It_speaks_Dutch()
    {
        Speak("nl");
        await AskedAsync(await MakeAsync("design-lab"), "Verwijderen…");

        Assert.Equal("design-lab verwijderen?", Dialog.QuerySelector("h2")!.TextContent);
        Assert.Equal("Typ design-lab om te bevestigen", Dialog.QuerySelector("label")!.TextContent);
    }

    [Fact]
    public async Task An_administrator_deletes_somebody_elses_by_a_right_of_his_own()
    {
        await MakeAsync("design-lab", "usr_other");
        SignIn("usr_admin", Policies.ViewAdmin, Policies.AdministerDeployments);
        var board = Render<AdminBoard>();
        _ = board.WaitForButton("Details of design-lab").ClickAsync();
        Above.WaitForAssertion(() => DialogButton("Delete"));
        _ = DialogButton("Delete").ClickAsync();

        await Above.WaitForElement("[role=dialog] form").SubmitAsync();

        Above.WaitForAssertion(() => Assert.Equal((OperationCatalog.ScheduleDeletion, "usr_other"), (Store.All[^1].Operation, Store.All[^1].OwnerId)));
    }

    [Fact]
    public async Task A_question_about_a_failed_stack_does_not_delete_the_one_that_is_ready_since()
    {
        var failed = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(failed, FailureCode.ImageNotFound);
        Unwound(failed);
        var target = DeleteTarget.Of((await Services.GetRequiredService<DeploymentService>().FindAsync(failed, TestContext.Current.CancellationToken))!);
        var list = Render<DeleteStack>(p => p.Add(d => d.Target, target));
        var second = await ClaimAsync("design-lab");
        Bring(second, DeploymentStep.AwaitReadiness);
        Complete(second);

        _ = list.Button("Give the name up").ClickAsync();
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Assert.StartsWith("The stack has changed", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain(Store.All, d => d.Operation == OperationCatalog.Delete);
    }

    [Fact]
    public async Task The_board_shows_a_running_deletion_without_a_way_to_stop_it_and_a_failed_one_with_a_way_to_go_on()
    {
        var id = await DeleteAsync(await MakeAsync("design-lab"));
        Bring(id, DeploymentStep.RemoveDomain);
        var board = Render<AdminBoard>();
        board.WaitForAssertion(() => Assert.Equal("Removing the address · 35 %", board.Find("[aria-labelledby=active-title] .mud-chip").TextContent.Trim()));
        Assert.Empty(board.FindAll("[aria-labelledby=active-title] button"));

        Store.Change(id, d => d.Fail(d.Run, new DeploymentFailure(FailureCode.StillThere, d.CurrentStep), Now));
        Time.Advance(TimeSpan.FromSeconds(1));

        board.WaitForAssertion(() => Assert.Equal("Remove what is left", board.Find(".groups button").TextContent.Trim()));
        _ = board.Find(".groups button").ClickAsync();
        await Above.WaitForElement("[role=dialog] form").SubmitAsync();
        Assert.Equal((3, OperationCatalog.Delete), (Store.All.Count, Store.All[^1].Operation));
    }

    [Fact]
    public async Task The_grid_can_be_narrowed_to_every_state_but_deleted()
    {
        var board = Render<AdminBoard>();
        await board.WaitForButton("Filters").ClickAsync();

        await board.WaitForElement("[role=combobox]").MouseDownAsync();

        Above.WaitForAssertion(() => Assert.Equal(Enum.GetValues<StackState>().Length - 1, Above.FindAll("[role=option]").Count));
        Assert.DoesNotContain("Deleted", Above.FindAll("[role=option]").Select(o => o.TextContent.Trim()));
    }

    private IRenderedComponent<DeploymentView> Open(string id)
    {
        var view = Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
        view.WaitForElement("h1");
        return view;
    }

    private async Task<IRenderedComponent<DeploymentView>> AskedAsync(string id, string button = "Delete…")
    {
        var view = Open(id);
        // Its handler goes on until the question is answered.
        _ = view.Button(button).ClickAsync();
        await ForGoodAsync();
        return view;
    }

    /// <summary>Chooses what cannot be taken back, where there is a choice.</summary>
    private async Task ForGoodAsync()
    {
        await Above.WaitForElementAsync("[role=dialog] form");
        if (Above.FindAll("[role=dialog] form button") is [var forGood, ..])
        {
            await forGood.ClickAsync();
        }
    }

    private async Task ConfirmAsync(string typed)
    {
        await Dialog.QuerySelector("input")!.InputAsync(typed);
        await Dialog.QuerySelector("form")!.SubmitAsync();
    }
}
