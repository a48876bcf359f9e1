using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using Bunit;

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

        await view.Find(".remedy button").ClickAsync();
        Assert.Equal("That did not work just now. Try again in a moment.", view.Find(".notice[role=alert]").TextContent.Trim());
        Store.Trouble = null;
        await view.Find(".remedy button").ClickAsync();

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
        Queue.Enqueuing = () => presses++ == 1 ? view.Find(".remedy button").ClickAsync() : Task.CompletedTask;

        await view.Find(".remedy button").ClickAsync();

        Assert.Equal((2, 2), (presses, Store.All.Count));
        view.WaitForAssertion(() => Assert.Empty(view.FindAll(".remedy button")));
    }

    [Fact]
    public async Task A_second_yes_that_comes_before_the_first_is_drawn_asks_for_nothing()
    {
        var presses = 0;
        IRenderedComponent<CancelButton>? button = null;
        button = Render<CancelButton>(p => p.Add(c => c.OnConfirmed, () => ++presses == 1 ? button!.Find(".ask .danger").ClickAsync() : Task.CompletedTask));
        await button.Find("button").ClickAsync();

        await button.Find(".ask .danger").ClickAsync();

        Assert.Equal(1, presses);
    }

    [Fact]
    public async Task What_a_press_said_goes_with_the_phase_it_was_said_in()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitReadiness);
        var view = Open(id);
        await view.Find(".actions .button").ClickAsync();
        Store.Trouble = new StorageUnavailableException("locked", new IOException());
        await view.Find(".ask .danger").ClickAsync();
        Assert.NotEmpty(view.FindAll(".notice[role=alert]"));

        Store.Trouble = null;
        Complete(id);

        view.WaitForAssertion(() => Assert.Equal("Your stack is ready", view.Find("h1").TextContent));
        Assert.Empty(view.FindAll(".notice"));
    }

    [Theory]
    [InlineData(false, "Stop this and remove what was made? The name becomes free.")]
    [InlineData(true, "Stop this and remove what was made?")]
    public async Task The_question_does_not_promise_a_name_that_its_owner_keeps(bool isAnotherTry, string question)
    {
        if (isAnotherTry)
        {
            var first = await RunTo("design-lab", DeploymentStep.AwaitContainer);
            Fail(first, FailureCode.DeployFailed);
            Unwound(first);
        }
        var view = Open(await ClaimAsync("design-lab"));

        await view.Find(".actions .button").ClickAsync();

        Assert.Equal(question, view.Find("#cancel-ask").TextContent);
    }

    private IRenderedComponent<DeploymentView> Open(string id) => Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
}
