using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Stacks;

/// <summary>What a look makes of a stack's health.</summary>
public sealed class StackHealthTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 9, 12, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Then.AddMinutes(5);

    private static readonly StackHealth Answering = StackHealth.AnsweringSince(Then);
    private static readonly StackHealth Silent = new(HealthState.NotAnswering, Then, Then.AddMinutes(-1), AddressLayer.Http);
    private static readonly StackHealth Gone = new(HealthState.Missing, Then, Then.AddMinutes(-1), AddressLayer.Http, MissingPart.Domain);

    private static readonly HealthFinding Fine = new((AddressLayer?)null);
    private static readonly HealthFinding Http = new(AddressLayer.Http);
    private static readonly HealthFinding NoDomain = Http with { Missing = MissingPart.Domain };
    private static readonly HealthFinding NoProject = Http with { Missing = MissingPart.Project };
    private static readonly HealthFinding NobodyToAsk = Http with { IsDokployUnknown = true };

    public static TheoryData<StackHealth, HealthFinding, StackHealth, bool> Looks => new()
    {
        { StackHealth.Unknown, Fine, new StackHealth(HealthState.Answering, Now, Now), true },
        { StackHealth.Unknown, Http, new StackHealth(HealthState.NotAnswering, Now, null, AddressLayer.Http), true },
        { StackHealth.Unknown, NoProject, new StackHealth(HealthState.Missing, Now, null, AddressLayer.Http, MissingPart.Project), true },
        // That it still answers is no news, only when.
        { Answering, Fine, Answering with { SeenAt = Now }, false },
        { Answering, Http, new StackHealth(HealthState.NotAnswering, Now, Then, AddressLayer.Http), true },
        { Answering, NoDomain, new StackHealth(HealthState.Missing, Now, Then, AddressLayer.Http, MissingPart.Domain), true },
        { Answering, NobodyToAsk, new StackHealth(HealthState.NotAnswering, Now, Then, AddressLayer.Http), true },
        { Silent, Fine, new StackHealth(HealthState.Answering, Now, Now), true },
        { Silent, Http, Silent, false },
        { Silent, NobodyToAsk, Silent, false },
        // It has not answered since the same moment, whatever the reason is by now.
        { Silent, new HealthFinding(AddressLayer.Dns), Silent with { Layer = AddressLayer.Dns }, true },
        { Silent, NoDomain, Gone, true },
        { Gone, Fine, new StackHealth(HealthState.Answering, Now, Now), true },
        { Gone, NoDomain, Gone, false },
        { Gone, NoProject, Gone with { Missing = MissingPart.Project }, true },
        { Gone, Http, Silent, true },
        // Dokploy, which would know, cannot be asked: what was gone may still be.
        { Gone, NobodyToAsk, Gone, false },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void A_look_leads_from_one_health_to_the_next(StackHealth before, HealthFinding finding, StackHealth after, bool isNews)
    {
        var next = before.After(finding, Now);

        Assert.Equal(after, next);
        Assert.Equal(isNews, next.IsNews(before));
    }

    [Fact]
    public void The_newest_time_it_was_seen_counts_and_one_from_before_a_start_is_forgotten()
    {
        var seen = new LastSeenTimes();
        Assert.Equal(Answering, seen.Complete("stk_1", Answering));

        seen.Answered("stk_1", Now);
        Assert.Equal(Answering with { SeenAt = Now }, seen.Complete("stk_1", Answering));
        Assert.Equal(Answering, seen.Complete("stk_2", Answering));
        Assert.Equal(Answering with { SeenAt = Now.AddSeconds(1) }, seen.Complete("stk_1", Answering with { SeenAt = Now.AddSeconds(1) }));

        seen.ForgetBefore(Now);
        Assert.Equal(Answering, seen.Complete("stk_1", Answering));
    }

    [Fact]
    public void While_one_looks_and_for_a_while_after_it_nobody_else_does()
    {
        var (seen, fresh) = (new LastSeenTimes(), TimeSpan.FromSeconds(30));

        Assert.True(seen.TryBeginLook("stk_1", Now, fresh));
        Assert.False(seen.TryBeginLook("stk_1", Now.AddSeconds(29), fresh));
        Assert.True(seen.TryBeginLook("stk_2", Now.AddSeconds(29), fresh));
        Assert.True(seen.TryBeginLook("stk_1", Now.AddSeconds(30), fresh));
    }
}
