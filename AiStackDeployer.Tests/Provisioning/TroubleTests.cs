using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Faults with good answers or quiet minutes between them are not one long trouble.</summary>
public sealed class TroubleTests
{
    private static readonly ProvisioningOptions Options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly DokployHealth _health;
    private readonly Trouble _trouble;

    public TroubleTests()
    {
        _health = new DokployHealth(_time);
        _trouble = new Trouble(Options, _health, _time);
    }

    [Fact]
    public void A_refused_key_is_believed_when_it_is_refused_again_after_the_patience_with_it()
    {
        Assert.False(IsHopeless(DokployFault.KeyRefused));
        _time.Advance(Options.RefusalPatience);
        Assert.True(IsHopeless(DokployFault.KeyRefused));
    }

    [Fact]
    public void A_key_that_was_accepted_in_between_was_not_refused_all_the_time()
    {
        Assert.False(IsHopeless(DokployFault.KeyRefused));
        _time.Advance(Options.RefusalPatience);
        _health.KeyAccepted();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(IsHopeless(DokployFault.KeyRefused));
    }

    [Theory]
    [InlineData(DokployFault.Unreachable)]
    [InlineData(DokployFault.DatabaseDown)]
    public void An_outage_before_it_does_not_count_against_a_key(DokployFault outage)
    {
        IsHopeless(outage);
        _time.Advance(Options.UpstreamPatience / 2);

        Assert.False(IsHopeless(DokployFault.KeyRefused));
        Assert.False(IsHopeless(DokployFault.PermissionDenied));
    }

    [Fact]
    public void A_Dokploy_that_answered_in_between_was_not_away_all_the_time()
    {
        for (var passed = TimeSpan.Zero; passed < Options.UpstreamPatience * 2; passed += TimeSpan.FromSeconds(10))
        {
            Assert.False(IsHopeless(DokployFault.Unreachable));
            _time.Advance(TimeSpan.FromSeconds(5));
            _health.Answered();
            _time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData(DokployFault.Unreachable)]
    [InlineData(DokployFault.ServerError)]
    [InlineData(DokployFault.TimedOut)]
    public void What_passes_is_sat_out_for_as_long_as_a_step_may_and_no_longer(DokployFault kind)
    {
        for (var passed = TimeSpan.Zero; passed < Options.UpstreamPatience; passed += TimeSpan.FromSeconds(5))
        {
            Assert.False(IsHopeless(kind));
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.True(IsHopeless(kind));
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
            Assert.False(_trouble.IsHopeless(e));
            Assert.True(_trouble.IsNews(e));
            Assert.Equal(TimeSpan.FromMilliseconds(300), _trouble.Pause(e));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_request_that_is_turned_down_gets_a_second_try_and_no_third_whatever_else_is_answered()
    {
        Assert.False(IsHopeless(DokployFault.Rejected));
        _health.Answered();
        Assert.False(IsHopeless(DokployFault.NotFound));
        _health.Answered();
        Assert.True(IsHopeless(DokployFault.Rejected));
    }

    private bool IsHopeless(DokployFault kind) => _trouble.IsHopeless(new DokployException(kind, "project.one"));
}
