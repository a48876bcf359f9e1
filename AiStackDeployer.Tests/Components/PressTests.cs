using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>What a press on a deployment's page says, however it ends and however often it comes.</summary>
public sealed class PressTests : PageWorld
{
    [Fact]
    public async Task A_fault_nobody_thought_of_is_told_at_the_button_which_can_be_pressed_again()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id);
        var view = Open(id);
        Store.Trouble = new FormatException("a row that cannot be read");

        await view.Button("Try again").ClickAsync();
        Assert.Equal("That did not work. Try again in a moment.", view.Find("[role=alert]").TextContent.Trim());
        Store.Trouble = null;
        await view.Button("Try again").ClickAsync();

        Assert.Equal(2, Store.All.Count);
    }

    [Fact]
    public async Task Trying_again_twice_from_one_page_is_one_deployment()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.DeployFailed);
        Unwound(id);
        var view = Open(id);
        var presses = 1;
        // The second press comes before the first is drawn: after that there is no button any more.
        Queue.Enqueuing = () => presses++ == 1 ? view.Button("Try again").ClickAsync() : Task.CompletedTask;

        await view.Button("Try again").ClickAsync();

        Assert.Equal((2, 2), (presses, Store.All.Count));
        view.WaitForAssertion(() => Assert.Empty(view.Buttons("Try again")));
    }

    [Fact]
    public async Task A_double_click_on_cancel_asks_once()
    {
        var id = await ClaimAsync("design-lab");
        var of = (await Services.GetRequiredService<DeploymentService>().FindAsync(id, Xunit.TestContext.Current.CancellationToken))!;
        var button = Render<CancelButton>(p => p.Add(b => b.Of, of));

        _ = button.Button("Cancel").ClickAsync();
        _ = button.Button("Cancel").ClickAsync();

        Assert.Single(Above.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task What_a_press_said_goes_with_the_phase_it_was_said_in()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var view = Open(id);
        _ = view.WaitForButton("Cancel").ClickAsync();
        Store.Trouble = new StorageUnavailableException("locked", new IOException());
        await DialogButton("Stop").ClickAsync();
        view.WaitForAssertion(() => Assert.NotEmpty(view.FindAll("[role=alert]")));

        Store.Trouble = null;
        Complete(id);

        view.WaitForAssertion(() => Assert.Equal("Your stack is ready", view.Find("h1").TextContent));
        Assert.Empty(view.FindAll("[role=alert]"));
    }

    [Theory]
    [InlineData(false, "The name becomes free.")]
    [InlineData(true, "")]
    public async Task The_question_does_not_promise_a_name_that_its_owner_keeps(bool isAnotherTry, string said)
    {
        if (isAnotherTry)
        {
            var first = await RunTo("design-lab", DeploymentStep.AwaitContainer);
            Fail(first, FailureCode.DeployFailed);
            Unwound(first);
        }
        var view = Open(await ClaimAsync("design-lab"));

        _ = view.WaitForButton("Cancel").ClickAsync();

        Assert.Equal("Stop and remove everything again?", Dialog.QuerySelector("h2")!.TextContent);
        Assert.Equal(said, Dialog.QuerySelector(".mud-dialog-content")!.TextContent.Trim());
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
}
