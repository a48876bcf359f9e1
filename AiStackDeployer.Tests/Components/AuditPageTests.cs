using AiStackDeployer.Core.Audit;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

public sealed class AuditPageTests : PageWorld
{
    [Fact]
    public void A_line_tells_who_did_what_to_what_of_whom_from_where_and_how_it_ended()
    {
        People.People["usr_bram"] = Made.Person("usr_bram");
        Add(1);
        Audit.Entries.Add(Entry(2) with
        {
            ActorId = "usr_anna", ActorName = "Anna", Action = "stack.delete", TargetName = "design-lab", OwnerId = "usr_bram", Way = AuditWay.Mcp, Address = "192.0.2.1",
            TokenName = "laptop", Outcome = AuditOutcome.Failed, Detail = "not-now",
        });

        var board = Render<AuditBoard>();

        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll("tbody tr").Count));
        Assert.Equal(
            ["2026-03-01 12:02:00", "Anna with laptop", "Delete stack", "design-lab of Bram", "MCP 192.0.2.1", "Failed not-now"],
            board.FindAll("tbody tr:first-child td").Select(cell => string.Join(' ', cell.Descendants<IText>().Select(text => text.Text.Trim()).Where(text => text.Length > 0))));
    }

    [Fact]
    public void A_line_about_a_deployment_leads_to_it()
    {
        Audit.Entries.Add(Entry(1) with { Action = "stack.deploy", Detail = "dep_1" });

        var board = Render<AuditBoard>();

        board.WaitForAssertion(() => Assert.Equal("deployments/dep_1", Assert.Single(board.Links("Deployment")).GetAttribute("href")));
    }

    [Fact]
    public async Task Older_lines_come_by_pages_and_the_way_back_is_the_same()
    {
        foreach (var n in Enumerable.Range(1, 120))
        {
            Add(n);
        }
        var board = Render<AuditBoard>();
        board.WaitForAssertion(() => Assert.Equal(("aud_120", 50), First(board)));
        Assert.Empty(board.Buttons("Newer"));

        await board.Button("Older").ClickAsync();
        await board.Button("Older").ClickAsync();
        Assert.Equal(("aud_020", 20), First(board));
        Assert.Empty(board.Buttons("Older"));

        await board.Button("Newer").ClickAsync();
        Assert.Equal(("aud_070", 50), First(board));
    }

    [Fact]
    public async Task A_filter_is_in_the_address_and_in_what_is_downloaded_and_begins_at_the_first_page()
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("admin/audit?action=sign-in&to=2026-03-01&way=nonsense");
        var board = Render<AuditBoard>();
        board.WaitForAssertion(() => Assert.Single(Audit.Queries));
        Assert.Equivalent(
            new AuditQuery { Action = "sign-in", To = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), Take = 51 }, Audit.Queries[0], strict: true);

        var searching = board.Find("input[type=search]").InputAsync(" anna ");
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await searching;

        board.WaitForAssertion(() => Assert.Equal(["admin/audit?search=anna&action=sign-in&to=2026-03-01"], Tab.Addresses));
        Assert.Equal("anna", Audit.Queries[^1].Search);
        Assert.Equal(
            ["api/audit?search=anna&action=sign-in&to=2026-03-02T00%3A00%3A00Z&format=csv", "api/audit?search=anna&action=sign-in&to=2026-03-02T00%3A00%3A00Z&format=jsonl"],
            board.FindAll("a[download]").Select(a => a.GetAttribute("href")));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_action_way_and_outcome_has_its_words(string language)
    {
        Speak(language);
        var text = Services.GetRequiredService<AuditText>();

        Assert.All(AuditActions.All.Where(action => action != "stack.made-up"), action => Assert.NotEqual(action, text.Action(action)));
        Assert.All(Enum.GetValues<AuditWay>(), way => Assert.DoesNotContain("way-", text.Way(way), StringComparison.Ordinal));
        Assert.All(Enum.GetValues<AuditOutcome>(), outcome => Assert.DoesNotContain("outcome-", text.Outcome(outcome), StringComparison.Ordinal));
    }

    private static (string?, int) First(IRenderedComponent<AuditBoard> board) =>
        (board.Find("tbody td span").GetAttribute("title"), board.FindAll("tbody tr").Count);

    private void Add(int n) => Audit.Entries.Add(Entry(n));

    private AuditEntry Entry(int n) =>
        new() { Id = $"aud_{n:000}", At = Now.AddMinutes(n), Action = "sign-in", Way = AuditWay.Web, Outcome = AuditOutcome.Done };
}
