using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using Bunit;

namespace AiStackDeployer.Tests.Components;

/// <summary>The page of a deployment that came to nothing, after its stack was tried again.</summary>
public sealed class LaterTryTests : PageWorld
{
    [Fact]
    public async Task The_page_of_a_failed_try_leads_to_the_later_one_and_hears_how_that_ends()
    {
        var first = await FailedAsync();
        var second = await ClaimAsync("design-lab");
        var view = Open(first);

        Assert.Equal("A newer attempt is under way.", view.Find(".lead").TextContent);
        Assert.Equal($"deployments/{second}", Assert.Single(view.Links("View the newer attempt")).GetAttribute("href"));
        // Neither to try again nor what to do: the buttons that are left copy.
        Assert.Equal(["Copy the trace ID", "Copy the log"], view.FindAll("button").Select(b => b.GetAttribute("aria-label")));
        Assert.Empty(view.FindAll(".remedy"));

        Bring(second, DeploymentStep.AwaitReadiness);
        Complete(second);

        view.WaitForAssertion(() => Assert.Equal("A newer attempt succeeded.", view.Find(".lead").TextContent));
        Assert.Equal($"deployments/{second}", Assert.Single(view.Links("View the newer attempt")).GetAttribute("href"));
        Assert.Equal("Deployment failed", view.Find("h1").TextContent);
    }

    [Fact]
    public async Task So_does_the_page_of_a_try_that_was_stopped_in_line()
    {
        await FailedAsync();
        var stopped = await ClaimAsync("design-lab");
        Store.Change(stopped, d => d.RequestCancel(Now));
        var third = await ClaimAsync("design-lab");

        var view = Open(stopped);

        Assert.Equal(("Stopped", "A newer attempt is under way."), (view.Find("h1").TextContent, view.Find(".lead").TextContent));
        Assert.Equal($"deployments/{third}", Assert.Single(view.Links("View the newer attempt")).GetAttribute("href"));
        Assert.Equal(["Copy the log"], view.FindAll("button").Select(b => b.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task A_later_try_that_failed_too_leaves_both_to_be_tried_again()
    {
        var first = await FailedAsync();
        var second = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(second, FailureCode.DeployFailed);
        Unwound(second);

        Assert.Single(Open(first).Buttons("Try again"));
    }

    [Fact]
    public async Task It_speaks_Dutch()
    {
        Speak("nl");
        var first = await FailedAsync();
        await ClaimAsync("design-lab");

        Assert.Equal("Er loopt al een nieuwe poging.", Open(first).Find(".lead").TextContent);
    }

    private async Task<string> FailedAsync()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id);
        return id;
    }

    private IRenderedComponent<DeploymentView> Open(string id)
    {
        var view = Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
        view.WaitForElement("h1");
        return view;
    }
}
