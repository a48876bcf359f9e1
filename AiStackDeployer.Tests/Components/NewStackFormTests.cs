using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Security;
using Bunit;
using TestContext = Xunit.TestContext;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

public sealed class NewStackFormTests : PageWorld
{
    private static readonly TimeSpan Quiet = new NamingOptions().QuietPeriod;

    private static readonly TimeSpan Renewal = new NamingOptions().RenewEvery;

    private const string Kept = "Free. Kept for you while this page is open.";

    private readonly IRenderedComponent<NewStackForm> _form;

    public NewStackFormTests() => _form = Render<NewStackForm>();

    private string Holder => Services.GetRequiredService<DeploySession>().HolderId;

    private string Said => _form.Find(".strip .said").TextContent.Trim();

    [Fact]
    public async Task A_broken_rule_is_told_at_once_without_a_question_and_its_legal_form_fills_the_name()
    {
        await TypeAsync("Jan de Vries!");

        Assert.Equal("Use only a–z, 0–9 and hyphens.", Said);
        Assert.Equal(0, Upstream.Calls);
        Assert.True(Button.HasAttribute("disabled"));

        await _form.Find(".offers button").ClickAsync();
        Assert.Equal("jan-de-vries", Input.GetAttribute("value"));
    }

    [Fact]
    public void A_form_that_takes_the_place_of_another_has_the_name_that_stood_there()
    {
        var form = Render<NewStackForm>(p => p.Add(f => f.Typed, "design-lab"));

        Assert.Equal("design-lab", form.Find("#stack-name").GetAttribute("value"));
    }

    [Fact]
    public async Task A_free_name_is_kept_while_the_form_is_open_and_nothing_is_drawn_while_nothing_changes()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);
        // The form draws once more for the answer.
        await _form.InvokeAsync(() => { });
        var drawn = _form.FindComponent<AvailabilityStrip>().RenderCount;

        for (var renewal = 1; renewal <= 4; renewal++)
        {
            var renewed = new TaskCompletionSource();
            Register.AfterNextHold = renewed.SetResult;
            Time.Advance(Renewal);
            await renewed.Task;
            await _form.InvokeAsync(() => { });
        }

        Assert.Equal(["design-lab"], Register.HeldBy(Holder, Now));
        Assert.Equal(drawn, _form.FindComponent<AvailabilityStrip>().RenderCount);
        Assert.Equal(Kept, _form.Find("[role=status]").TextContent);
        Assert.False(Button.HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_answer_to_an_overtaken_name_is_never_shown()
    {
        Upstream.Taken.Add("design");
        var slow = Upstream.Pend();
        await AskAsync("design");
        await slow.Arrived;
        await AskAsync("design-lab");

        slow.Answer();
        SaysEventually(Kept);
        // Whatever the answer set off has had its turn on the dispatcher once this has.
        await _form.InvokeAsync(() => { });

        Assert.Equal(Kept, Said);
        Assert.Empty(_form.FindAll(".offers button"));
    }

    [Fact]
    public async Task A_taken_name_offers_three_free_ones_and_a_click_chooses_one()
    {
        Register.Claim("design", "usr_other");
        await AskAsync("design");
        SaysEventually("Taken by someone else. Free:");
        Assert.True(Button.HasAttribute("disabled"));
        Assert.Equal(["design-lab", "design-dev", "design2"], _form.FindAll(".offers button").Select(o => o.TextContent.Trim()));

        await _form.InvokeAsync(() => _form.FindAll(".offers button")[1].ClickAsync());
        Assert.Equal("design-dev", Input.GetAttribute("value"));
        Time.Advance(Quiet);
        SaysEventually(Kept);
    }

    [Fact]
    public async Task A_name_in_somebody_elses_open_form_is_being_chosen()
    {
        Register.Hold("design", new NameHolder("form-2", "usr_other"), Now.AddMinutes(1));
        await AskAsync("design");
        SaysEventually("Someone else is choosing this name right now. Free:");
    }

    [Fact]
    public async Task An_own_name_leads_to_its_deployment()
    {
        Register.Claim("design", Me, "dep_7");
        await AskAsync("design");
        SaysEventually("You already have a stack with this name.");
        Assert.Equal("deployments/dep_7", _form.Find(".strip a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_silent_Dokploy_still_allows_a_try()
    {
        Upstream.IsDown = true;
        await AskAsync("design-lab");
        _form.WaitForAssertion(() => Assert.StartsWith("Dokploy is not responding", Said, StringComparison.Ordinal));

        await _form.Find("form").SubmitAsync();

        _form.WaitForAssertion(() => Assert.Single(Store.All));
    }

    [Fact]
    public async Task Enter_twice_starts_one_deployment_and_goes_to_its_page()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);

        await _form.Find("form").SubmitAsync();
        await _form.Find("form").SubmitAsync();

        _form.WaitForAssertion(() => Assert.EndsWith("/deployments/" + Store.All[0].Id, Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal(1, Store.Claims);
    }

    [Fact]
    public async Task Enter_before_the_answer_submits_at_once_because_the_claim_decides()
    {
        await TypeAsync("design-lab");
        await _form.Find("form").SubmitAsync();
        _form.WaitForAssertion(() => Assert.Single(Store.All));
    }

    [Fact]
    public async Task A_portal_that_cannot_save_says_so_and_keeps_what_was_typed()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);
        Store.Trouble = new AiStackDeployer.Core.Deployments.StorageUnavailableException("full", new IOException());

        await _form.Find("form").SubmitAsync();

        _form.WaitForAssertion(() => Assert.StartsWith("The portal cannot save anything right now.", Said, StringComparison.Ordinal));
        Assert.Equal("design-lab", Input.GetAttribute("value"));
        Store.Trouble = null;
        await _form.Find("form").SubmitAsync();
        _form.WaitForAssertion(() => Assert.Single(Store.All));
    }

    [Fact]
    public async Task A_register_that_cannot_be_read_is_not_the_end_of_the_form()
    {
        Register.BeforeNextHold = () => throw new AiStackDeployer.Core.Deployments.StorageUnavailableException("locked", new IOException());
        await AskAsync("design-lab");
        SaysEventually("This name could not be checked. Change it or try again in a moment.");
        Assert.False(Button.HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_and_nothing_is_said()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);
        var failed = new TaskCompletionSource();
        Register.BeforeNextHold = () =>
        {
            failed.SetResult();
            throw new IOException("database is locked");
        };
        Time.Advance(Renewal);
        await failed.Task;
        await _form.InvokeAsync(() => { });
        Assert.Equal(Kept, Said);

        var renewed = new TaskCompletionSource();
        Register.AfterNextHold = renewed.SetResult;
        Time.Advance(Renewal);

        await renewed.Task;
    }

    [Fact]
    public async Task A_name_lost_to_somebody_else_is_told_once_and_not_fought_for()
    {
        await AskAsync("design");
        SaysEventually(Kept);
        Register.Hold("design", new NameHolder("form-2", "usr_other"), Now.AddHours(1));

        Time.Advance(Renewal);
        SaysEventually("Someone else is choosing this name right now. Free:");
        var asked = Upstream.Calls;
        Time.Advance(Renewal);
        await _form.InvokeAsync(() => { });

        Assert.Equal(asked, Upstream.Calls);
        Assert.Equal(["design"], Register.HeldBy("form-2", Now));
    }

    [Fact]
    public async Task A_name_kept_while_Dokploy_was_silent_is_asked_about_again()
    {
        Upstream.IsDown = true;
        await AskAsync("design");
        _form.WaitForAssertion(() => Assert.StartsWith("Dokploy is not responding", Said, StringComparison.Ordinal));
        Upstream.IsDown = false;
        Upstream.Taken.Add("design");

        Time.Advance(Renewal);

        SaysEventually("Taken by someone else. Free:");
        Assert.Empty(Register.HeldBy(Holder, Now));
    }

    [Fact]
    public async Task A_Dokploy_that_refuses_the_portal_is_not_called_silent()
    {
        Upstream.IsRefusing = true;
        await AskAsync("design-lab");
        SaysEventually("Dokploy refused the portal, so this name could not be checked. An administrator has to fix that; you can still try.");
        Assert.False(Button.HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("https://design-lab.ai.example.org/terminal/")]
    [InlineData("design-lab.AI.example.org")]
    public async Task The_whole_address_of_a_stack_is_its_name(string pasted)
    {
        await AskAsync(pasted);
        SaysEventually(Kept);
        Assert.Equal("design-lab", Input.GetAttribute("value"));
    }

    [Fact]
    public async Task A_register_that_is_down_does_not_fail_the_page_that_is_left()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);
        Register.IsDown = true;

        await DisposeComponentsAsync();

        Assert.Equal(["hold design-lab"], Register.Writes);
    }

    [Fact]
    public async Task Who_may_not_start_is_told_so_and_nothing_is_claimed()
    {
        SignIn(Me, Policies.ViewAdmin);
        await AskAsync("design-lab");
        SaysEventually(Kept);

        await _form.Find("form").SubmitAsync();

        SaysEventually("You are not allowed to create stacks. An administrator can change that.");
        Assert.Equal(0, Store.Claims);
    }

    [Fact]
    public async Task A_lost_connection_lets_the_name_go_and_its_return_asks_again()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);
        Assert.Equal(["design-lab"], Register.HeldBy(Holder, Now));
        var presence = Services.GetRequiredService<CircuitPresence>();

        await presence.OnConnectionDownAsync(null!, TestContext.Current.CancellationToken);
        _form.WaitForAssertion(() => Assert.Empty(Register.HeldBy(Holder, Now)));

        await presence.OnConnectionUpAsync(null!, TestContext.Current.CancellationToken);
        _form.WaitForAssertion(() => Assert.Equal("Checking…", Said));
        Time.Advance(Quiet);
        _form.WaitForAssertion(() => Assert.Equal(["design-lab"], Register.HeldBy(Holder, Now)));
    }

    [Fact]
    public async Task Leaving_the_form_lets_the_name_go()
    {
        await AskAsync("design-lab");
        SaysEventually(Kept);

        await DisposeComponentsAsync();

        Assert.Empty(Register.HeldBy(Holder, Now));
    }

    [Fact]
    public async Task The_field_has_a_label_and_leaves_the_typing_alone()
    {
        Assert.Equal("Name of your stack", _form.Find("label[for=stack-name]").TextContent);
        Assert.Equal("off", Input.GetAttribute("autocapitalize"));
        await TypeAsync("Design");
        Assert.Equal("Design", Input.GetAttribute("value"));
    }

    private AngleSharp.Dom.IElement Input => _form.Find("#stack-name");

    private AngleSharp.Dom.IElement Button => _form.Find("button[type=submit]");

    private Task TypeAsync(string text) => Input.InputAsync(text);

    private async Task AskAsync(string text)
    {
        await TypeAsync(text);
        Time.Advance(Quiet);
    }

    private void SaysEventually(string sentence) => _form.WaitForAssertion(() => Assert.Equal(sentence, Said));
}
