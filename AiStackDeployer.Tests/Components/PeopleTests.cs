using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.SignIn;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AiStackDeployer.Tests.Components;

/// <summary>What administrators do with people and with whose a stack is.</summary>
public sealed class PeopleTests : PageWorld
{
    public PeopleTests()
    {
        SignIn("usr_admin", Policies.ViewAdmin, Policies.ViewDeployment, Policies.ManagePeople);
        foreach (var person in (Person[])[Made.Person("usr_anna", "Anna", Role.Admin), Made.Person("usr_bram", "Bram")])
        {
            People.People[person.Id] = person;
        }
    }

    protected override void AddServices(IServiceCollection services) => services.AddSingleton<IWildcardRecord>(new FakeWildcard());

    [Fact]
    public async Task People_are_listed_with_their_role_and_found_by_name()
    {
        var board = Render<PeopleBoard>();
        board.WaitForAssertion(() => Assert.Equal(["Anna", "Bram"], Names(board)));
        Assert.Contains("Administrator", board.Find(".grid tbody tr").TextContent, StringComparison.Ordinal);

        var searching = board.Find("input[type=search]").InputAsync("bra");
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await searching;

        board.WaitForAssertion(() => Assert.Equal(["Bram"], Names(board)));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_what_is_open_and_is_recorded_once()
    {
        var session = Made.Session("usr_bram", Now);
        People.Sessions[session.Id] = session;
        var isOver = false;
        using var open = Services.GetRequiredService<LiveSessions>().OnEnd(session.Id, () => isOver = true);
        var board = Render<PeopleBoard>();

        await ChooseAsync(board, "Sign out everywhere");
        await DialogButton("Sign out").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["Bram: Signed out; sessions and tokens ended: 1."], Messages));
        Assert.True(isOver);
        Assert.Equal(["usr_admin Web person.sign-out Done Bram usr_bram"], Audit.Lines);
    }

    [Fact]
    public async Task The_limit_is_lifted_and_goes_back_to_the_default()
    {
        var board = Render<PeopleBoard>();
        await ChooseAsync(board, "Stack limit…");
        await Dialog.QuerySelector("input")!.ChangeAsync("7");
        await DialogButton("Save").ClickAsync();
        board.WaitForAssertion(() => Assert.Equal(7, People.People["usr_bram"].StackLimit));

        await ChooseAsync(board, "Stack limit…");
        await Dialog.QuerySelector("input")!.ChangeAsync("");
        await DialogButton("Save").ClickAsync();

        board.WaitForAssertion(() => Assert.Null(People.People["usr_bram"].StackLimit));
        Assert.Equal(["from default to 7", "from 7 to default"], Audit.Entries.Select(e => e.Detail));
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_changes_nothing_and_is_recorded_as_refused()
    {
        var board = Render<PeopleBoard>();
        await ChooseAsync(board, "Sign out everywhere");
        Authorization.SetPolicies(Policies.ViewAdmin);

        await DialogButton("Sign out").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["Bram: You are not allowed to do this."], Messages));
        Assert.Equal(["usr_admin Web person.sign-out Refused Bram usr_bram"], Audit.Lines);
    }

    [Fact]
    public void Whoever_may_not_manage_people_gets_neither_page()
    {
        SignIn("usr_operator", Policies.ViewAdmin, Policies.AdministerDeployments);

        Assert.Equal("", Render<PeopleIsland>().Markup.Trim());
        Assert.Equal("", Render<AuditIsland>().Markup.Trim());
        Assert.Equal(["Overview", "Connections"], Render<AdminNav>().FindAll("a").Select(a => a.TextContent));
    }

    [Fact]
    public async Task A_stack_is_handed_over_and_the_question_names_its_owner()
    {
        var id = await MakeAsync("design-lab", "usr_anna");
        SignIn("usr_admin", Policies.ViewAdmin, Policies.ManagePeople);
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(("Anna", "usr_anna"), (grid.Find(".grid td .cut").TextContent, grid.Find(".grid td .cut").GetAttribute("title"))));

        var row = (await Services.GetRequiredService<DeploymentService>().FindStackByNameAsync("design-lab", Xunit.TestContext.Current.CancellationToken))!;
        _ = grid.InvokeAsync(() => HandoverDialog.AskAsync(Services.GetRequiredService<IDialogService>(), row, "Anna"));
        Above.WaitForAssertion(() => Assert.StartsWith("The password stays the same, and Anna may know it.", Dialog.QuerySelector("p")!.TextContent, StringComparison.Ordinal));
        await ChoosePersonAsync("Bram");
        await DialogButton("Hand over").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["design-lab now belongs to Bram."], Messages));
        Assert.Equal("usr_bram", Store.All.Single(d => d.Id == id).Stack.OwnerId);
        Assert.Equal(["usr_admin Web stack.handover Done design-lab usr_anna"], Audit.Lines);
    }

    [Fact]
    public async Task A_stack_of_nobody_is_assigned_from_the_list_which_it_leaves()
    {
        await MakeAsync("design-lab", "usr_nobody");
        var board = Render<PeopleBoard>();

        _ = board.WaitForButton("Assign design-lab").ClickAsync();
        await ChoosePersonAsync("Anna");
        await DialogButton("Hand over").ClickAsync();

        board.WaitForAssertion(() => Assert.Empty(board.FindAll("#unowned-title")));
        Assert.Equal("usr_anna", Store.All[0].OwnerId);
    }

    [Fact]
    public async Task While_something_is_in_progress_the_dialog_says_so_and_stays()
    {
        var id = await MakeAsync("design-lab", "usr_nobody");
        var board = Render<PeopleBoard>();
        _ = board.WaitForButton("Assign design-lab").ClickAsync();
        await DeleteAsync(id);
        await ChoosePersonAsync("Anna");

        await DialogButton("Hand over").ClickAsync();

        Above.WaitForAssertion(() => Assert.StartsWith("Something is in progress on it.", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal));
        Assert.Equal(["usr_admin Web stack.handover Failed design-lab usr_nobody"], Audit.Lines);
    }

    private static IEnumerable<string> Names(IRenderedComponent<PeopleBoard> board) => board.FindAll(".grid tbody .strong").Select(name => name.TextContent);

    private async Task ChooseAsync(IRenderedComponent<PeopleBoard> board, string word)
    {
        await board.WaitForButton("Actions for Bram").ClickAsync();
        Above.WaitForAssertion(() => Assert.NotEmpty(Above.FindAll(".mud-menu-item")));
        _ = Above.FindAll(".mud-menu-item").Single(item => item.TextContent.Trim() == word).ClickAsync();
        Above.WaitForAssertion(() => Assert.NotEmpty(Above.FindAll("[role=dialog]")));
    }

    private async Task ChoosePersonAsync(string name)
    {
        await Above.WaitForElement("[role=dialog] input").InputAsync(name);
        Time.Advance(TimeSpan.FromSeconds(1));
        Above.WaitForAssertion(() => Assert.NotEmpty(Above.FindAll(".mud-list-item")));
        await Above.Find(".mud-list-item").ClickAsync();
    }
}
