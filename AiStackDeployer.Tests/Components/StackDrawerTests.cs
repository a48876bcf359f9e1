using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AiStackDeployer.Tests.Components;

/// <summary>One stack's details, and the end by force of what does not move.</summary>
public sealed class StackDrawerTests : PageWorld
{
    [Fact]
    public async Task It_shows_the_steps_with_their_times_and_follows_the_operation()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Time.Advance(TimeSpan.FromSeconds(4));
        Open();

        Above.WaitForAssertion(() => Assert.Equal("Starting the container", Above.FindAll(".gantt .what")[^1].FirstChild!.TextContent));
        Complete(id);
        Time.Advance(TimeSpan.FromSeconds(1));
        Above.WaitForAssertion(() => Assert.Contains(": Ready", OneLine(Above.Find("[aria-labelledby=drawer-operation] .hint").TextContent), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_has_not_moved_for_half_an_hour_can_be_ended_and_a_late_worker_is_refused()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var run = Store.All[0].Run;
        Time.Advance(DeploymentService.StuckAfter - TimeSpan.FromSeconds(1));
        Open();
        Above.WaitForElement(".gantt");
        Assert.DoesNotContain(Above.FindAll("[role=dialog] button"), b => b.TextContent.Trim() == "End it by force…");

        await LookUntilAsync(() => Above.FindAll("[role=dialog] button").Any(b => b.TextContent.Trim() == "End it by force…"));
        _ = PressAsync("End it by force…");
        Above.WaitForAssertion(() => Assert.Single(Above.FindAll("[role=dialog] button"), b => b.TextContent.Trim() == "End it"));
        await PressAsync("End it");

        Assert.Equal((DeploymentPhase.Failed, FailureCode.Internal), (Store.All[0].Phase, Store.All[0].Failure?.Code));
        Assert.Throws<StaleRunException>(() => Store.Change(id, d => d.EndStep(run, DeploymentStep.AwaitContainer, Now)));
        Assert.Equal("deployment.force-end", Audit.Entries[^1].Action);
    }

    [Fact]
    public async Task An_operation_that_moved_meanwhile_is_not_ended()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Time.Advance(DeploymentService.StuckAfter);
        var deployments = Services.GetRequiredService<DeploymentService>();
        Store.Change(id, d => d.Note(d.Run, LogCode.TaskState, "preparing", Now));

        Assert.Equal(ForceEndResult.StillMoving, await deployments.ForceEndAsync(id, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal(DeploymentPhase.Running, Store.All[0].Phase);
    }

    [Fact]
    public async Task The_container_is_asked_only_when_somebody_presses()
    {
        await MakeAsync("design-lab");
        Servers.Tasks = [new ContainerTask("t1", "Running 2 minutes ago", null)];
        Open();
        Above.WaitForElement("[aria-labelledby=drawer-dokploy]");
        Assert.DoesNotContain("Running 2 minutes ago", Dialog.TextContent, StringComparison.Ordinal);

        await DialogButton("Read tasks and last lines").ClickAsync();

        Above.WaitForAssertion(() => Assert.Contains("Running 2 minutes ago", Dialog.TextContent, StringComparison.Ordinal));
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Open() => _ = Above.InvokeAsync(() => StackDrawer.OpenAsync(Services.GetRequiredService<IDialogService>(), Store.All[0].StackId, Store.All[0].Name));

    /// <summary>In one go: the drawer may be drawn again between the look for the button and the press.</summary>
    private Task PressAsync(string word) => Above.InvokeAsync(() => Above.FindAll("[role=dialog] button").Single(b => b.TextContent.Trim() == word).ClickAsync());
}
