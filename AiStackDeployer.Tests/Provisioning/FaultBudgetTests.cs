using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Faults with good answers or quiet minutes between them are not one long trouble.</summary>
public sealed class FaultBudgetTests
{
    private static readonly ProvisioningOptions Options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly DokployHealth _health;
    private readonly FaultBudget _budget;

    public FaultBudgetTests()
    {
        _health = new DokployHealth(_time);
        _budget = new FaultBudget(Options, _health, _time);
    }

    [Fact]
    public void A_refused_key_is_believed_when_it_is_refused_again_after_the_timeout()
    {
        Assert.False(IsExhausted(DokployFault.KeyRefused));
        _time.Advance(Options.RefusalTimeout);
        Assert.True(IsExhausted(DokployFault.KeyRefused));
    }

    [Fact]
    public void A_key_that_was_accepted_in_between_was_not_refused_all_the_time()
    {
        Assert.False(IsExhausted(DokployFault.KeyRefused));
        _time.Advance(Options.RefusalTimeout);
        _health.KeyAccepted();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(IsExhausted(DokployFault.KeyRefused));
    }

    [Theory]
    [InlineData(DokployFault.Unreachable)]
    [InlineData(DokployFault.DatabaseDown)]
    public void An_outage_before_it_does_not_count_against_a_key(DokployFault outage)
    {
        IsExhausted(outage);
        _time.Advance(Options.OutageTimeout / 2);

        Assert.False(IsExhausted(DokployFault.KeyRefused));
        Assert.False(IsExhausted(DokployFault.PermissionDenied));
    }

    [Fact]
    public void A_Dokploy_that_answered_in_between_was_not_away_all_the_time()
    {
        for (var passed = TimeSpan.Zero; passed < Options.OutageTimeout * 2; passed += TimeSpan.FromSeconds(10))
        {
            Assert.False(IsExhausted(DokployFault.Unreachable));
            _time.Advance(TimeSpan.FromSeconds(5));
            _health.Answered("project.all");
            _time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData(DokployFault.Unreachable)]
    [InlineData(DokployFault.TimedOut)]
    public void A_Dokploy_that_is_away_is_waited_for_as_long_as_people_would_and_no_longer(DokployFault kind)
    {
        for (var passed = TimeSpan.Zero; passed < Options.OutageTimeout; passed += TimeSpan.FromSeconds(5))
        {
            Assert.False(IsExhausted(kind));
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal(Options.OutageTimeout, _budget.LostToOutages + TimeSpan.FromSeconds(5));
        Assert.True(IsExhausted(kind));
    }

    [Fact]
    public void A_proxy_in_front_of_a_Dokploy_that_is_away_is_an_outage_and_an_error_of_Dokploys_own_is_none()
    {
        var proxy = new DokployException(DokployFault.ServerError, "project.one") { HttpStatus = 502 };
        var own = new DokployException(DokployFault.ServerError, "project.one") { HttpStatus = 500 };

        _budget.IsExhausted(proxy);
        Assert.NotNull(_budget.OutageOf(proxy));
        _budget.IsExhausted(own);
        Assert.Null(_budget.OutageOf(own));
    }

    [Fact]
    public void A_call_that_fails_by_itself_is_sat_out_for_two_minutes()
    {
        for (var passed = TimeSpan.Zero; passed < Options.UpstreamTimeout; passed += TimeSpan.FromSeconds(5))
        {
            Assert.False(IsExhausted(DokployFault.ServerError));
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.True(IsExhausted(DokployFault.ServerError));
    }

    [Fact]
    public void A_call_that_hangs_while_others_are_answered_is_no_outage()
    {
        IsExhausted(DokployFault.TimedOut);
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.Answered("project.all");
        for (var passed = TimeSpan.Zero; passed < Options.UpstreamTimeout; passed += TimeSpan.FromSeconds(5))
        {
            Assert.False(IsExhausted(DokployFault.TimedOut));
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.True(IsExhausted(DokployFault.TimedOut));
        Assert.Equal(TimeSpan.Zero, _budget.LostToOutages);
    }

    [Theory]
    [InlineData(DokployFault.ServerError)]
    [InlineData(DokployFault.PermissionDenied)]
    [InlineData(DokployFault.Rejected)]
    public void Faults_minutes_apart_do_not_add_up_and_each_is_told(DokployFault kind)
    {
        for (var times = 0; times < 5; times++)
        {
            var e = new DokployException(kind, "project.one");
            Assert.False(_budget.IsExhausted(e));
            Assert.True(_budget.IsNews(e));
            Assert.Equal(TimeSpan.FromMilliseconds(300), _budget.Pause(e));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_request_that_is_turned_down_gets_a_second_try_and_no_third_whatever_else_is_answered()
    {
        Assert.False(IsExhausted(DokployFault.Rejected));
        _health.Answered("project.all");
        Assert.False(IsExhausted(DokployFault.NotFound));
        _health.Answered("project.all");
        Assert.True(IsExhausted(DokployFault.Rejected));
    }

    [Theory]
    [InlineData(DokployFault.TimedOut)]
    [InlineData(DokployFault.Unreachable)]
    [InlineData(DokployFault.KeyRefused)]
    public void Answers_to_other_calls_do_not_end_the_fault_of_one(DokployFault kind)
    {
        IsExhausted(kind);
        _time.Advance(TimeSpan.FromSeconds(1));
        _health.Answered("project.search");
        _health.KeyAccepted();
        Assert.Equal(kind, _budget.Lasting?.Kind);

        _health.Answered("project.one");
        Assert.Null(_budget.Lasting);
    }

    [Fact]
    public void A_call_that_was_not_sent_names_the_fault_because_of_which_it_was_not()
    {
        IsExhausted(DokployFault.ServerError);
        _health.Failed(DokployFault.ServerError);
        _time.Advance(TimeSpan.FromMinutes(1));
        var notSent = new DokployException(DokployFault.CircuitOpen, "project.one");

        Assert.Equal(DokployFault.ServerError, _budget.Cause(notSent).Kind);

        _health.Answered("project.search");
        Assert.Equal(DokployFault.CircuitOpen, _budget.Cause(notSent).Kind);
    }

    [Fact]
    public void A_call_that_hangs_in_all_its_retries_is_sat_out_for_two_minutes_too()
    {
        IsExhausted(DokployFault.TimedOut);
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.Answered("project.search");
        for (var passed = TimeSpan.Zero; passed < Options.UpstreamTimeout; passed += TimeSpan.FromSeconds(36))
        {
            Assert.False(IsExhausted(DokployFault.TimedOut));
            _time.Advance(TimeSpan.FromSeconds(36));
        }
        Assert.True(IsExhausted(DokployFault.TimedOut));
    }

    private bool IsExhausted(DokployFault kind) => _budget.IsExhausted(new DokployException(kind, "project.one"));
}
