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
        Assert.Equal("Deployment failed", view.Find("h1").TextContent);
        // Its one way on is to be deleted.
        Assert.Empty(view.Buttons("Try again"));
        Assert.NotNull(view.Button("Delete…"));
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

        await view.Button("Try again").ClickAsync();
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
    public async Task A_try_that_is_stopped_in_line_still_names_the_volumes_that_the_failed_one_left()
    {
        var first = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(first, FailureCode.CrashLoop);
        Store.Change(first, d => d.KeepVolumes(d.Run, ["vol-1"], Now));
        Unwound(first);
        var second = await ClaimAsync("design-lab");
        var view = Open(second);
        Assert.Empty(view.FindAll(".remedy li"));

        Store.Change(second, d => d.RequestCancel(Now));

        view.WaitForAssertion(() => Assert.Equal("Only its volumes are left behind, and your name is still yours.", view.Find(".lead").TextContent));
        Assert.Equal("vol-1", view.Find(".remedy li").TextContent);
        Assert.DoesNotContain("docker volume rm", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_Dokploy_had_already_is_not_called_the_readers()
    {
        var id = await RunTo("design-lab", DeploymentStep.EnsureProject);
        Fail(id, FailureCode.NameTakenUpstream);
        var view = Open(id);
        Assert.Equal("Removing what was created. You need another name.", view.Find(".lead").TextContent);

        Unwound(id);

        view.WaitForAssertion(() => Assert.Equal("Nothing is left behind. The name is no longer yours.", view.Find(".lead").TextContent));
        Assert.Equal(("Create a new stack", "new"), (view.Find(".remedy a").TextContent.Trim(), view.Find(".remedy a").GetAttribute("href")));
        Assert.Single(view.Buttons("Try again"));
    }

    [Theory]
    [InlineData("Nothing is left behind. The name is no longer yours.")]
    [InlineData("Only its volumes are left behind. The name is no longer yours.", "vol-1")]
    public async Task Nor_is_one_that_somebody_else_was_given_by_time(string lead, params string[] kept)
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.CrashLoop);
        Store.Change(id, d => d.KeepVolumes(d.Run, kept, Now));
        Unwound(id);
        Store.Change(id, d => d.Stack.ReleasedAt = Now);

        Assert.Equal(lead, Open(id).Find(".lead").TextContent);
    }

    [Fact]
    public async Task The_question_before_a_stack_that_never_answered_is_given_up_names_its_volumes()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.CrashLoop);
        Store.Change(id, d => d.KeepVolumes(d.Run, ["vol-1"], Now));
        Unwound(id);
        var view = Open(id);

        _ = view.Button("Give the name up").ClickAsync();

        Above.WaitForAssertion(() => Assert.Contains("Its name becomes free for others.", Dialog.TextContent, StringComparison.Ordinal));
        Assert.Contains("stays on the server under these names", Dialog.TextContent, StringComparison.Ordinal);
        Assert.Equal("vol-1", Assert.Single(Dialog.QuerySelectorAll("li")).TextContent);
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
