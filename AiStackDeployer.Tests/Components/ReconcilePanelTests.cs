using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>What differs between portal and Dokploy, on the administrators' page.</summary>
public sealed class ReconcilePanelTests : PageWorld
{
    protected override void AddServices(IServiceCollection services) => services.AddSingleton<IWildcardRecord>(new FakeWildcard());

    [Fact]
    public void Nothing_that_differs_is_said_in_one_line()
    {
        Reconciler.Next = Found();

        Assert.Equal("Dokploy has what the portal knows, and nothing else.", Render<ReconcilePanel>().Find("p.hint").TextContent);
    }

    [Fact]
    public void A_Dokploy_that_does_not_answer_is_told() =>
        Assert.Contains("Dokploy could not be asked now.", Render<ReconcilePanel>().Find("[role=status]").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_missing_is_made_again_by_a_redeploy()
    {
        var id = await MakeAsync("design-lab");
        Reconciler.Next = Found(new Difference(DifferenceKind.MissingApplication, "design-lab", Store.All[0].StackId, null, id));
        var panel = Render<ReconcilePanel>();

        await panel.Button("Make it again").ClickAsync();

        Assert.Equal((OperationCatalog.Redeploy, id), (Store.All[^1].Operation, Store.All[0].Id));
        Assert.Contains("The redeploy has begun.", panel.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("li"));
    }

    [Fact]
    public async Task What_is_left_over_is_removed_after_a_yes_by_administrators_alone()
    {
        Reconciler.Next = Found(new Difference(DifferenceKind.Orphan, "ai-stack-old", null, "prj_old", null));
        Assert.Empty(Render<ReconcilePanel>().FindAll("li button"));

        SignIn(Me, Policies.ViewAdmin, Policies.ManagePeople);
        var panel = Render<ReconcilePanel>();
        _ = panel.Button("Remove").ClickAsync();
        Above.WaitForAssertion(() => Assert.Contains("Remove ai-stack-old from Dokploy?", Dialog.TextContent, StringComparison.Ordinal));
        Assert.Empty(Reconciler.Removed);
        Reconciler.Next = Found();
        await DialogButton("Remove").ClickAsync();

        panel.WaitForAssertion(() => Assert.Empty(panel.FindAll("li")));
        Assert.Equal(["prj_old"], Reconciler.Removed);
        var entry = Assert.Single(Audit.Entries, e => e.Action == AuditActions.RemoveOrphan);
        Assert.Equal((AuditOutcome.Done, "ai-stack-old"), (entry.Outcome, entry.TargetName));
    }

    private Reconciliation Found(params Difference[] differences) => new(Now, 1, 1, differences);
}
