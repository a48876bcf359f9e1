using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Security;
using Bunit;

namespace AiStackDeployer.Tests.Components;

/// <summary>What a press on a page leaves in the audit log.</summary>
public sealed class AuditedPressTests : PageWorld
{
    [Fact]
    public async Task Drawing_the_page_of_a_ready_stack_shows_no_password_and_each_press_that_does_is_one_line()
    {
        var view = Open(await MakeAsync("design-lab"));
        view.WaitForButton("Show the password");
        Assert.Empty(Audit.Entries);

        await view.Button("Show the password").ClickAsync();
        await view.Button("Hide the password").ClickAsync();
        await view.Button("Copy the password").ClickAsync();

        Assert.Equal(Enumerable.Repeat("usr_me Web credentials.show Done design-lab", 2), Audit.Lines);
        Assert.DoesNotContain(Audit.Entries, e => $"{e}".Contains(Tab.Copied[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_press_that_is_not_allowed_any_more_shows_nothing_and_is_recorded_as_refused()
    {
        var view = Open(await MakeAsync("design-lab"));
        view.WaitForButton("Show the password");
        Authorization.SetPolicies(Policies.ViewDeployment);

        await view.Button("Show the password").ClickAsync();

        Assert.Equal("You are not allowed to do this.", view.Find("[role=alert]").TextContent.Trim());
        Assert.Equal(["usr_me Web credentials.show Refused design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task A_page_of_before_shows_its_former_owner_no_password_even_at_that_very_moment()
    {
        var view = Open(await MakeAsync("design-lab"));
        view.WaitForButton("Show the password");
        // Not heard of by the page.
        Store.All[0].Stack.OwnerId = "usr_new";

        await view.Button("Show the password").ClickAsync();

        Assert.Equal("You are not allowed to do this.", view.Find("[role=alert]").TextContent.Trim());
        Assert.Equal(["usr_me Web credentials.show Refused design-lab"], Audit.Lines);
    }

    [Fact]
    public async Task The_former_owner_loses_an_open_page_at_the_handover()
    {
        // As the policy has it: whoever the stack belongs to.
        var id = await MakeAsync("design-lab");
        var view = Open(id);
        view.WaitForButton("Show the password");

        Authorization.SetPolicies();
        await Store.HandOverAsync(Store.All[0].StackId, "usr_new", Xunit.TestContext.Current.CancellationToken);

        view.WaitForAssertion(() => Assert.Equal("Page not found", view.Find("h1").TextContent));
    }

    [Fact]
    public async Task A_deployment_its_retry_and_its_cancelling_are_one_line_each()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id);
        var view = Open(id);

        await view.Button("Try again").ClickAsync();
        _ = Open(Store.All[^1].Id).WaitForButton("Cancel").ClickAsync();
        await DialogButton("Stop").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["usr_me Web deployment.retry Done design-lab", "usr_me Web deployment.cancel Done design-lab"], Audit.Lines));
    }

    [Fact]
    public async Task The_forms_submit_is_recorded_with_its_outcome()
    {
        await MakeAsync("taken-lab", "usr_other");
        var form = Render<NewStackForm>();

        await form.Find("input").InputAsync("design-lab");
        await form.Find("form").SubmitAsync();

        Assert.Equal(["usr_me Web stack.deploy Done design-lab"], Audit.Lines);
        Assert.Equal(Store.All[^1].Id, Audit.Entries[0].Detail);
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(view => view.Add(v => v.DeploymentId, id));
}
