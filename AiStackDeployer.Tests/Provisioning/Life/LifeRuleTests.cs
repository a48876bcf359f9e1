using AiStackDeployer.Core.Provisioning.Life;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Provisioning.Life;

/// <summary>When a stack that nobody uses is warned, stopped and deleted, and when it is left alone.</summary>
public sealed class LifeRuleTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);
    private static readonly LifePolicy EightHours = new(TimeSpan.FromHours(8), null);
    private static readonly LifePolicy SixtyDays = new(null, TimeSpan.FromDays(60));

    [Fact]
    public void After_the_warning_and_its_time_an_unused_stack_is_stopped()
    {
        var stack = Ready(usedHoursAgo: 9);
        Assert.Equal(new LifeVerdict.WarnOfStop(Now.AddMinutes(30)), Judge(stack, Idle(9)));

        stack.IdleWarnedAt = Now.AddMinutes(-29);
        Assert.IsType<LifeVerdict.Leave>(Judge(stack, Idle(9)));

        stack.IdleWarnedAt = Now.AddMinutes(-30);
        Assert.IsType<LifeVerdict.Stop>(Judge(stack, Idle(9)));
    }

    [Fact]
    public void The_warning_comes_before_the_time_is_up() =>
        Assert.Equal(new LifeVerdict.WarnOfStop(Now.AddMinutes(30)), Judge(Ready(usedHoursAgo: 7.5), Idle(7.5)));

    [Fact]
    public void A_warning_from_before_the_last_use_is_none()
    {
        var stack = Ready(usedHoursAgo: 9);
        stack.IdleWarnedAt = Now.AddHours(-10);

        Assert.IsType<LifeVerdict.WarnOfStop>(Judge(stack, Idle(9)));
    }

    public static TheoryData<string> Reasons => ["at work", "waiting for an answer", "just started", "kept", "nothing fresh", "no gate", "no policy", "used a moment ago"];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void It_is_not_stopped_while_it(string reason)
    {
        var stack = Ready(usedHoursAgo: 9);
        stack.IdleWarnedAt = Now.AddHours(-1);
        var told = Idle(9);
        var policy = EightHours;
        switch (reason)
        {
            case "at work":
                told = told with { SessionsAtWork = 1 };
                break;
            case "waiting for an answer":
                told = told with { SessionsAtWork = 1, SessionsWaiting = 1 };
                break;
            case "just started":
                told = told with { StartedAt = Now.AddHours(-1) };
                break;
            case "kept":
                stack.KeepUntil = Now.AddHours(1);
                break;
            case "nothing fresh":
                told = told with { ToldAt = Now.AddMinutes(-16) };
                break;
            case "no gate":
                told = null;
                break;
            case "no policy":
                policy = LifePolicy.None;
                break;
            case "used a moment ago":
                told = told with { LastHumanAt = Now.AddMinutes(-1) };
                break;
        }

        Assert.IsNotType<LifeVerdict.Stop>(LifeRule.Judge(stack, told, policy, Fresh, Now));
    }

    /// <summary>The first stop failed; what is begun again must be another occasion than that.</summary>
    [Fact]
    public void A_stop_that_failed_is_announced_anew_an_hour_later()
    {
        var stack = Ready(usedHoursAgo: 9);
        stack.IdleWarnedAt = Now.AddMinutes(-89);
        Assert.IsType<LifeVerdict.Stop>(Judge(stack, Idle(9)));

        stack.IdleWarnedAt = Now.AddMinutes(-90);
        Assert.Equal(new LifeVerdict.WarnOfStop(Now.AddMinutes(30)), Judge(stack, Idle(9)));
    }

    [Fact]
    public void What_the_gate_tells_by_its_own_clock_is_taken_by_the_portals()
    {
        // Its clock is an hour behind.
        var told = Idle(9) with { Now = Now.AddHours(-1), LastHumanAt = Now.AddHours(-1).AddMinutes(-5), StartedAt = Now.AddHours(-40) };

        Assert.Equal(new LifeVerdict.Used(Now.AddMinutes(-5)), Judge(Ready(usedHoursAgo: 9), told));
    }

    [Theory]
    [InlineData(StackState.Ready)]
    [InlineData(StackState.Stopped)]
    public void Unused_for_two_months_it_is_warned_and_a_week_later_deleted(StackState state)
    {
        var stack = Ready(usedHoursAgo: 24 * 54);
        (stack.State, stack.ReadyAt) = (state, Now.AddDays(-100));
        var told = state == StackState.Ready ? Idle(24 * 54) with { StartedAt = Now.AddDays(-100) } : null;
        Assert.Equal(new LifeVerdict.WarnOfDeletion(Now.AddDays(7)), LifeRule.Judge(stack, told, SixtyDays, Fresh, Now));

        (stack.UsedAt, stack.ExpiryWarnedAt) = (Now.AddDays(-61), Now.AddDays(-7));
        told = told is null ? null : Idle(24 * 61) with { StartedAt = Now.AddDays(-100) };
        Assert.IsType<LifeVerdict.Delete>(LifeRule.Judge(stack, told, SixtyDays, Fresh, Now));

        stack.ExpiryWarnedAt = Now.AddDays(-6);
        Assert.IsType<LifeVerdict.Leave>(LifeRule.Judge(stack, told, SixtyDays, Fresh, Now));

        (stack.ExpiryWarnedAt, stack.KeepUntil) = (Now.AddDays(-7), Now.AddDays(-1));
        Assert.IsType<LifeVerdict.Leave>(LifeRule.Judge(stack, told, SixtyDays, Fresh, Now));
    }

    [Fact]
    public void In_a_week_of_a_thousand_stacks_none_is_stopped_while_its_agent_works_or_asks()
    {
        var chance = new Random(20260304);
        var people = Enumerable.Range(0, 1000).Select(_ => new SimulatedStack(chance, Now)).ToList();
        for (var at = Now; at < Now.AddDays(7); at += TimeSpan.FromMinutes(5))
        {
            foreach (var one in people)
            {
                one.Live(at, EightHours, Fresh);
            }
        }

        var stops = people.Sum(one => one.Stops);
        var saved = people.Sum(one => one.HoursStopped);
        output.WriteLine($"{stops} stops, {people.Sum(one => one.Starts)} starts by their people; {saved:0} of {1000 * 7 * 24} stack hours stopped, at 400 MB each {saved * 0.4 / 1000:0.0} TB hours");
        Assert.Empty(people.SelectMany(one => one.Wrongs));
        Assert.True(stops > 1000 && saved > 1000 * 24);
    }

    private static LifeVerdict Judge(Stack stack, StackActivity? told) => LifeRule.Judge(stack, told, EightHours, Fresh, Now);

    private static Stack Ready(double usedHoursAgo)
    {
        var stack = Some.Stack(at: Now.AddDays(-200));
        (stack.State, stack.ReadyAt, stack.UsedAt) = (StackState.Ready, Now.AddHours(-100), Now.AddHours(-usedHoursAgo));
        return stack;
    }

    private static StackActivity Idle(double usedHoursAgo) =>
        new("1", Now, Now.AddHours(-50), Now.AddHours(-usedHoursAgo), null, 0, 0, null, null, null, null) { ToldAt = Now };

    /// <summary>A person with working hours of their own, whose agent works on when they have gone and asks them now and then.</summary>
    private sealed class SimulatedStack
    {
        private readonly Random _chance;
        private readonly Stack _stack;
        private readonly double _begins;
        private readonly double _ends;
        private DateTimeOffset _startedAt;
        private DateTimeOffset? _humanAt;
        private DateTimeOffset _agentUntil;
        private DateTimeOffset _asksUntil;

        public SimulatedStack(Random chance, DateTimeOffset from)
        {
            _chance = chance;
            _startedAt = from;
            _stack = Some.Stack(at: from);
            (_stack.State, _stack.ReadyAt) = (StackState.Ready, from);
            _begins = 7 + (chance.NextDouble() * 4);
            _ends = _begins + (chance.NextDouble() * 8);
        }

        public int Stops { get; private set; }

        public int Starts { get; private set; }

        public double HoursStopped { get; private set; }

        public List<string> Wrongs { get; } = [];

        public void Live(DateTimeOffset at, LifePolicy policy, TimeSpan fresh)
        {
            var isThere = at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && at.TimeOfDay.TotalHours is var hour && hour >= _begins && hour < _ends
                && _chance.NextDouble() < 0.3;
            if (_stack.State == StackState.Stopped)
            {
                HoursStopped += 5 / 60.0;
                if (isThere)
                {
                    (_stack.State, _stack.StoppedAt, _stack.IdleWarnedAt, _startedAt) = (StackState.Ready, null, null, at);
                    Starts++;
                }
                return;
            }
            if (isThere)
            {
                _humanAt = at;
                if (_chance.NextDouble() < 0.05)
                {
                    _agentUntil = at.AddHours(_chance.NextDouble() * 14);
                    _asksUntil = _chance.NextDouble() < 0.2 ? _agentUntil.AddHours(_chance.NextDouble() * 20) : _agentUntil;
                }
            }
            var (isAtWork, isAsking) = (at < _agentUntil, at >= _agentUntil && at < _asksUntil);
            var told = new StackActivity(
                "1", at, _startedAt, _humanAt, null, isAtWork || isAsking ? 1 : 0, isAsking ? 1 : 0, _agentUntil > at ? at : null, null, null, null) { ToldAt = at };
            switch (LifeRule.Judge(_stack, told, policy, fresh, at))
            {
                case LifeVerdict.Used { At: var used }:
                    (_stack.UsedAt, _stack.IdleWarnedAt) = (used, null);
                    break;
                case LifeVerdict.WarnOfStop:
                    _stack.IdleWarnedAt = at;
                    break;
                case LifeVerdict.Stop:
                    if (isAtWork || isAsking || at - _humanAt < policy.StopAfter)
                    {
                        Wrongs.Add($"{at:O}: at work {isAtWork}, asking {isAsking}, person {_humanAt:O}");
                    }
                    (_stack.State, _stack.StoppedAt) = (StackState.Stopped, at);
                    Stops++;
                    break;
            }
        }
    }
}
