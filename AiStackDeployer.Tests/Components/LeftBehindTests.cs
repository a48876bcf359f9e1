using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using Bunit;

namespace AiStackDeployer.Tests.Components;

/// <summary>What the page of a deployment that failed or was stopped says of what it left.</summary>
public sealed class LeftBehindTests : PageWorld
{
    [Fact]
    public async Task What_could_not_be_removed_is_named()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id, "volume stk-1-work");
        var view = Open(id);

        Assert.Contains("volume stk-1-work", view.Markup, StringComparison.Ordinal);
        Assert.Equal(
            "Some things could not be removed. Your name is still yours; delete the stack before you try again.", view.Find(".lead").TextContent);
        Assert.Equal("This did not work", view.Find("h1").TextContent);
        // Its one way on is to be deleted.
        Assert.Empty(view.FindAll(".remedy .button"));
        Assert.NotNull(view.Find("button.danger"));
    }

    [Fact]
    public async Task Volumes_of_a_failed_stack_are_named_and_removed_by_nobody_while_another_try_may_take_them_up()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.CrashLoop);
        Store.Change(id, d => d.KeepVolumes(d.Run, ["vol-1"], Now));
        Unwound(id);
        var view = Open(id);

        Assert.Equal("Only its volumes are left behind, and your name is still yours.", view.Find(".lead").TextContent);
        Assert.Equal("vol-1", view.Find(".remedy li").TextContent);
        Assert.DoesNotContain("docker volume rm", view.Markup, StringComparison.Ordinal);

        await view.Find(".remedy .button").ClickAsync();
        view.WaitForAssertion(() => Assert.Empty(view.FindAll(".remedy li")));
    }

    [Fact]
    public async Task A_try_that_is_stopped_in_line_says_that_the_name_is_still_its_owners()
    {
        var first = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(first, FailureCode.DeployFailed);
        Unwound(first);
        var second = await ClaimAsync("design-lab");
        Store.Change(second, d => d.RequestCancel(Now));

        Assert.Equal("Nothing is left behind, and your name is still yours.", Open(second).Find(".lead").TextContent);
    }

    [Fact]
    public async Task A_cancelled_deployment_does_not_claim_to_have_left_nothing_when_something_stayed()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Store.Change(id, d =>
        {
            d.RequestCancel(Now);
            d.AcceptCancel(d.Run, Now);
            d.Note(d.Run, LogCode.LeftBehind, "volume stk-1-work", Now);
        });
        Unwound(id, "volume stk-1-work");
        Assert.Equal("Some things could not be removed. The name stays taken until the stack is deleted.", Open(id).Find(".lead").TextContent);
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
}
