using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Layout;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>Maintenance, notices and policies, as administrators decide them and everybody reads them.</summary>
public sealed class CareTests : PageWorld
{
    private static readonly BilingualText Text = new("Work on the disks.", "Werk aan de schijven.");

    public CareTests()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        SignIn("usr_admin", Policies.ViewAdmin, Policies.ViewDeployment, Policies.StartDeployment, Policies.ManagePortal);
        People.People["usr_anna"] = Made.Person("usr_anna", "Anna");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PortalCare Care => Services.GetRequiredService<PortalCare>();

    [Fact]
    public async Task Maintenance_begins_with_the_text_that_is_offered_and_ends_and_both_are_recorded()
    {
        var panel = Render<MaintenancePanel>();

        await Press(panel, "Begin maintenance");
        var maintenance = (await Care.FindMaintenanceAsync(Token))!;
        Assert.Equal(Now.AddHours(1), maintenance.Until);
        Assert.StartsWith("The portal is being maintained.", maintenance.Text.En, StringComparison.Ordinal);
        Assert.StartsWith("Er is onderhoud", maintenance.Text.Nl, StringComparison.Ordinal);
        Assert.Contains("On, until 13:00 UTC.", panel.Markup, StringComparison.Ordinal);

        await Press(panel, "End now");
        Assert.Null(await Care.FindMaintenanceAsync(Token));
        Assert.Equal(["maintenance.begin until 2026-03-01 13:00:00Z", "maintenance.end "], Audit.Entries.Select(e => $"{e.Action} {e.Detail}"));
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_begins_no_maintenance()
    {
        var panel = Render<MaintenancePanel>();
        Authorization.SetPolicies(Policies.ViewAdmin);

        await Press(panel, "Begin maintenance");

        Assert.Null(await Care.FindMaintenanceAsync(Token));
        Assert.Equal("usr_admin Web maintenance.begin Refused", Assert.Single(Audit.Lines).Trim());
    }

    [Fact]
    public async Task An_open_page_shows_the_maintenance_and_takes_the_press_away_until_its_end()
    {
        SignIn(Me, Policies.StartDeployment);
        var banner = Render<PortalBanner>();
        var form = Render<NewStackForm>();
        Assert.Equal("", banner.Markup.Trim());
        Assert.Single(form.FindAll("button[type=submit]"));

        await Care.SetMaintenanceAsync(new Maintenance(Text, Now.AddMinutes(30)), "usr_admin", Token);
        banner.WaitForAssertion(() => Assert.Equal("Work on the disks. Until 12:30 UTC, 30 min from now.", banner.Find(".mud-alert-message").TextContent.Trim()));
        form.WaitForAssertion(() => Assert.Equal("Nothing new can begin until 12:30 UTC.", form.Find(".held").TextContent.Trim()));
        Assert.Empty(form.FindAll("button[type=submit]"));

        Time.Advance(TimeSpan.FromMinutes(30));
        banner.WaitForAssertion(() => Assert.Equal("", banner.Markup.Trim()));
        form.WaitForAssertion(() => Assert.Single(form.FindAll("button[type=submit]")));
    }

    [Fact]
    public async Task A_notice_is_read_in_ones_own_language_and_information_is_dismissed_for_good()
    {
        Speak("nl");
        await Care.SetNoticeAsync(new PortalNotice("req_1", Text, NoticeSeverity.Info, Now, Now.AddDays(1)), "usr_admin", Token);
        var banner = Render<PortalBanner>();
        banner.WaitForAssertion(() => Assert.Contains("Werk aan de schijven.", banner.Markup, StringComparison.Ordinal));

        await banner.Find("button").ClickAsync();

        Assert.Equal("", banner.Markup.Trim());
        Assert.Equal("", Render<PortalBanner>().Markup.Trim());
        await Care.SetNoticeAsync(new PortalNotice("req_2", Text, NoticeSeverity.Warning, Now, Now.AddDays(1)), "usr_admin", Token);
        banner.WaitForAssertion(() => Assert.Contains("Werk aan de schijven.", banner.Markup, StringComparison.Ordinal));
        Assert.Empty(banner.FindAll("button"));
    }

    [Fact]
    public async Task A_notice_needs_both_texts_and_an_end_to_come()
    {
        var panel = Render<NoticePanel>();
        await Press(panel, "Publish");
        Assert.Equal("Fill in the text in both languages.", panel.Find("[role=alert]").TextContent.Trim());

        foreach (var (label, text) in new[] { ("Text in English", "Soon."), ("Text in Dutch", "Straks.") })
        {
            await Field(panel, label).InputAsync(text);
        }
        await Field(panel, "Until (UTC)").ChangeAsync("2026-03-01T11:00");
        await Press(panel, "Publish");
        Assert.StartsWith("The end must be later", panel.Find("[role=alert]").TextContent.Trim(), StringComparison.Ordinal);

        await Field(panel, "Until (UTC)").ChangeAsync("2026-03-03T11:00");
        await Press(panel, "Publish");
        var notice = (await Care.FindNoticeAsync(Token))!;
        Assert.Equal((new BilingualText("Soon.", "Straks."), Now, new DateTimeOffset(2026, 3, 3, 11, 0, 0, TimeSpan.Zero)), (notice.Text, notice.From, notice.Until));
    }

    [Fact]
    public async Task Policies_are_saved_for_each_role_and_an_image_without_a_tag_is_refused()
    {
        var panel = Render<PoliciesPanel>();
        await Field(panel, "Stop after hours unused").ChangeAsync("8");
        await Field(panel, "Stacks per person").ChangeAsync("5");
        await Field(panel, "Images to choose from, one on each line").InputAsync("registry.test/stack:2\nregistry.test/stack");
        await Press(panel, "Save policies");
        Assert.Equal("Not an image with a tag or digest: registry.test/stack", panel.Find("[role=alert]").TextContent.Trim());

        await Field(panel, "Images to choose from, one on each line").InputAsync("registry.test/stack:2");
        await Press(panel, "Save policies");

        var policies = await Care.ReadPoliciesAsync(Token);
        Assert.Equal(new RolePolicy(StopAfterHours: 8, StacksPerPerson: 5), policies.Of(Role.User));
        Assert.Equal(RolePolicy.AsSet, policies.Of(Role.Admin));
        Assert.Equal(["registry.test/stack:2"], policies.Images);
        Assert.Contains("User: stop default h, delete default d, stacks default, image default -> stop 8 h, delete default d, stacks 5, image default", Audit.Entries.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_works_now_is_counted_and_named()
    {
        await MakeAsync("design-lab", "usr_anna");
        await ClaimAsync("next-lab", "usr_anna");
        Gates.Told = new StackActivity("1", Now, Now, null, null, 1, 1, null, null, null, null) { ToldAt = Now };
        Services.GetRequiredService<OpenPages>().Add(new object(), "Bram");

        var working = Render<WorkingNow>();

        working.WaitForAssertion(() => Assert.Equal(
            ["1", "next-lab (Anna)", "1", "Bram", "1", "design-lab (Anna) (waits for an answer)"], working.FindAll("dd").Select(dd => dd.TextContent.Trim())));
    }

    private static Task Press<T>(IRenderedComponent<T> panel, string word) where T : IComponent => panel.WaitForButton(word).ClickAsync();

    /// <summary>The first field with this label.</summary>
    private static AngleSharp.Dom.IElement Field<T>(IRenderedComponent<T> panel, string label) where T : IComponent =>
        panel.FindAll(".mud-input-control").First(control => control.QuerySelector("label")?.TextContent.Trim() == label).QuerySelector("input, textarea")!;
}
