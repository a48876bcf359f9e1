using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Intake;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>Where in time an event is placed.</summary>
public sealed class StreamClockTests
{
    private static readonly LogStream Stream = new("piet-lab", LogSource.OpenCode);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(-58, false)]
    [InlineData(-60, true)]
    [InlineData(-61, true)]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(60, true)]
    [InlineData(60 * 24 * 365 * 400, true)]
    [InlineData(-60 * 24 * 365 * 1000, true)]
    public void A_time_that_Loki_would_refuse_is_replaced_by_now(double minutes, bool moves)
    {
        var at = _time.GetUtcNow().AddMinutes(minutes);

        var ns = new StreamClock(_time).Place(Stream, at, 0, "evt_1", out var moved);

        Assert.Equal(moves, moved);
        Assert.Equal((moves ? _time.GetUtcNow() : at).ToUnixTimeMilliseconds(), ns / 1_000_000);
    }

    /// <summary>A stack whose clock is an hour slow, or fast, has all its lines.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void With_a_clock_that_is_an_hour_off_no_line_is_one_that_Loki_refuses(int hours)
    {
        var clock = new StreamClock(_time);
        var newest = long.MinValue;
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));

            var ns = clock.Place(Stream, _time.GetUtcNow().AddHours(hours), i, $"evt_{i}", out _);

            newest = Math.Max(newest, ns);
            Assert.InRange(ns, newest - (3_600L * 1_000_000_000), (_time.GetUtcNow().AddMinutes(10) - DateTimeOffset.UnixEpoch).Ticks * 100);
        }
    }

    [Fact]
    public void It_is_the_newest_of_its_own_stream_that_an_event_must_not_be_too_far_behind()
    {
        var clock = new StreamClock(_time);
        clock.Place(Stream, _time.GetUtcNow(), 0, "evt_1", out _);
        _time.Advance(TimeSpan.FromHours(5));

        // What a silent stack kept for five hours is in order.
        clock.Place(Stream, _time.GetUtcNow().AddHours(-5), 0, "evt_2", out var ofSilent);
        clock.Place(Stream, _time.GetUtcNow(), 0, "evt_3", out _);
        clock.Place(Stream, _time.GetUtcNow().AddHours(-5), 0, "evt_4", out var ofLoud);

        Assert.Equal((false, true), (ofSilent, ofLoud));
    }

    [Fact]
    public void Events_of_one_millisecond_keep_their_order_and_an_event_that_is_sent_again_its_place()
    {
        var at = _time.GetUtcNow();
        var clock = new StreamClock(_time);
        long[] Batch() => [.. Enumerable.Range(0, 500).Select(i => clock.Place(Stream, at, i, $"evt_{i}", out _))];

        var first = Batch();

        Assert.Equal(first.Order().Distinct(), first);
        Assert.All(first, ns => Assert.Equal(at.ToUnixTimeMilliseconds(), ns / 1_000_000));
        Assert.Equal(first, Batch());
    }
}
