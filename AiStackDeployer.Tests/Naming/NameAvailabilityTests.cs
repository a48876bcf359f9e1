using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Naming;

public sealed class NameAvailabilityTests
{
    private static readonly string[] FirstThree = ["design-lab", "design-dev", "design2"];

    private static IEnumerable<string> Texts(IEnumerable<StackName> names) => names.Select(name => name.Value);

    [Fact]
    public async Task A_name_nobody_has_is_available_and_not_held_by_asking()
    {
        using var world = new NamingWorld();

        var answer = Assert.IsType<NameAvailability.Available>(await world.CheckAsync(" Design "));

        Assert.Equal("design", answer.Name.Value);
        Assert.False(answer.IsHeld);
        Assert.True(answer.MayTry);
        Assert.Empty(world.Register.Writes);
    }

    [Fact]
    public async Task Text_that_breaks_the_rules_is_answered_without_asking_anybody()
    {
        using var world = new NamingWorld();

        var answer = Assert.IsType<NameAvailability.Invalid>(await world.CheckAndHoldAsync("Jan de Vries"));

        Assert.Equal("jan-de-vries", answer.Verdict.LegalForm?.Value);
        Assert.False(answer.MayTry);
        Assert.Equal(0, world.Upstream.Calls);
        Assert.Equal(["release form-1"], world.Register.Writes);
    }

    [Fact]
    public async Task A_reserved_name_comes_with_free_suggestions()
    {
        using var world = new NamingWorld();

        var answer = Assert.IsType<NameAvailability.Reserved>(await world.CheckAsync("Admin"));

        Assert.Equal(["admin-lab", "admin-dev", "admin2"], Texts(answer.Suggestions));
        Assert.False(answer.MayTry);
    }

    [Fact]
    public async Task My_own_name_leads_to_its_deployment()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "me", "dep_1");

        var answer = Assert.IsType<NameAvailability.TakenByYou>(await world.CheckAsync("design", NamingWorld.Me));

        Assert.Equal("dep_1", answer.DeploymentId);
        Assert.Equal(0, world.Upstream.Calls);
    }

    [Fact]
    public async Task A_name_claimed_by_somebody_else_is_taken_with_suggestions_and_its_deployment_stays_untold()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "other", "dep_1");

        var answer = Assert.IsType<NameAvailability.TakenByOther>(await world.CheckAsync("design", NamingWorld.Me));

        Assert.Equal(FirstThree, Texts(answer.Suggestions));
        Assert.DoesNotContain("dep_1", answer.ToString());
    }

    [Fact]
    public async Task Without_an_asker_every_claim_is_somebody_elses()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "me");

        Assert.IsType<NameAvailability.TakenByOther>(await world.CheckAsync("design"));
    }

    [Fact]
    public async Task A_name_only_upstream_knows_is_taken()
    {
        using var world = new NamingWorld();
        world.Upstream.Taken.Add("design");

        var answer = Assert.IsType<NameAvailability.TakenByOther>(await world.CheckAndHoldAsync("design"));

        Assert.Equal(FirstThree, Texts(answer.Suggestions));
        Assert.Equal(["release form-1"], world.Register.Writes);
    }

    [Fact]
    public async Task A_silent_upstream_still_allows_a_try_and_the_name_is_held_for_it()
    {
        using var world = new NamingWorld();
        world.Upstream.IsDown = true;

        var answer = Assert.IsType<NameAvailability.UpstreamUnreachable>(await world.CheckAndHoldAsync("design"));

        Assert.True(answer.MayTry);
        Assert.True(answer.IsHeld);
        Assert.False(answer.IsRefused);
        Assert.Equal(["design"], world.Register.HeldBy("form-1", world.Now));
    }

    [Fact]
    public async Task An_upstream_that_refuses_the_portal_is_not_told_as_silent()
    {
        using var world = new NamingWorld();
        world.Upstream.IsRefusing = true;

        Assert.True(Assert.IsType<NameAvailability.UpstreamUnreachable>(await world.CheckAsync("design")).IsRefused);
    }

    [Fact]
    public async Task A_hold_that_is_lost_upstream_is_let_go()
    {
        using var world = new NamingWorld();
        await world.CheckAndHoldAsync("design");
        world.Upstream.Taken.Add("design");
        world.Time.Advance(world.Options.FreshAtMost * 2);

        Assert.IsType<NameAvailability.TakenByOther>(await world.CheckAndHoldAsync("design"));
        Assert.Empty(world.Register.HeldBy("form-1", world.Now));
    }

    [Fact]
    public async Task A_free_name_is_held_for_two_minutes_and_others_see_that_it_is_being_chosen()
    {
        using var world = new NamingWorld();

        var mine = Assert.IsType<NameAvailability.Available>(await world.CheckAndHoldAsync("design"));
        var theirs = Assert.IsType<NameAvailability.BeingChosen>(await world.CheckAndHoldAsync("design", NamingWorld.Other));
        var nobodys = await world.CheckAsync("design");

        Assert.True(mine.IsHeld);
        Assert.Equal(FirstThree, Texts(theirs.Suggestions));
        Assert.False(theirs.MayTry);
        Assert.IsType<NameAvailability.BeingChosen>(nobodys);
    }

    [Fact]
    public async Task A_hold_that_nobody_renews_ends_by_itself()
    {
        using var world = new NamingWorld();
        await world.CheckAndHoldAsync("design");

        world.Time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<NameAvailability.BeingChosen>(await world.CheckAndHoldAsync("design", NamingWorld.Other));

        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<NameAvailability.Available>(await world.CheckAndHoldAsync("design", NamingWorld.Other));
    }

    [Fact]
    public async Task My_second_tab_takes_the_hold_over()
    {
        using var world = new NamingWorld();
        await world.CheckAndHoldAsync("design");

        var answer = await world.CheckAndHoldAsync("design", new NameHolder("form-2", "me"));

        Assert.True(Assert.IsType<NameAvailability.Available>(answer).IsHeld);
        Assert.Equal(["design"], world.Register.HeldBy("form-2", world.Now));
    }

    [Fact]
    public async Task My_third_tab_is_told_that_the_name_is_free_and_keeps_it_from_nobody()
    {
        using var world = new NamingWorld();
        await world.CheckAndHoldAsync("design");
        await world.CheckAndHoldAsync("research", new NameHolder("form-2", "me"));

        var answer = Assert.IsType<NameAvailability.Available>(await world.CheckAndHoldAsync("sales", new NameHolder("form-3", "me")));

        Assert.False(answer.IsHeld);
        Assert.True(Assert.IsType<NameAvailability.Available>(await world.CheckAndHoldAsync("sales", NamingWorld.Other)).IsHeld);
    }

    [Fact]
    public async Task Asking_again_without_holding_tells_of_my_own_hold_only_to_its_form()
    {
        using var world = new NamingWorld();
        await world.CheckAndHoldAsync("design");

        var sameForm = Assert.IsType<NameAvailability.Available>(await world.CheckAsync("design", NamingWorld.Me));
        var otherForm = Assert.IsType<NameAvailability.Available>(await world.CheckAsync("design", new NameHolder("form-2", "me")));

        Assert.True(sameForm.IsHeld);
        Assert.False(otherForm.IsHeld);
    }

    [Fact]
    public async Task Who_is_overtaken_while_upstream_was_asked_sees_the_name_being_chosen()
    {
        using var world = new NamingWorld();
        world.Register.BeforeNextHold = () => world.Register.Hold("design", NamingWorld.Other, world.Now.AddMinutes(2));

        Assert.IsType<NameAvailability.BeingChosen>(await world.CheckAndHoldAsync("design"));
    }

    [Theory]
    [InlineData("other", typeof(NameAvailability.TakenByOther))]
    [InlineData("me", typeof(NameAvailability.TakenByYou))]
    public async Task A_claim_made_while_upstream_was_asked_is_told_as_what_it_is(string owner, Type answer)
    {
        using var world = new NamingWorld();
        world.Register.BeforeNextHold = () => world.Register.Claim("design", owner);

        Assert.IsType(answer, await world.CheckAndHoldAsync("design"));
    }

    [Fact]
    public async Task A_hold_that_ended_in_the_instant_it_stood_in_the_way_is_still_no_grant()
    {
        using var world = new NamingWorld();
        world.Register.BeforeNextHold = () =>
        {
            world.Register.Hold("design", NamingWorld.Other, world.Now.AddSeconds(1));
            world.Time.Advance(TimeSpan.FromSeconds(1));
        };

        Assert.IsType<NameAvailability.BeingChosen>(await world.CheckAndHoldAsync("design"));
    }

    [Fact]
    public async Task Suggestions_that_are_claimed_held_or_taken_upstream_are_passed_over_in_order()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "other");
        world.Register.Claim("design-lab", "other");
        world.Register.Hold("design2", NamingWorld.Other, world.Now.AddMinutes(1));
        world.Upstream.Taken.Add("design-dev");

        var answer = await world.CheckAsync("design", NamingWorld.Me);

        Assert.Equal(["design-studio", "design-hub", "design3"], Texts(answer.Suggestions));
    }

    [Fact]
    public async Task No_suggestion_is_made_that_upstream_could_not_confirm()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "other");
        world.Upstream.IsDown = true;

        var answer = Assert.IsType<NameAvailability.TakenByOther>(await world.CheckAsync("design", NamingWorld.Me));

        Assert.Empty(answer.Suggestions);
    }

    [Fact]
    public async Task Each_answer_counts_under_its_code()
    {
        using var world = new NamingWorld();
        world.Register.Claim("design", "other");

        await world.CheckAsync("research", NamingWorld.Me);
        await world.CheckAsync("design", NamingWorld.Me);
        await world.CheckAsync("no such name!", NamingWorld.Me);

        Assert.Equal(
            ["verdict=name-available", "verdict=name-taken", "verdict=name-invalid"], world.Meters.Of("aistack.name.checks").Select(m => m.Labels));
    }

    [Fact]
    public void Every_answer_begins_at_zero()
    {
        using var meters = new TestMeters();
        new NameCheckMeter(meters).BeginAtZero();

        var answers = typeof(NameAvailability).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(NameAvailability)))
            .Select(t => ((NameAvailability)RuntimeHelpers.GetUninitializedObject(t)).Code);
        Assert.Equal(
            answers.Select(code => $"verdict={code}").Order(StringComparer.Ordinal),
            meters.Of("aistack.name.checks").Select(m => m.Labels).Order(StringComparer.Ordinal));
        Assert.All(meters.Of("aistack.name.checks"), m => Assert.Equal(0, m.Value));
    }
}
