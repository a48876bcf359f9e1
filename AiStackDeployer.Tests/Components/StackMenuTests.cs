using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>What can be done to a stack, by whom, and what is asked before.</summary>
public sealed class StackMenuTests : PageWorld
{
    [Fact]
    public async Task It_offers_what_may_begin_now()
    {
        var id = await MakeAsync("design-lab");
        var menu = await OpenAsync();
        Assert.Equal(["Copy password", "Stop", "Restart", "Redeploy", "New password", "Own variables", "Rename", "Logs", "Delete…"], MenuItems);

        await DoAsync(id, OperationCatalog.Stop);
        await RefreshAsync(menu);
        Assert.Equal(["Start", "Redeploy", "Rename", "Logs", "Delete…"], MenuItems);

        await DoAsync(id, OperationCatalog.ScheduleDeletion);
        await RefreshAsync(menu);
        Assert.Equal(["Bring back", "Rename", "Logs", "Delete…"], MenuItems);

        await BeginAsync(id, OperationCatalog.Start);
        await RefreshAsync(menu);
        Assert.Equal(["Rename", "Logs"], MenuItems);
    }

    [Theory]
    [InlineData(false, true, "Stop", "Restart", "Redeploy", "New password", "Own variables", "Rename", "Logs", "Delete…")]
    [InlineData(false, false, "Logs")]
    public async Task Who_administers_operates_and_does_not_see_the_password_and_who_does_neither_only_looks(bool isOwn, bool mayAdminister, params string[] items)
    {
        await MakeAsync("design-lab", "usr_other");

        await OpenAsync(isOwn, mayAdminister);

        Assert.Equal(items, MenuItems);
    }

    [Fact]
    public async Task What_interrupts_asks_first_and_tells_of_an_agent_at_work()
    {
        await MakeAsync("design-lab");
        Gates.Told = new StackActivity("1", Now, Now, null, null, 1, 0, null, null, null, null) { ToldAt = Now };
        var menu = await OpenAsync();

        _ = MenuItem("Stop").ClickAsync();
        Above.WaitForAssertion(() => Assert.Equal("Stop design-lab?", Dialog.QuerySelector("h2")!.TextContent));
        Assert.Contains("An agent is at work in it right now.", Dialog.TextContent, StringComparison.Ordinal);
        await DialogButton("Cancel").ClickAsync();
        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll("[role=dialog]")));
        Assert.Single(Store.All);

        await menu.Button("More for design-lab").ClickAsync();
        Gates.Told = null;
        _ = MenuItem("Stop").ClickAsync();
        Above.WaitForAssertion(() => Assert.DoesNotContain("right now", Dialog.TextContent, StringComparison.Ordinal));
        await DialogButton("Stop").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["Stopping design-lab"], Messages));
        Assert.Equal(OperationCatalog.Stop, Store.All[^1].Operation);
        Assert.Equal(["usr_me Web stack.stop Done design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task A_right_that_was_lost_meanwhile_is_noticed_at_the_press_and_so_is_another_operation()
    {
        var id = await DoStoppedAsync();
        var menu = await OpenAsync();
        SignIn(Me, Policies.ViewDeployment);
        await MenuItem("Start").ClickAsync();
        Above.WaitForAssertion(() => Assert.Equal(["You are not allowed to do this."], Messages));

        SignIn(Me, Policies.ViewDeployment, Policies.OperateStack);
        await BeginAsync(id, OperationCatalog.Redeploy);
        await menu.Button("More for design-lab").ClickAsync();
        await MenuItem("Start").ClickAsync();

        Above.WaitForAssertion(() => Assert.Contains(Messages, m => m.StartsWith("Something else is being done", StringComparison.Ordinal)));
        Assert.DoesNotContain(Store.All, d => d.Operation == OperationCatalog.Start);
    }

    [Fact]
    public async Task It_is_renamed_in_a_dialog_that_begins_with_what_there_is()
    {
        await MakeAsync("design-lab");
        Store.All[0].Stack.Label = "Website";
        await OpenAsync();
        _ = MenuItem("Rename").ClickAsync();
        await Above.WaitForElementAsync("[role=dialog] form");
        Assert.Equal("Website", Dialog.QuerySelector("input")!.GetAttribute("value"));

        await Dialog.QuerySelector("input")!.InputAsync("Redesign");
        await Dialog.QuerySelector("textarea")!.InputAsync("For the spring fair.");
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll("[role=dialog]")));
        Assert.Equal(("Redesign", "For the spring fair."), (Store.All[0].Stack.Label, Store.All[0].Stack.Description));
        Assert.Equal(["usr_me Web stack.describe Done design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task Variables_are_kept_replaced_added_and_removed_and_no_value_is_shown()
    {
        await MakeAsync("design-lab");
        var secrets = Services.GetRequiredService<ISecretProtector>();
        Store.All[0].Stack.ProtectedEnvironment = OwnEnvironment.Protect(new Dictionary<string, string> { ["GONE"] = "value-1", ["KEPT"] = "value-2" }, secrets);
        await OpenAsync();
        _ = MenuItem("Own variables").ClickAsync();
        await Above.WaitForElementAsync("[role=dialog] .variables");
        Assert.Equal(["GONE kept", "KEPT kept"], Variables());
        Assert.DoesNotContain("value-", Above.Markup, StringComparison.Ordinal);
        Assert.True(DialogButton("Apply").HasAttribute("disabled"));

        await Above.Button("Remove GONE").ClickAsync();
        await TypeAsync("STACK_NAME", "mine");
        await DialogButton("Add").ClickAsync();
        Assert.Equal("STACK_NAME is set by the portal itself in every stack.", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim());
        await TypeAsync("API_KEY", "value-3");
        await DialogButton("Add").ClickAsync();
        Assert.Equal(["API_KEY new", "GONE removed", "KEPT kept"], Variables());
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Above.WaitForAssertion(() => Assert.Equal(["design-lab gets your variables"], Messages));
        var given = OwnEnvironment.Read(Store.All[^1].Change!.ProtectedEnvironment, secrets);
        Assert.Equal([("API_KEY", "value-3"), ("KEPT", "value-2")], given.Select(v => (v.Key, v.Value)).Order());
        Assert.DoesNotContain(Audit.Entries, e => $"{e}".Contains("value-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pasted_file_is_taken_whole_or_not_at_all()
    {
        await MakeAsync("design-lab");
        await OpenAsync();
        _ = MenuItem("Own variables").ClickAsync();
        await Above.WaitForElementAsync("[role=dialog] textarea");

        await Dialog.QuerySelector("textarea")!.InputAsync("# keys\nexport ONE=1\nno sense");
        await DialogButton("Add these").ClickAsync();
        Assert.StartsWith("Line 3 is not NAME=value", Dialog.QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Empty(Variables());

        await Dialog.QuerySelector("textarea")!.InputAsync("# keys\r\nexport ONE=1\r\n\r\nTWO='2 # 2'\r\n");
        await DialogButton("Add these").ClickAsync();
        Assert.Equal(["ONE new", "TWO new"], Variables());
        await Dialog.QuerySelector("form")!.SubmitAsync();

        var given = OwnEnvironment.Read(Store.All[^1].Change!.ProtectedEnvironment, Services.GetRequiredService<ISecretProtector>());
        Assert.Equal("2 # 2", given["TWO"]);
    }

    private IEnumerable<string> Variables() => Dialog.QuerySelectorAll(".variables li").Select(li => $"{li.QuerySelector(".mono")!.TextContent} {li.QuerySelector(".hint")!.TextContent}");

    private async Task TypeAsync(string name, string value)
    {
        await Dialog.QuerySelectorAll("input")[0].InputAsync(name);
        await Dialog.QuerySelectorAll("input")[1].InputAsync(value);
    }

    private async Task<string> DoStoppedAsync()
    {
        var id = await MakeAsync("design-lab");
        await DoAsync(id, OperationCatalog.Stop);
        return id;
    }

    /// <summary>The menu of the one stack, opened.</summary>
    private async Task<IRenderedComponent<StackMenu>> OpenAsync(bool isOwn = true, bool mayAdminister = false)
    {
        var row = await RowAsync();
        var menu = Render<StackMenu>(p => p.Add(m => m.Row, row).Add(m => m.IsOwn, isOwn).Add(m => m.MayAdminister, mayAdminister));
        await menu.Button("More for design-lab").ClickAsync();
        Above.WaitForElement("[role=menuitem]");
        return menu;
    }

    /// <summary>The open menu hears of what its stack is now.</summary>
    private async Task RefreshAsync(IRenderedComponent<StackMenu> menu)
    {
        var row = await RowAsync();
        menu.Render(p => p.Add(m => m.Row, row));
    }

    private async Task<StackRow> RowAsync() =>
        (await Services.GetRequiredService<DeploymentService>().FindStackByNameAsync("design-lab", TestContext.Current.CancellationToken))!;
}
