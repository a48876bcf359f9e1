using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>A report as the API and the command line's <c>--json</c> answer it.</summary>
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

    private DnsRepairPlanAnswer Plan(WildcardChange plan)
    {
        var word = plan switch
        {
            WildcardChange.None => "nothing",
            WildcardChange.Write { IsNew: true } => "create",
            WildcardChange.Write => "change",
            _ => "not-possible",
        };
        return new DnsRepairPlanAnswer(word, text.Plan(plan), (plan as WildcardChange.NotPossible)?.Why.Cause);
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
        Facts = result.Facts == ConnectionFacts.None ? null : result.Facts,
    };
}
