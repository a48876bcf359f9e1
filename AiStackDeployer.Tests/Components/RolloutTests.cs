using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>Roll-outs as an administrator starts and halts them, and the update as an owner takes it.</summary>
public sealed class RolloutTests : PageWorld
{
    public RolloutTests() => SetRendererInfo(new RendererInfo("Server", isInteractive: true));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RolloutService Rollouts => Services.GetRequiredService<RolloutService>();

    [Fact]
    public async Task It_is_previewed_started_paused_and_cancelled_and_each_press_is_recorded()
    {
        SignIn("usr_admin", Policies.ViewAdmin, Policies.ManagePortal);
        await OldAsync("lab-a");
        await OldAsync("lab-b");
        Gates.Told = new StackActivity("0.1.0", Now, Now.AddDays(-1), Now.AddHours(-3), null, 0, 0, null, null, null, new OpenCodeProcess("1.18.33", 1, "running", 0)) { ToldAt = Now };
        var board = Render<RolloutBoard>();
        board.WaitForAssertion(() => Assert.Contains("2 stacks get the image. The canary, then 1 wave.", board.Markup, StringComparison.Ordinal));

        _ = PressAsync(board, "Start the roll-out");
        await DialogButton("Start the roll-out").ClickAsync();
        board.WaitForAssertion(() => Assert.Contains("Say which version of OpenCode the image has.", board.Markup, StringComparison.Ordinal));
        Assert.Empty(Queue.Enqueued[2..]);

        // What the form's select cannot be brought to in a test without its popover.
        Assert.IsType<RolloutResult.Done>(await Services.GetRequiredService<RolloutActs>().StartAsync(
            await ActorAsync(), new RolloutWish { Image = "registry.test/stack:1", OpenCode = 1 }));
        await LookUntilAsync(() => board.Markup.Contains("Under way", StringComparison.Ordinal));
        Assert.Contains("Canary", board.Find(".waves").TextContent, StringComparison.Ordinal);
        Assert.Equal("registry.test/stack:1", Store.All[^1].Change!.Image);

        _ = PressAsync(board, "Pause");
        await DialogButton("Pause").ClickAsync();
        board.WaitForAssertion(() => Assert.Equal("Paused", board.Find(".title-row .mud-chip").TextContent.Trim()));
        _ = PressAsync(board, "Cancel");
        await DialogButton("Cancel").ClickAsync();
        board.WaitForAssertion(() => Assert.Equal("Cancelled", board.Find(".title-row .mud-chip").TextContent.Trim()));
        Assert.Equal(
            ["rollout.start Failed open-code-unknown", "rollout.start Done 2 stacks, canary lab-a, waves of 5, no migration", "rollout.pause Done", "rollout.cancel Done"],
            Audit.Entries.Select(e => $"{e.Action} {e.Outcome} {(e.Action == "rollout.start" ? e.Detail : "")}".Trim()));
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_starts_nothing()
    {
        SignIn(Me, Policies.ViewAdmin);
        await OldAsync("lab-a");

        Assert.IsType<RolloutResult.NotAllowed>(await Services.GetRequiredService<RolloutActs>().StartAsync(
            await ActorAsync(), new RolloutWish { Image = "registry.test/stack:1", OpenCode = 1 }));

        Assert.Null((await Rollouts.ReadAsync(Token)).Newest);
        Assert.Equal($"{Me} Web rollout.start Refused", Assert.Single(Audit.Lines).Trim());
    }

    [Fact]
    public async Task An_owner_sees_that_there_is_an_update_and_takes_it()
    {
        await OldAsync("lab-a");
        await MakeAsync("lab-b");
        var list = Render<StackList>();
        list.WaitForAssertion(() => Assert.Equal(2, list.FindAll("li").Count));

        var offer = Assert.Single(list.FindAll("button"), button => button.TextContent.Trim() == "Update now");
        Assert.Equal("Update lab-a", offer.GetAttribute("aria-label"));
        _ = offer.ClickAsync();
        await DialogButton("Update now").ClickAsync();

        list.WaitForAssertion(() => Assert.Equal((OperationCatalog.Redeploy, "registry.test/stack:1", OperationCause.Person), (Store.All[^1].Operation, Store.All[^1].Change!.Image, Store.All[^1].Cause)));
        await LookUntilAsync(() => !list.Markup.Contains("Update available", StringComparison.Ordinal));
    }

    private async Task<Actor> ActorAsync() => Actor.Of((await Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User);

    private async Task OldAsync(string name) => Store.Change(await MakeAsync(name), deployment => deployment.Stack.Image = "registry.test/stack:0");

    private static Task PressAsync(IRenderedComponent<RolloutBoard> board, string word) =>
        board.FindAll("button").Single(button => button.TextContent.Trim() == word).ClickAsync();
}
