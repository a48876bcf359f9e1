using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>A report as the API, and the command line's <c>--json</c>, tell it.</summary>
internal sealed class ConnectionMapper(ConnectionText text)
{
    public ConnectionsAnswer Whole(ConnectionReport report) =>
        new(report.At, report.Overall, text.Overall(report), [.. report.Results.Select(One)]);

    public DnsAnswer Whole(WildcardState state) => new()
    {
        Name = state.Name,
        World = One(state.World),
        Zone = One(state.Zone),
        Record = state.Entry is { } e ? new DnsRecordAnswer(e.Zone, e.Name, e.Addresses, e.Ipv6Addresses, e.Alias, e.Ttl) : null,
        Repair = Plan(state.Plan),
    };

    private DnsRepairPlanAnswer Plan(WildcardPlan plan)
    {
        var word = plan switch
        {
            WildcardPlan.NothingToDo => "nothing",
            WildcardPlan.Create => "create",
            WildcardPlan.Change => "change",
            WildcardPlan.NotPossible => "not-possible",
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.GetType().Name, null),
        };
        return new DnsRepairPlanAnswer(word, text.Plan(plan), (plan as WildcardPlan.NotPossible)?.Why.Cause);
    }

    private ConnectionAnswer One(ConnectionResult result) => new()
    {
        Target = result.Target,
        Name = text.Name(result.Target),
        Verdict = result.Verdict,
        Cause = result.Cause,
        Message = text.Cause(result),
        Remedy = text.Remedy(result),
        LatencyMs = result.Latency is { } took ? (int)Math.Ceiling(took.TotalMilliseconds) : null,
        Facts = result.Facts == ConnectionFacts.None ? null : Facts(result.Facts),
    };

    private static ConnectionFactsAnswer Facts(ConnectionFacts facts) => new()
    {
        Host = facts.Host,
        Version = facts.Version,
        ExpectedVersion = facts.ExpectedVersion,
        Role = facts.Role,
        Missing = facts.Missing,
        Calls = facts.Calls,
        Since = facts.Since,
        Expires = facts.Expires,
        Issuer = facts.Issuer,
        Names = facts.Names,
        Addresses = facts.Addresses,
        ExpectedAddresses = facts.ExpectedAddresses,
        HttpStatus = facts.HttpStatus,
        FreeBytes = facts.FreeBytes,
    };
}
