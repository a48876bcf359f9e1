using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AiStackDeployer.Tests.Components;

/// <summary>What an act on many stacks would do is shown first; what it did is told.</summary>
public sealed class BulkTests : PageWorld
{
    [Fact]
    public async Task Those_that_can_are_begun_and_those_that_cannot_are_named_with_the_reason()
    {
        await MakeAsync("ann");
        await ClaimAsync("bob");
        await FailedAsync("cas");
        await AskAsync(OperationCatalog.Stop);

        Assert.Contains("1 of 3 can be begun now.", Dialog.TextContent, StringComparison.Ordinal);
        Assert.Equal(["bob: something is in progress on it", "cas: it is in the state “Failed”"], Dialog.QuerySelectorAll("li").Select(li => li.TextContent));
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Above.WaitForAssertion(() => Assert.Contains("1 of 1 begun.", Dialog.TextContent, StringComparison.Ordinal));
        var begun = Store.All[^1];
        Assert.Equal(("ann", OperationCatalog.Stop, OperationCause.Batch), (begun.Name.Value, begun.Operation, begun.Cause));
    }

    [Fact]
    public async Task What_destroys_wants_the_number_typed_and_removes_failed_ones_at_once()
    {
        await MakeAsync("ann");
        await FailedAsync("bob");
        await AskAsync(OperationCatalog.ScheduleDeletion);
        Assert.Contains("1 that failed are removed at once", Dialog.TextContent, StringComparison.Ordinal);

        Assert.True(DialogButton("Delete").HasAttribute("disabled"));
        await Dialog.QuerySelector("input")!.InputAsync("3");
        Assert.True(DialogButton("Delete").HasAttribute("disabled"));
        await Dialog.QuerySelector("input")!.InputAsync("2");
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Assert.Equal([OperationCatalog.ScheduleDeletion, OperationCatalog.Delete], Store.All.Skip(2).Select(d => d.Operation));
    }

    [Fact]
    public async Task What_is_kept_is_kept_for_as_long_as_was_chosen()
    {
        await MakeAsync("ann");
        await FailedAsync("bob");
        await AskAsync(BulkAct.Keep);
        Assert.Equal(["bob: it is in the state “Failed”"], Dialog.QuerySelectorAll("li").Select(li => li.TextContent));

        await Dialog.QuerySelectorAll("input[type=radio]")[1].ClickAsync(new());
        await Dialog.QuerySelector("form")!.SubmitAsync();

        Above.WaitForAssertion(() => Assert.Contains("1 of 1 done.", Dialog.TextContent, StringComparison.Ordinal));
        Assert.Equal([Now.AddDays(7), null], Store.All.Select(d => d.Stack.KeepUntil));
    }

    [Fact]
    public async Task Each_stack_gets_a_request_id_of_its_own_from_one_batch()
    {
        await MakeAsync("ann");
        await MakeAsync("bob");
        await AskAsync(OperationCatalog.Restart);

        await Dialog.QuerySelector("form")!.SubmitAsync();

        var (first, second) = (Store.All[^2], Store.All[^1]);
        Assert.Equal($"{first.RequestId.Split('.')[0]}.{first.StackId}", first.RequestId);
        Assert.Equal($"{first.RequestId.Split('.')[0]}.{second.StackId}", second.RequestId);
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_begins_nothing()
    {
        await MakeAsync("ann");
        await MakeAsync("bob");
        await AskAsync(OperationCatalog.Stop);
        Authorization.SetPolicies(Policies.ViewAdmin);

        await Dialog.QuerySelector("form")!.SubmitAsync();

        Above.WaitForAssertion(() => Assert.Contains("0 of 2 begun.", Dialog.TextContent, StringComparison.Ordinal));
        Assert.Equal(["ann: not allowed", "bob: not allowed"], Dialog.QuerySelectorAll("li").Select(li => li.TextContent));
        Assert.Equal(2, Store.All.Count);
    }

    [Fact]
    public async Task Agents_at_work_are_told_before()
    {
        await MakeAsync("ann");
        Gates.Told = new StackActivity("1", Now, Now, null, null, SessionsAtWork: 1, SessionsWaiting: 0, null, null, null, null) { ToldAt = Now };
        await AskAsync(OperationCatalog.Restart);

        Assert.Contains("An agent is at work in ann and is interrupted.", Dialog.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_handed_over_may_be_in_any_state_but_busy()
    {
        var plan = BulkPlan.Of(BulkAct.HandOver, [RowIn(StackState.Stopped, DeploymentPhase.Completed), RowIn(StackState.Failed, DeploymentPhase.Failed), RowIn(StackState.Updating, DeploymentPhase.Running)]);

        Assert.Equal([true, true, false], plan.Items.Select(item => item.CanBegin));
        Assert.True(plan.Cannot.Single().IsBusy);
    }

    private static StackRow RowIn(StackState state, DeploymentPhase phase)
    {
        var stack = Deployments.Some.Stack();
        stack.State = state;
        return new StackRow { Stack = stack, DeploymentId = "dep_1", Operation = OperationCatalog.Deploy, Phase = phase, Step = DeploymentStep.ClaimName, Progress = 0 };
    }

    private Task AskAsync(Operation operation) => AskAsync(BulkAct.Of(operation));

    private async Task AskAsync(BulkAct act)
    {
        _ = Above.InvokeAsync(() => BulkDialog.AskAsync(Services.GetRequiredService<IDialogService>(), [.. Store.All.Select(d => d.StackId).Distinct()], act));
        Above.WaitForElement("[role=dialog] form p");
        await Task.CompletedTask;
    }

    private async Task FailedAsync(string name)
    {
        var id = await RunTo(name, DeploymentStep.AwaitContainer);
        Fail(id, FailureCode.ImageNotFound);
        Unwound(id);
    }
}
