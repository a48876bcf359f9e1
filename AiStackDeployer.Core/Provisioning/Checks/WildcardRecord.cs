using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>The wildcard's state and repair in the words that pages and API know; and what a repair would do, before it is asked for.</summary>
internal sealed class WildcardRecord(WildcardDns dns, StackDefaults stacks) : IWildcardRecord
{
    public async Task<WildcardState> LookAsync(CancellationToken cancellationToken)
    {
        var state = await dns.LookAsync(cancellationToken);
        return new WildcardState
        {
            Name = state.Wildcard,
            World = WildcardDnsCheck.Judge(state),
            Zone = ZoneOf(state),
            Entry = state.Zone is WildcardZoneRecord.Present p
                ? new WildcardZoneEntry(p.Zone.Name, p.Name, p.Addresses, p.Ipv6Addresses, p.Alias, p.Ttl)
                : null,
            Plan = PlanFor(state),
        };
    }

    public async Task<WildcardRepairResult> RepairAsync(CancellationToken cancellationToken) =>
        await dns.RepairAsync(cancellationToken) switch
        {
            WildcardRepair.AlreadyRight => new WildcardRepairResult.AlreadyRight(),
            WildcardRepair.Created created => new WildcardRepairResult.Created(created.Zone, created.Name, created.Address.ToString()),
            WildcardRepair.Changed changed => new WildcardRepairResult.Changed(changed.Zone, changed.Name, changed.From, changed.Address.ToString()),
            // By then it was written, and reads back as something else.
            WildcardRepair.NotPossible { Obstacle: WildcardObstacle.ReadsBackDifferently } =>
                new WildcardRepairResult.Failed(Why(ConnectionCause.WildcardReadsBackDifferently, stacks.DomainSuffix), MayHaveHappened: true),
            WildcardRepair.NotPossible notPossible =>
                new WildcardRepairResult.NotPossible(Why(CauseOf(notPossible.Obstacle), stacks.DomainSuffix, notPossible.Zone)),
            WildcardRepair.Failed failed =>
                new WildcardRepairResult.Failed(Why(HetznerCauses.Of(failed.Fault), stacks.DomainSuffix), failed.MayHaveHappened),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };

    internal static WildcardPlan PlanFor(WildcardDnsState state) => WildcardDecision.Of(state) switch
    {
        WildcardDecision.NothingToDo => new WildcardPlan.NothingToDo(),
        WildcardDecision.NotPossible not => new WildcardPlan.NotPossible(Why(CauseOf(not.Obstacle), state.Suffix, not.Zone)),
        WildcardDecision.CouldNotRead unread => new WildcardPlan.NotPossible(Why(HetznerCauses.Of(unread.Fault), state.Suffix)),
        WildcardDecision.Write { From: [] } make =>
            new WildcardPlan.Create(make.Zone.Name, make.Name, make.Target.ToString(), WildcardDns.Ttl),
        WildcardDecision.Write change => new WildcardPlan.Change(change.Zone.Name, change.Name, change.From, change.Target.ToString()),
        var other => throw new InvalidOperationException($"Unknown decision {other.GetType().Name}."),
    };

    private static ConnectionResult Why(ConnectionCause cause, string suffix, string? zone = null) => new(ConnectionTarget.WildcardDns, cause)
    {
        Facts = new ConnectionFacts { Host = suffix, Names = zone is null ? null : [zone] },
    };

    private static ConnectionResult ZoneOf(WildcardDnsState state)
    {
        var facts = new ConnectionFacts { Host = state.Wildcard };
        return state.Zone switch
        {
            WildcardZoneRecord.NotAsked when state.Verdict == WildcardVerdict.LocalOnly => Of(ConnectionCause.WildcardLocal, facts),
            WildcardZoneRecord.NotAsked => Of(ConnectionCause.HetznerTokenNotSet, facts),
            WildcardZoneRecord.NoZone => Of(ConnectionCause.HetznerZoneMissing, facts with { Host = state.Suffix }),
            WildcardZoneRecord.OtherZone other => Of(ConnectionCause.HetznerZoneOther, HetznerCauses.FactsOf(other.Zone, state.Suffix)),
            WildcardZoneRecord.Absent absent => Of(ConnectionCause.WildcardRecordAbsent, facts with { Names = [absent.Zone.Name] }),
            WildcardZoneRecord.Present { Alias: { } alias } => state.Verdict == WildcardVerdict.PointsThere
                ? Of(ConnectionCause.WildcardRecordFound, facts with { Addresses = [alias] })
                : Of(ConnectionCause.WildcardAliasInTheWay, facts),
            WildcardZoneRecord.Present present => Of(
                ConnectionCause.WildcardRecordFound, facts with { Addresses = [.. present.Addresses, .. present.Ipv6Addresses] }),
            WildcardZoneRecord.CouldNotRead fault => Of(HetznerCauses.Of(fault.Fault), facts),
            var other => throw new ArgumentOutOfRangeException(nameof(state), other.GetType().Name, null),
        };
    }

    private static ConnectionResult Of(ConnectionCause cause, ConnectionFacts facts) => new(ConnectionTarget.HetznerZone, cause) { Facts = facts };

    private static ConnectionCause CauseOf(WildcardObstacle obstacle) => obstacle switch
    {
        WildcardObstacle.LocalSuffix => ConnectionCause.WildcardLocal,
        WildcardObstacle.NoToken => ConnectionCause.HetznerTokenNotSet,
        WildcardObstacle.NoTarget => ConnectionCause.WildcardWithoutTarget,
        WildcardObstacle.TargetIsThisMachine => ConnectionCause.WildcardTargetIsHere,
        WildcardObstacle.TargetIsInternal => ConnectionCause.WildcardTargetIsInside,
        WildcardObstacle.NoZone => ConnectionCause.HetznerZoneMissing,
        WildcardObstacle.OtherZone => ConnectionCause.HetznerZoneOther,
        WildcardObstacle.ZoneNotDelegated => ConnectionCause.HetznerZoneNotDelegated,
        WildcardObstacle.AliasInTheWay => ConnectionCause.WildcardAliasInTheWay,
        WildcardObstacle.ReadsBackDifferently => ConnectionCause.WildcardReadsBackDifferently,
        _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, null),
    };
}
