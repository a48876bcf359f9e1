using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Limits;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>What a page says where there is too much: one stack a person, and one start and one check an hour.</summary>
public sealed class LimitTests : PageWorld
{
    private static readonly Bucket One = new(1, TimeSpan.FromHours(1));

    protected override void AddServices(IServiceCollection services) => services
        .AddSingleton(new StackQuota(1, new Dictionary<string, int?>()))
        .AddSingleton(new PortalLimits(LimitOptions.For(1, 0) with { Start = One, Check = One }));

    [Theory]
    [InlineData("en", "1 of 1 stacks are in use. Delete one, or ask an administrator for more.")]
    [InlineData("nl", "Je hebt al 1 van de 1 stacks. Verwijder er een, of vraag een beheerder om meer.")]
    public async Task The_form_says_how_many_stacks_are_in_use(string language, string sentence)
    {
        Speak(language);
        await ClaimAsync("first");
        var form = Render<NewStackForm>();

        await form.Find("#stack-name").InputAsync("second");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Equal(sentence, form.Find(".strip .said").TextContent.Trim()));
        Assert.False(form.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_form_says_when_to_come_back_and_keeps_the_name()
    {
        Services.GetRequiredService<PortalLimits>().Count(Rate.Start, Caller.OfPerson(Me));
        var form = Render<NewStackForm>();

        await form.Find("#stack-name").InputAsync("second");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Equal(
            "You have started a lot in a short time. Your name is still here; try again in 60 minutes.", form.Find(".strip .said").TextContent.Trim()));
        Assert.Equal("second", form.Find("#stack-name").GetAttribute("value"));
        Assert.Equal(0, Store.Claims);
    }

    [Fact]
    public async Task A_check_too_many_is_not_asked_and_the_name_may_still_be_tried()
    {
        Services.GetRequiredService<PortalLimits>().Count(Rate.Check, Caller.OfPerson(Me));
        var form = Render<NewStackForm>();

        await form.Find("#stack-name").InputAsync("second");
        Time.Advance(new NamingOptions().QuietPeriod);

        form.WaitForAssertion(() => Assert.IsType<FormState.CheckFailed>(Services.GetRequiredService<DeploySession>().State));
        Assert.Empty(Register.Writes);
    }

    [Fact]
    public async Task Another_try_and_a_deletion_are_refused_with_their_reason()
    {
        var failed = await RunTo("first", DeploymentStep.AwaitContainer);
        Fail(failed, FailureCode.ImageNotFound);
        Unwound(failed);
        await ClaimAsync("second");
        var actions = Services.GetRequiredService<DeploymentActions>();
        var user = (await Services.GetRequiredService<Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
        var snapshot = (await Services.GetRequiredService<DeploymentService>().FindAsync(failed, Xunit.TestContext.Current.CancellationToken))!;

        Assert.Equal(new ActionOutcome(Say: "dep-quota"), await actions.RetryAsync(user, snapshot, "req_1"));
        Assert.Equal(new ActionOutcome(Say: "dep-too-many"), await actions.RetryAsync(user, snapshot, "req_2"));
        Assert.Equal(new ActionOutcome(Say: "dep-too-many"), await actions.DeleteAsync(user, snapshot, "first", "req_3"));
    }
}
