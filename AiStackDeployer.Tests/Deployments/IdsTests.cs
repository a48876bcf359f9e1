using AiStackDeployer.Core;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Deployments;

public sealed class IdsTests
{
    private const string IdAlphabet = "23456789bcdfghjkmnpqrstvwxz";
    private const string SecretAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));

    [Fact]
    public void Ids_carry_the_moment_they_were_made_and_eight_random_characters()
    {
        var ids = new Ids(Time);

        Assert.Matches($"^dep_1772600767089_[{IdAlphabet}]{{8}}$", ids.NewDeploymentId());
        Assert.Matches($"^stk_1772600767089_[{IdAlphabet}]{{8}}$", ids.NewStackId());
    }

    [Fact]
    public void Ids_and_secrets_without_a_moment_are_longer()
    {
        var ids = new Ids(Time);

        Assert.Matches($"^usr_[{IdAlphabet}]{{20}}$", ids.NewOwnerId());
        Assert.Matches($"^req_[{IdAlphabet}]{{20}}$", ids.NewRequestId());
        Assert.Matches("^[A-Za-z2-9]{43}$", ids.NewSecret());
        Assert.Matches("^[0-9a-f]{32}$", ids.NewTraceId());
        Assert.Matches($"^[{SecretAlphabet}]{{24}}$", ids.NewPassword());
    }

    [Fact]
    public void Randomness_comes_from_the_source_given()
    {
        var ids = new Ids(Time, Counting());

        Assert.Equal("dep_1772600767089_23456789", ids.NewDeploymentId());
        Assert.Equal("ABCDEFGHJKLMNPQRSTUVWXYZ", new Ids(Time, Counting()).NewPassword());
    }

    [Fact]
    public void Later_ids_sort_after_earlier_ones()
    {
        var time = new FakeTimeProvider(Time.GetUtcNow());
        var ids = new Ids(time);
        var earlier = ids.NewDeploymentId();
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(string.CompareOrdinal(earlier, ids.NewDeploymentId()) < 0);
    }

    /// <summary>Each byte value is offered once: what comes out must have every letter equally often, exactly.</summary>
    [Fact]
    public void No_letter_is_likelier_than_another()
    {
        // 9 x 27 = 243 and 4 x 57 = 228 are the last whole multiples under 256: so many bytes are used, the rest thrown away.
        AssertEven(IdAlphabet, 243, ids => ids.NewDeploymentId()[^8..]);
        AssertEven(SecretAlphabet, 228, ids => ids.NewPassword());
    }

    [Fact]
    public void A_thousand_ids_of_one_millisecond_are_a_thousand()
    {
        var ids = new Ids(Time);

        Assert.Distinct(Enumerable.Range(0, 1000).Select(_ => ids.NewDeploymentId()));
    }

    private static void AssertEven(string alphabet, int used, Func<Ids, string> take)
    {
        var ids = new Ids(Time, Counting());
        var drawn = new List<char>();
        while (drawn.Count < used * 8)
        {
            drawn.AddRange(take(ids));
        }
        var counts = drawn.Take(used * 8).CountBy(c => c).ToDictionary();

        Assert.Equal(alphabet.Length, counts.Count);
        Assert.All(alphabet, letter => Assert.Equal(used * 8 / alphabet.Length, counts[letter]));
    }

    /// <summary>0, 1, … 255, 0, …</summary>
    private static Action<Span<byte>> Counting()
    {
        byte next = 0;
        return bytes =>
        {
            foreach (ref var b in bytes)
            {
                b = next++;
            }
        };
    }
}
