using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>What is to be done about the wildcard's record as it stands: the plan that is shown and the repair that is made are this one.</summary>
internal abstract record WildcardDecision
{
    private WildcardDecision()
    {
    }

    public sealed record NothingToDo : WildcardDecision;

    /// <param name="Zone">The zone that stands in the way, where one does.</param>
    public sealed record NotPossible(WildcardObstacle Obstacle, string? Zone = null) : WildcardDecision;

    public sealed record CouldNotRead(HetznerFault Fault) : WildcardDecision;

    /// <param name="Name">Of the record set, relative to the zone.</param>
    /// <param name="From">What the A records say now; empty = there are none.</param>
    public sealed record Write(HetznerZone Zone, string Name, IReadOnlyList<string> From, IPAddress Target) : WildcardDecision;

    public static WildcardDecision Of(WildcardDnsState state)
    {
        return state switch
        {
            { Verdict: WildcardVerdict.LocalOnly } => new NotPossible(WildcardObstacle.LocalSuffix),
            { Zone: WildcardZoneRecord.NotAsked } => UnlessRight(WildcardObstacle.NoToken),
            { Expected: not { AddressFamily: AddressFamily.InterNetwork } } => UnlessRight(WildcardObstacle.NoTarget),
            { Expected: var target } when WildcardDns.IsThisMachine(target) => new NotPossible(WildcardObstacle.TargetIsThisMachine),
            { Zone: WildcardZoneRecord.CouldNotRead fault } => new CouldNotRead(fault.Fault),
            { Zone: WildcardZoneRecord.NoZone } => new NotPossible(WildcardObstacle.NoZone),
            { Zone: WildcardZoneRecord.OtherZone } => new NotPossible(WildcardObstacle.OtherZone),
            { Zone: WildcardZoneRecord.InZone { Zone: { IsDelegated: false } zone } } => UnlessRight(WildcardObstacle.ZoneNotDelegated, zone.Name),
            { Zone: WildcardZoneRecord.Present { Alias: not null } } => UnlessRight(WildcardObstacle.AliasInTheWay),
            { Zone: WildcardZoneRecord.Present present, Expected: var target } when WildcardDns.IsOnly(present.Addresses, target) => new NothingToDo(),
            { Zone: WildcardZoneRecord.InZone record } when WouldHideStacks(record) => new NotPossible(WildcardObstacle.TargetIsInternal),
            { Zone: WildcardZoneRecord.InZone record, Expected: var target } => new Write(record.Zone, record.Name, record.Addresses, target),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state.Zone.GetType().Name, null),
        };

        // The world's view stands in where the zone cannot tell, or cannot be changed.
        WildcardDecision UnlessRight(WildcardObstacle obstacle, string? zone = null) =>
            state.Verdict == WildcardVerdict.PointsThere ? new NothingToDo() : new NotPossible(obstacle, zone);

        // Public by its own records, or by another wildcard further up that answers for it as long as it has none.
        bool WouldHideStacks(WildcardZoneRecord.InZone record) =>
            state.ExpectedIsInternal
            && (state.Addresses.Any(address => !WildcardDns.IsInternal(address))
                || record.Addresses.Any(value => IPAddress.TryParse(value, out var address) && !WildcardDns.IsInternal(address)));
    }
}
