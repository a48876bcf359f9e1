using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Stacks;
using Bunit;

namespace AiStackDeployer.Tests.Components;

/// <summary>The list of one's own stacks, on its page and below the form.</summary>
public sealed class StackListTests : PageWorld
{
    [Fact]
    public async Task A_row_follows_its_stack_and_offers_to_open_it_once_it_is_ready()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var list = Render<StackList>();
        list.WaitForAssertion(() => Assert.Equal("Starting the container · 38 %", list.Find(".mud-chip").TextContent.Trim()));
        Assert.Empty(list.Links("Open design-lab (opens in a new tab)"));

        Complete(id);
        await LookUntilAsync(() => list.Find(".mud-chip").TextContent.Trim().StartsWith("Ready", StringComparison.Ordinal));

        Assert.Equal("open/design-lab", Assert.Single(list.Links("Open design-lab (opens in a new tab)")).GetAttribute("href"));
        Assert.Equal("stacks/design-lab", list.Find("a.strong").GetAttribute("href"));
    }

    [Fact]
    public async Task A_circuit_that_nobody_opened_a_page_for_is_shown_nothing_and_breaks_nothing()
    {
        var id = await MakeAsync("design-lab");
        var snapshot = DeploymentSnapshots.Build(Store.All.Single(d => d.Id == id));
        Authorization.SetNotAuthorized();

        Assert.Empty(Render<StackList>().FindAll("li"));
        var card = Render<CredentialsCard>(p => p.Add(c => c.Snapshot, snapshot));
        await card.Button("Show the password").ClickAsync();
        Assert.Equal("You are not allowed to do this.", card.Find("[role=alert]").TextContent.Trim());
        Assert.NotNull(Render<NewStackForm>().Find("#stack-name"));
    }

    [Fact]
    public async Task Rows_that_wait_tell_their_place()
    {
        await ClaimAsync("first-one", "usr_other");
        await ClaimAsync("second-one");

        var list = Render<StackList>();

        list.WaitForAssertion(() => Assert.Equal("Waiting, 2nd in line", Assert.Single(list.FindAll(".mud-chip")).TextContent.Trim()));
    }

    [Fact]
    public async Task Nothing_is_sent_to_the_browser_while_nothing_changes()
    {
        await MakeAsync("design-lab");
        Time.Advance(TimeSpan.FromDays(3));
        var list = Render<StackList>();
        list.WaitForElement("li");
        var (drawn, looks) = (list.RenderCount, Store.Queries.Count);

        // Each change of somebody else's is looked at, and none of them is news here.
        await LookUntilAsync(() => Store.Queries.Count >= looks + 3);

        Assert.Equal(drawn, list.RenderCount);
    }

    [Fact]
    public async Task The_menu_copies_the_password_and_asks_before_it_deletes()
    {
        await MakeAsync("design-lab");
        var list = Render<StackList>();

        await list.WaitForButton("More for design-lab").ClickAsync();
        await MenuItem("Copy password").ClickAsync();
        Above.WaitForAssertion(() => Assert.Equal(["Copied"], Messages));
        Assert.Single(Tab.Copied);

        await list.Button("More for design-lab").ClickAsync();
        _ = MenuItem("Delete…").ClickAsync();
        Above.WaitForAssertion(() => Assert.Equal("Delete design-lab?", Dialog.QuerySelector("h2")!.TextContent));
    }

    [Fact]
    public async Task Only_ones_own_are_listed_and_none_is_a_word_that_leads_to_the_form()
    {
        await MakeAsync("design-lab", "usr_other");

        var page = Render<StackList>();
        page.WaitForAssertion(() => Assert.Contains("You have no stacks yet.", page.Markup, StringComparison.Ordinal));
        Assert.Equal("new", Assert.Single(page.Links("Create a new stack")).GetAttribute("href"));
    }

    [Fact]
    public async Task A_database_that_fails_is_told_and_the_list_stays()
    {
        await MakeAsync("design-lab");
        var list = Render<StackList>();
        list.WaitForElement("li");

        Store.Trouble = new StorageUnavailableException("locked", new IOException());
        await LookUntilAsync(() => list.FindAll(".mud-alert").Count == 1);
        Assert.Single(list.FindAll("li"));

        Store.Trouble = null;
        await LookUntilAsync(() => list.FindAll(".mud-alert").Count == 0);
    }

    [Fact]
    public async Task A_row_says_what_its_gate_told_and_what_its_owner_calls_it()
    {
        await MakeAsync("design-lab");
        Store.All[0].Stack.Label = "Website redesign";
        Gates.Told = new StackActivity("1", Now, Now, Now.AddMinutes(-5), null, 0, 0, null, 312L << 20, 2048L << 20, null) { ToldAt = Now };

        var list = Render<StackList>();

        list.WaitForAssertion(() => Assert.Equal(
            ["design-lab", "Website redesign", "used 5 min ago · 312 MB"], list.FindAll(".what > *").Select(e => e.TextContent)));
    }

    [Fact]
    public async Task A_stopped_one_is_started_from_its_row_and_one_to_be_deleted_says_until_when_it_can_be_brought_back()
    {
        var id = await MakeAsync("design-lab");
        await DoAsync(id, OperationCatalog.Stop);
        var list = Render<StackList>();
        list.WaitForAssertion(() => Assert.Equal("Stopped", list.Find(".mud-chip").TextContent.Trim()));
        Assert.Empty(list.Links("Open design-lab (opens in a new tab)"));

        await list.Button("Start design-lab").ClickAsync();
        await LookUntilAsync(() => list.FindAll("button").All(b => b.GetAttribute("aria-label") != "Start design-lab"));
        Assert.Equal(OperationCatalog.Start, Store.All[^1].Operation);
        Bring(Store.All[^1].Id, DeploymentStep.AwaitReadiness);
        Complete(Store.All[^1].Id);
        await DoAsync(id, OperationCatalog.ScheduleDeletion);

        await LookUntilAsync(() => list.Find(".mud-chip").TextContent.Trim() == "To be deleted");
        Assert.StartsWith("deleted for good on 2 March", list.Find(".hint").TextContent, StringComparison.Ordinal);
        Assert.Single(list.Buttons("Bring design-lab back"));
    }
}
