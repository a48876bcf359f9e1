using AiStackDeployer.Web.Limits;

namespace AiStackDeployer.Tests.Limits;

public sealed class PortalLimitsTests : IDisposable
{
    private static readonly Caller Ann = Caller.OfPerson("usr_ann");
    private static readonly Caller Bob = Caller.OfPerson("usr_bob");
    private static readonly Caller Nobody = Caller.OfAddress(null);

    /// <summary>Slow enough that nothing comes back while a test runs.</summary>
    private static readonly Bucket Two = new(2, TimeSpan.FromHours(1));

    private readonly PortalLimits _limits = new(LimitOptions.For(1, 0) with { Start = Two, Check = Two, Circuits = new Room(2, 1, 3) });

    [Fact]
    public void What_is_used_up_is_one_callers_and_one_kinds()
    {
        Assert.Null(_limits.Count(Rate.Start, Ann));
        Assert.Null(_limits.Count(Rate.Start, Ann));

        Assert.InRange(_limits.Count(Rate.Start, Ann)!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
        Assert.Null(_limits.Count(Rate.Start, Bob));
        Assert.Null(_limits.Count(Rate.Check, Ann));
    }

    [Fact]
    public void A_place_is_free_again_when_it_is_given_back()
    {
        var first = _limits.Take(Hold.Circuit, Ann);
        Assert.NotNull(_limits.Take(Hold.Circuit, Ann));
        Assert.Null(_limits.Take(Hold.Circuit, Ann));

        first!.Dispose();

        Assert.NotNull(_limits.Take(Hold.Circuit, Ann));
    }

    [Fact]
    public void Nobody_gets_a_place_when_the_process_has_none_and_the_refused_one_takes_none()
    {
        var held = new[] { _limits.Take(Hold.Circuit, Ann), _limits.Take(Hold.Circuit, Ann), _limits.Take(Hold.Circuit, Bob) };
        Assert.DoesNotContain(null, held);

        Assert.Null(_limits.Take(Hold.Circuit, Nobody));
        held[2]!.Dispose();

        Assert.NotNull(_limits.Take(Hold.Circuit, Nobody));
        Assert.NotNull(_limits.Take(Hold.Stream, Nobody));
    }

    [Fact]
    public void Without_a_factor_nothing_is_limited_and_a_factor_multiplies()
    {
        using var none = new PortalLimits(LimitOptions.For(null, 0) with { Start = Two, Circuits = new Room(1, 1, 1) });
        using var threefold = new PortalLimits(LimitOptions.For(3, 0) with { Start = Two, Circuits = new Room(1, 1, 100) });

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(none.Count(Rate.Start, Ann)));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotNull(none.Take(Hold.Circuit, Ann)));
        Assert.Equal(6, Enumerable.Range(0, 10).Count(_ => threefold.Count(Rate.Start, Ann) is null));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => threefold.Take(Hold.Circuit, Ann) is not null));
    }

    [Theory]
    [InlineData(0L, 50)]
    [InlineData(768L << 20, 468)]
    [InlineData(1L << 40, 10_000)]
    public void The_process_takes_as_many_pages_as_its_memory_allows(long memory, int pages) =>
        Assert.Equal(pages, LimitOptions.For(1, memory).Circuits.Whole);

    public void Dispose() => _limits.Dispose();
}
