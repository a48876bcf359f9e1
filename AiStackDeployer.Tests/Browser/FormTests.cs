using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>From a typed name to a stack that opens.</summary>
[Collection(BrowserTests.Name)]
public sealed class FormTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_name_becomes_a_stack_that_opens_signed_in_and_only_for_who_pressed()
    {
        await using var ann = await site.VisitAsync(change: o => o.Permissions = ["clipboard-read", "clipboard-write"]);
        await ann.DeployAsync("ann-lab");
        await ann.SeeAsync("Your stack is ready");
        await Expect(ann.Strip).ToHaveTextAsync("Ready");

        var password = await ShowPasswordAsync(ann);
        await ann.Button("Copy the password").ClickAsync();
        await Expect(ann.Page.GetByText("Copied")).ToBeVisibleAsync();
        Assert.Equal(password, await ann.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        await ann.Button("Steps and log").ClickAsync();
        await Expect(ann.Page.Locator(".step.is-done")).ToHaveCountAsync(7);

        // Her press leads in without a password; the very address that it led to is nothing to anybody else, and not to her a second time.
        var led = new TaskCompletionSource<string>();
        ann.Context.Response += (_, answer) =>
        {
            if (answer.Status == 303 && answer.Headers.TryGetValue("location", out var to) && to.Contains("#ticket=", StringComparison.Ordinal))
            {
                led.TrySetResult(to);
            }
        };
        var stack = await ann.Context.RunAndWaitForPageAsync(() => ann.Enter.ClickAsync());
        await Expect(stack.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("This is the stack ann-lab (emulated)");
        Assert.Matches("^http://ann-lab.ai.localhost:[0-9]+/$", stack.Url);
        var used = await led.Task.WaitAsync(Token);
        await using var thief = await site.VisitAsync("/signed-out", role: null);
        await thief.Page.GotoAsync(used);
        await Expect(thief.Heading).ToHaveTextAsync("Open this stack from the portal");
        await stack.GotoAsync(used);
        await Expect(stack.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Open this stack from the portal");

        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "My stacks" }).ClickAsync();
        await Expect(ann.Page.Locator(".stacks").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "ann-lab" })).ToContainTextAsync("Ready");
    }

    [Fact]
    public async Task A_taken_name_is_refused_with_three_free_ones_of_which_one_can_be_had()
    {
        using var bob = await site.SignInAsync("Bob");
        await bob.StartAsync("bob-lab");
        await using var ann = await site.VisitAsync();

        await ann.NameField.FillAsync("bob-lab");
        await Expect(ann.Strip).ToContainTextAsync("Taken by someone else.");
        await Expect(ann.Create).ToBeDisabledAsync();
        var offers = ann.Page.Locator(".live .offers").GetByRole(AriaRole.Button);
        await Expect(offers).ToHaveCountAsync(3);
        var offered = (await offers.First.InnerTextAsync()).Trim();
        await offers.First.ClickAsync();

        await Expect(ann.NameField).ToHaveValueAsync(offered);
        await Expect(ann.Strip).ToContainTextAsync("Free. Kept for you");
        await ann.Create.ClickAsync();
        await ann.SeeAsync("Your stack is ready");
        await Expect(ann.Page.Locator(".live .plate .name")).ToHaveTextAsync(offered);
    }

    [Fact]
    public async Task A_name_that_one_person_holds_is_being_chosen_for_the_next_until_it_is_let_go()
    {
        await using var ann = await site.VisitAsync();
        await using var bob = await site.VisitAsync();
        using var carol = await site.SignInAsync("Carol");
        await carol.StartAsync("held-already");
        await ann.ChooseAsync("shared-lab");

        await bob.NameField.FillAsync("shared-lab");
        await Expect(bob.Strip).ToContainTextAsync("Someone else is choosing this name right now.");

        // The answer for another name comes after the first one is let go, and differs from what stands there.
        await ann.NameField.FillAsync("held-already");
        await Expect(ann.Strip).ToContainTextAsync("Taken by someone else.");
        await bob.NameField.FillAsync("shared-la");
        await bob.ChooseAsync("shared-lab");
    }

    [Fact]
    public async Task A_double_click_makes_one_deployment()
    {
        await using var ann = await site.VisitAsync();
        await ann.ChooseAsync("double-lab");

        await ann.Create.DblClickAsync();
        await ann.SeeAsync("Your stack is ready");

        Assert.Single(site.Dokploy.Projects, p => p.Name == "ai-stack-double-lab");
        await ann.Page.GotoAsync("/stacks");
        await Expect(ann.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_portal_that_is_restarted_under_the_form_leaves_the_name_in_it()
    {
        await using var ann = await site.VisitAsync();
        await ann.ChooseAsync("typed-lab");

        await site.Portal.Process.KillAsync();
        await Expect(ann.Page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await site.Portal.StartAsync(Token);

        await Expect(ann.Page).ToHaveURLAsync(new Uri(site.Portal.Root, "/?name=typed-lab").ToString());
        await Expect(ann.NameField).ToHaveValueAsync("typed-lab");
    }

    /// <summary>A slow line: what the portal draws after the first key arrives when more has been typed, and before the rest of it is.</summary>
    [Fact]
    public async Task What_is_typed_while_an_answer_is_on_its_way_stays()
    {
        await using var ann = await site.VisitAsync();
        var line = await HeldLine.BetweenAsync(ann.Page);
        await ann.Page.ReloadAsync();
        await Expect(ann.NameField).ToBeFocusedAsync();

        line.Hold();
        await ann.Page.Keyboard.TypeAsync("k");
        await line.Drawn;
        await ann.Page.Keyboard.TypeAsync("eys");
        line.ReleaseFirst();
        await ann.Page.Keyboard.TypeAsync("-lab");
        line.Release();

        await Expect(ann.Strip).ToContainTextAsync("Free. Kept for you");
        await Expect(ann.NameField).ToHaveValueAsync("keys-lab");
    }

    [Fact]
    public async Task Without_a_mouse_a_person_gets_from_the_form_to_the_password_and_always_sees_the_focus()
    {
        await using var ann = await site.VisitAsync();
        await Expect(ann.NameField).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync("keys-lab");
        await ann.AssertFocusShowsAsync();
        await Expect(ann.Strip).ToContainTextAsync("Free. Kept for you");

        await ann.TabToAsync(ann.Create);
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeeAsync("Your stack is ready");

        await Expect(ann.Heading).ToBeFocusedAsync();
        await ann.TabToAsync(ann.Enter);
        await ann.TabToAsync(ann.OtherTools);
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.TabToAsync(ann.Button("Show the password"));
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Button("Hide the password")).ToBeFocusedAsync();
        Assert.NotEmpty(await PasswordAsync(ann));
    }

    /// <summary>The password is not in the page before somebody asks for it.</summary>
    private static async Task<string> ShowPasswordAsync(Visitor visitor)
    {
        await visitor.OtherTools.ClickAsync();
        await Expect(visitor.Button("Show the password")).ToBeVisibleAsync();
        var before = await visitor.Page.ContentAsync();
        await visitor.Button("Show the password").ClickAsync();
        await Expect(visitor.Button("Hide the password")).ToBeVisibleAsync();
        var password = await PasswordAsync(visitor);
        Assert.DoesNotContain(password, before, StringComparison.Ordinal);
        return password;
    }

    private static async Task<string> PasswordAsync(Visitor visitor) =>
        (await visitor.Page.Locator(".credentials dl > div").Filter(new() { HasText = "Password" }).Locator("dd.mono").InnerTextAsync()).Trim();
}
