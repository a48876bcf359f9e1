using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Stacks;

public sealed class ActivitySamplesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly ActivitySamples _samples = new();

    [Fact]
    public void The_newest_are_kept_and_no_more_of_them_than_the_bound()
    {
        for (var minute = 0; minute < ActivitySamples.Most + 10; minute++)
        {
            Tell("stk_1", Start.AddMinutes(minute), megabytes: minute, atWork: minute % 3);
        }

        var kept = _samples.Of("stk_1");
        Assert.Equal(ActivitySamples.Most, kept.Count);
        Assert.Equal(new ActivitySample(Start.AddMinutes(10), 10, 1), kept[0]);
        Assert.Equal(Start.AddMinutes(ActivitySamples.Most + 9), kept[^1].At);
    }

    [Fact]
    public void Two_answers_in_a_moment_are_one_and_a_gate_that_tells_no_memory_has_none()
    {
        Tell("stk_1", Start, megabytes: null);
        Tell("stk_1", Start.AddSeconds(29), megabytes: 5);

        Assert.Equal([new ActivitySample(Start, null, 0)], _samples.Of("stk_1"));
        Assert.Empty(_samples.Of("stk_2"));
    }

    [Fact]
    public void Stacks_that_told_nothing_for_long_are_forgotten()
    {
        Tell("stk_old", Start);
        Tell("stk_new", Start.AddHours(2));

        _samples.ForgetBefore(Start.AddHours(1));

        Assert.Empty(_samples.Of("stk_old"));
        Assert.Single(_samples.Of("stk_new"));
    }

    private void Tell(string stackId, DateTimeOffset at, int? megabytes = 1, int atWork = 0) =>
        _samples.Add(stackId, new StackActivity("1", at, at, null, null, atWork, 0, null, megabytes is { } mb ? (long)mb << 20 : null, null, null) { ToldAt = at });
}
