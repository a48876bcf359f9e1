using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Wake;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>The page to which the address of a stopped stack leads.</summary>
public sealed class WakeViewTests : PageWorld
{
    private BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    [Fact]
    public async Task The_owners_stopped_stack_is_started_once_and_they_go_on_into_it()
    {
        await DoAsync(await MakeAsync("design-lab"), OperationCatalog.Stop);

        var first = Open();
        var second = Open();

        var start = Assert.Single(Store.All, d => d.Operation == OperationCatalog.Start);
        first.WaitForAssertion(() => Assert.Equal("Starting design-lab", first.Find("h1").TextContent));
        second.WaitForAssertion(() => Assert.Equal("Starting design-lab", second.Find("h1").TextContent));
        Assert.DoesNotContain("/open/", Navigation.Uri, StringComparison.Ordinal);
        Bring(start.Id, DeploymentStep.AwaitReadiness);
        Complete(start.Id);
        await LookUntilAsync(() => Navigation.Uri.EndsWith("/open/design-lab", StringComparison.Ordinal));
        Assert.True(Navigation.History.First().Options.ForceLoad);
    }

    [Fact]
    public async Task A_stack_that_is_ready_already_is_opened()
    {
        var id = await MakeAsync("design-lab");

        Open();

        Assert.EndsWith("/open/design-lab", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single(Store.All).Id);
    }

    [Fact]
    public async Task Somebody_elses_is_started_only_when_asked()
    {
        var id = await MakeAsync("design-lab", owner: "usr_other");
        await DoAsync(id, OperationCatalog.Stop);

        var view = Open();
        Assert.DoesNotContain(Store.All, d => d.Operation == OperationCatalog.Start);
        Assert.Equal("design-lab is not running", view.Find("h1").TextContent);

        await view.Button("Start").ClickAsync();
        Assert.Contains(Store.All, d => d.Operation == OperationCatalog.Start);
    }

    [Fact]
    public async Task One_that_is_to_be_deleted_is_brought_back_only_when_asked()
    {
        await DoAsync(await MakeAsync("design-lab"), OperationCatalog.ScheduleDeletion);

        var view = Open();
        Assert.DoesNotContain(Store.All, d => d.Operation == OperationCatalog.Start);

        await view.Button("Bring back").ClickAsync();
        Assert.Contains(Store.All, d => d.Operation == OperationCatalog.Start);
    }

    private IRenderedComponent<WakeView> Open() => Render<WakeView>(p => p.Add(v => v.Name, "design-lab"));
}
