using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Rollouts;

/// <summary>What one round of a roll-out decides, played over made-up stacks.</summary>
public sealed class RolloutRuleTests
{
    private const string New = "img:2";
    private const string Old = "img:1";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly RolloutPlan Plan = new(New, "s0", WaveSize: 2, StopAfter: 1, WaitHours: null, AfterWait.LeaveOut, PauseAfterCanary: false, Migrates: false);

    [Fact]
    public void The_canary_is_alone_then_come_waves_and_each_waits_for_the_last_of_the_one_before()
    {
        var play = new Play(Plan, 6);

        Assert.Equal(["s0"], play.Round());
        Assert.Equal([], play.Round());
        play.End("s0");
        Assert.Equal([], play.Round(onlyLook: true));
        Assert.Equal(["s1", "s2"], play.Round());
        play.End("s1");
        Assert.Equal([], play.Round());
        play.End("s2");
        play.Round(onlyLook: true);
        Assert.Equal(["s3", "s4"], play.Round());
        play.End("s3");
        play.End("s4");
        play.Round(onlyLook: true);
        Assert.Equal(["s5"], play.Round());
        play.End("s5");
        play.Round();
        play.Round();

        Assert.Equal((RolloutPhase.Completed, Now), (play.Rollout.Phase, play.Rollout.EndedAt));
        Assert.Equal([0, 1, 1, 2, 2, 3], play.Rollout.Stacks.Select(stack => stack.Wave!.Value));
    }

    [Theory]
    [InlineData(DeploymentPhase.Failed)]
    [InlineData(DeploymentPhase.Cancelled)]
    public void An_update_that_did_not_get_through_stops_it_and_what_runs_finishes(DeploymentPhase end)
    {
        var play = new Play(Plan, 6).AfterCanary();
        Assert.Equal(["s1", "s2"], play.Round());

        play.End("s1", end, FailureCode.RolledBack);
        Assert.Equal([], play.Round());
        Assert.Equal((RolloutPhase.Stopped, RolloutStop.Failures), (play.Rollout.Phase, play.Rollout.Stopped));
        Assert.Equal((RolloutStackState.Failed, FailureCode.RolledBack), (play["s1"].State, play["s1"].Failure));
        play.End("s2");
        play.Round();
        Assert.Equal([], play.Round());
        Assert.Equal(RolloutStackState.Updated, play["s2"].State);
        Assert.True(play.Rollout.IsActive);

        play.Do(RolloutAct.Resume);
        Assert.Equal(["s3", "s4"], play.Round());
    }

    [Fact]
    public void As_many_failures_as_it_is_to_bear_do_not_stop_it()
    {
        var play = new Play(Plan with { StopAfter = 2 }, 6).AfterCanary();
        play.Round();
        play.End("s1", DeploymentPhase.Failed);
        play.End("s2");
        play.Round(onlyLook: true);
        Assert.Equal(["s3", "s4"], play.Round());

        play.End("s3", DeploymentPhase.Failed);
        play.Round(onlyLook: true);
        Assert.Equal(RolloutPhase.Stopped, play.Rollout.Phase);
    }

    [Fact]
    public void A_canary_that_fails_stops_it_for_good_before_any_other()
    {
        var play = new Play(Plan with { StopAfter = 9 }, 3);
        play.Round();
        play.End("s0", DeploymentPhase.Failed);
        Assert.Equal([], play.Round());

        Assert.Equal(RolloutStop.Canary, play.Rollout.Stopped);
        Assert.False(play.Rollout.MayDo(RolloutAct.Resume));
        Assert.True(play.Rollout.MayDo(RolloutAct.Cancel));
    }

    [Fact]
    public void It_pauses_after_the_canary_when_it_is_to()
    {
        var play = new Play(Plan with { PauseAfterCanary = true }, 3).AfterCanary();
        Assert.Equal([], play.Round());
        Assert.Equal(RolloutPhase.Paused, play.Rollout.Phase);

        play.Do(RolloutAct.Resume);
        Assert.Equal(["s1", "s2"], play.Round());
    }

    [Theory]
    [InlineData(RolloutAct.Pause)]
    [InlineData(RolloutAct.Cancel)]
    public void Halted_it_begins_nothing_new_not_even_what_it_was_about_to(RolloutAct act)
    {
        var play = new Play(Plan, 6).AfterCanary();
        // Stored, and the portal died before it could begin.
        Assert.Equal(["s1", "s2"], play.Round(onlyLook: true));
        play.Do(act);

        Assert.Equal([], play.Round());
        Assert.Equal([RolloutStackState.Waiting, RolloutStackState.Waiting], [play["s1"].State, play["s2"].State]);
        Assert.Equal([], play.Round());
        Assert.Equal(act == RolloutAct.Cancel, play.Rollout is { IsActive: false, EndedAt: not null });
    }

    [Fact]
    public void What_was_stored_and_not_begun_is_begun_by_the_next_round_as_the_same_request()
    {
        var play = new Play(Plan, 3).AfterCanary();
        var first = play.Decide();
        play.Take(first);
        var second = play.Decide();

        Assert.Equal(2, first.Begin.Count);
        Assert.Equal(first.Begin, second.Begin);
    }

    [Fact]
    public void A_stack_in_use_holds_up_nobody_and_gets_its_turn_when_it_is_idle()
    {
        var play = new Play(Plan, 4).AfterCanary();
        play.Use("s1");
        Assert.Equal(["s2", "s3"], play.Round());
        Assert.Equal((RolloutReason.InUse, (DateTimeOffset?)Now), (play["s1"].Reason!.Value, play["s1"].WaitsSince));
        play.End("s2");
        play.End("s3");
        play.Round(onlyLook: true);
        Assert.Equal([], play.Round());
        Assert.Equal(RolloutPhase.Running, play.Rollout.Phase);

        play.Use("s1", isInUse: false);
        Assert.Equal(["s1"], play.Round());
    }

    [Theory]
    [InlineData(AfterWait.LeaveOut, RolloutStackState.LeftOut)]
    [InlineData(AfterWait.Update, RolloutStackState.Updating)]
    public void One_that_stays_in_use_is_left_out_or_updated_as_was_chosen(AfterWait after, RolloutStackState expected)
    {
        var play = new Play(Plan with { WaitHours = 4, AfterWait = after }, 2).AfterCanary();
        play.Use("s1");
        play.Round();
        play.Pass(TimeSpan.FromHours(3.9));
        play.Round();
        Assert.Equal(RolloutStackState.Waiting, play["s1"].State);

        play.Pass(TimeSpan.FromHours(0.2));
        play.Round();
        Assert.Equal(expected, play["s1"].State);
    }

    [Fact]
    public void A_canary_in_use_is_waited_for_and_nothing_else_begins()
    {
        var play = new Play(Plan, 3);
        play.Use("s0");

        Assert.Equal([], play.Round());
        Assert.Equal([], play.Round());
        play.Use("s0", isInUse: false);
        Assert.Equal(["s0"], play.Round());
    }

    [Theory]
    [InlineData(null, RolloutReason.Gone)]
    [InlineData(StackState.Stopped, RolloutReason.Stopped)]
    [InlineData(StackState.ToBeDeleted, RolloutReason.NotRunning)]
    public void One_that_does_not_run_at_its_turn_is_left_out(StackState? state, RolloutReason expected)
    {
        var play = new Play(Plan, 4).AfterCanary();
        play.Set("s1", sight => sight with { State = state });

        Assert.Equal(["s2", "s3"], play.Round());
        Assert.Equal((RolloutStackState.LeftOut, expected), (play["s1"].State, play["s1"].Reason!.Value));
    }

    [Fact]
    public void One_that_was_stopped_or_deleted_between_the_decision_and_the_beginning_is_left_out()
    {
        var play = new Play(Plan, 3).AfterCanary();
        play.Round(onlyLook: true);
        play.Set("s1", sight => sight with { State = StackState.Stopped });
        play.Set("s2", sight => sight with { State = null });

        Assert.Equal([], play.Round());
        Assert.Equal([RolloutReason.Stopped, RolloutReason.Gone], [play["s1"].Reason!.Value, play["s2"].Reason!.Value]);
    }

    [Fact]
    public void Somebody_elses_operation_goes_first_and_an_owner_who_was_quicker_counts()
    {
        var play = new Play(Plan, 4).AfterCanary();
        play.Set("s1", sight => sight with { IsBusy = true });
        play.Set("s2", sight => sight with { Image = New });

        Assert.Equal(["s3"], play.Round());
        Assert.Equal([RolloutStackState.Waiting, RolloutStackState.Updated], [play["s1"].State, play["s2"].State]);
    }

    [Fact]
    public void Going_back_takes_the_newest_wave_first_and_only_what_it_has_updated()
    {
        var play = new Play(Plan, 6).AfterCanary();
        play.Round();
        play.End("s1");
        play.End("s2");
        play.Round(onlyLook: true);
        play.Round();
        play.End("s3", DeploymentPhase.Failed);
        play.End("s4");
        play.Round(onlyLook: true);
        // Since then its owner took yet another image.
        play.Set("s2", sight => sight with { Image = "img:3" });
        play.Do(RolloutAct.GoBack);

        Assert.Equal(["s1 img:1", "s4 img:1"], play.RoundWithImages());
        play.EndBack("s4");
        play.EndBack("s1");
        play.Round(onlyLook: true);
        Assert.Equal(["s0 img:1"], play.RoundWithImages());
        play.EndBack("s0");
        play.Round(onlyLook: true);
        play.Round();

        Assert.Equal(RolloutPhase.WentBack, play.Rollout.Phase);
        Assert.Equal(
            [RolloutStackState.Returned, RolloutStackState.Returned, RolloutStackState.LeftOut, RolloutStackState.Failed, RolloutStackState.Returned, RolloutStackState.Waiting],
            play.Rollout.Stacks.Select(stack => stack.State));
    }

    [Fact]
    public void After_a_migration_fewer_sessions_take_the_stack_back_and_stop_the_roll_out()
    {
        var play = new Play(Plan with { Migrates = true }, 3);
        play.All(sight => sight with { OpenCode = 1, Sessions = 3 });
        play.Round();
        play.End("s0");
        play.Set("s0", sight => sight with { Sessions = null });
        play.Round();
        Assert.Equal(RolloutStackState.Comparing, play["s0"].State);
        Assert.Equal([], play.Round());

        play.Set("s0", sight => sight with { Sessions = 2 });
        Assert.Equal(["s0 img:1"], play.RoundWithImages());
        play.EndBack("s0");
        play.Round();

        Assert.Equal((RolloutPhase.Stopped, RolloutStop.Canary), (play.Rollout.Phase, play.Rollout.Stopped));
        Assert.Equal((RolloutStackState.Failed, RolloutReason.SessionsLost, 3, 2), (play["s0"].State, play["s0"].Reason!.Value, play["s0"].SessionsBefore!.Value, play["s0"].SessionsAfter!.Value));
    }

    [Theory]
    [InlineData(null, RolloutStackState.Returning)]
    [InlineData(3, RolloutStackState.Updated)]
    [InlineData(4, RolloutStackState.Updated)]
    public void Silence_after_a_migration_counts_as_a_loss_and_as_many_sessions_as_before_do_not(int? after, RolloutStackState expected)
    {
        var play = new Play(Plan with { Migrates = true }, 1);
        play.All(sight => sight with { OpenCode = 1, Sessions = 3 });
        play.Round();
        play.End("s0");
        play.Set("s0", sight => sight with { Sessions = after });
        play.Round();
        play.Pass(RolloutRule.SessionsTimeout);
        play.Round();

        Assert.Equal(expected, play["s0"].State);
    }

    [Fact]
    public void A_stack_whose_sessions_cannot_be_counted_is_not_migrated()
    {
        var play = new Play(Plan with { Migrates = true }, 1);

        Assert.Equal([], play.Round());
        Assert.Equal((RolloutReason.SessionsUnknown, RolloutPhase.Stopped), (play["s0"].Reason!.Value, play.Rollout.Phase));
    }

    [Fact]
    public void A_migration_that_nobody_has_announced_stops_it_at_the_canary()
    {
        var play = new Play(Plan, 3);
        play.Set("s0", sight => sight with { OpenCode = 1 });
        play.Round();
        play.End("s0");
        play.Set("s0", sight => sight with { OpenCode = 2 });
        play.Round();

        Assert.Equal(RolloutStop.OpenCodeChanged, play.Rollout.Stopped);
        Assert.False(play.Rollout.MayDo(RolloutAct.Resume));
        Assert.True(play.Rollout.MayDo(RolloutAct.GoBack));
    }

    /// <summary>A roll-out over stacks that do as the test says.</summary>
    private sealed class Play
    {
        private readonly Dictionary<string, StackSight> _seen;
        private readonly Dictionary<string, OwnOperation> _own = [];
        private DateTimeOffset _now = Now;

        public Play(RolloutPlan plan, int stacks)
        {
            var names = Enumerable.Range(0, stacks).Select(n => $"s{n}").ToList();
            _seen = names.ToDictionary(name => name, _ => new StackSight(StackState.Ready, Old));
            Rollout = new Rollout { Id = "r", Plan = plan, StartedAt = Now, StartedBy = "Ada", Stacks = [.. names.Select(name => new RolloutStack(name, name, Old))] };
        }

        public Rollout Rollout { get; private set; }

        public RolloutStack this[string id] => Rollout.Stacks.Single(stack => stack.Id == id);

        public Play AfterCanary()
        {
            Round();
            End("s0");
            Round(onlyLook: true);
            return this;
        }

        /// <summary>Sees what the service looks at: what is under way, else those whose turn may come.</summary>
        public RolloutStep Decide()
        {
            var underWay = Rollout.Stacks.Where(stack => stack.IsUnderWay).ToList();
            var looked = underWay.Count == 0 ? RolloutRule.Candidates(Rollout).ToDictionary(stack => stack.Id, stack => _seen[stack.Id])
                : underWay.ToDictionary(stack => stack.Id, stack => _seen[stack.Id] with
                {
                    Own = stack.State == RolloutStackState.Comparing ? null : _own.GetValueOrDefault(RolloutRule.RequestOf(Rollout, stack)),
                });
            return RolloutRule.Decide(Rollout, looked, _now);
        }

        public void Take(RolloutStep step) => Rollout = step.Next;

        /// <param name="onlyLook">What is to begin does not: the portal dies.</param>
        public IEnumerable<string> Round(bool onlyLook = false) => RoundWithImages(onlyLook).Select(begun => begun.Split(' ')[0]);

        public List<string> RoundWithImages(bool onlyLook = false)
        {
            var step = Decide();
            Take(step);
            foreach (var begun in onlyLook ? [] : step.Begin)
            {
                Set(begun.StackId, sight => sight with { IsBusy = true });
                _own.TryAdd(begun.RequestId, new OwnOperation($"dep_{begun.RequestId}", DeploymentPhase.Running, null));
            }
            return [.. step.Begin.Select(begun => $"{begun.StackId} {begun.Image}")];
        }

        public void End(string id, DeploymentPhase phase = DeploymentPhase.Completed, FailureCode? failure = null) => End(id, phase, failure, New);

        public void EndBack(string id) => End(id, DeploymentPhase.Completed, null, Old);

        private void End(string id, DeploymentPhase phase, FailureCode? failure, string image)
        {
            var request = RolloutRule.RequestOf(Rollout, this[id]);
            Assert.Equal(DeploymentPhase.Running, _own[request].Phase);
            _own[request] = _own[request] with { Phase = phase, Failure = failure };
            Set(id, sight => sight with { IsBusy = false, Image = phase == DeploymentPhase.Completed ? image : sight.Image });
        }

        public void Use(string id, bool isInUse = true) => Set(id, sight => sight with { IsInUse = isInUse });

        public void All(Func<StackSight, StackSight> change) => _seen.Keys.ToList().ForEach(id => Set(id, change));

        public void Set(string id, Func<StackSight, StackSight> change) => _seen[id] = change(_seen[id]);

        public void Pass(TimeSpan time) => _now += time;

        public void Do(RolloutAct act)
        {
            Assert.True(Rollout.MayDo(act));
            Rollout = Rollout.After(act);
        }
    }
}
