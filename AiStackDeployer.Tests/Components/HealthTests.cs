using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Stacks;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>The health of ready stacks on their page, in the list of mine and on the administrators' board.</summary>
public sealed class HealthTests : PageWorld
{
    private static readonly HealthFinding Silent = new(AddressLayer.Http);

    [Fact]
    public async Task The_page_of_a_ready_stack_says_when_it_answered_and_follows_when_it_stops()
    {
        var id = await MakeAsync("design-lab");
        Time.Advance(TimeSpan.FromMinutes(2));
        var page = Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));

        page.WaitForAssertion(() => Assert.Equal("Ready · answered 2 min ago", page.Find(".health .mud-chip").TextContent.Trim()));
        Assert.Equal([Stack(id).Id], Checks.Asked);

        Look(id, Silent);

        page.WaitForAssertion(() => Assert.Equal("design-lab is not answering", page.Find("h1").TextContent));
        Assert.Equal("Not answering since 12:02", page.Find(".health .mud-chip").TextContent.Trim());
        Assert.Contains("wait a minute", page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".tone-failed"));

        Look(id, Silent with { Missing = MissingPart.Domain });
        page.WaitForAssertion(() => Assert.Equal("Missing in Dokploy since 12:02", page.Find(".health .mud-chip").TextContent.Trim()));

        Look(id, new HealthFinding((AddressLayer?)null) { Version = "2.0.4" });
        page.WaitForAssertion(() => Assert.Equal("OpenCode 2.0.4", page.Find(".health .hint").TextContent));
        Assert.Equal("Your stack is ready", page.Find("h1").TextContent);
    }

    [Fact]
    public async Task What_was_last_seen_grows_old_and_young_again_without_a_change_being_stored()
    {
        var id = await MakeAsync("design-lab");
        var page = Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
        page.WaitForElement(".health");
        await page.InvokeAsync(() => { });

        Time.Advance(TimeSpan.FromMinutes(4));
        page.WaitForAssertion(() => Assert.Equal("Ready · answered 4 min ago", page.Find(".health .mud-chip").TextContent.Trim()));

        Services.GetRequiredService<LastSeenTimes>().Answered(Stack(id).Id, Now);
        Time.Advance(TimeSpan.FromSeconds(30));
        page.WaitForAssertion(() => Assert.Equal("Ready · answered 30 s ago", page.Find(".health .mud-chip").TextContent.Trim()));
    }

    [Fact]
    public async Task The_list_of_mine_says_it_of_each_and_brings_a_look_about()
    {
        await MakeAsync("design-lab");
        var gone = await MakeAsync("piet-lab");
        Look(gone, Silent with { Missing = MissingPart.Project });

        var list = Render<StackList>();

        list.WaitForAssertion(() => Assert.Equal(
            ["Missing in Dokploy since 12:00", "Ready · answered 1 s ago"], list.FindAll(".stacks .mud-chip").Select(c => c.TextContent.Trim()).Order()));
        Assert.Equal(Store.All.Select(d => d.StackId).Order(), Checks.Asked.Order());
    }

    private Stack Stack(string id) => Store.All.Single(d => d.Id == id).Stack;

    private void Look(string id, HealthFinding finding) => Store.Change(id, d => d.RecordLook(d.Stack.Health, finding, Now));
}
