using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// Whether Hetzner accepts the token, and whether the zone of the stacks' suffix is in its project: one call answers both. A good
/// answer, and a used-up quota, are kept for a minute, since anybody who reaches the portal may ask for a report and the quota is
/// the whole project's. Anything an operator has to fix is checked again each time, so that the fix shows at once.
/// </summary>
/// <param name="timeout">The longest it waits for Hetzner.</param>
internal sealed class HetznerCheck(HetznerDnsClient hetzner, string suffix, TimeSpan timeout, TimeProvider time) : IConnectionCheck
{
    internal static readonly TimeSpan AnswerAge = TimeSpan.FromMinutes(1);

    // Reports run one at a time.
    private Answer? _kept;

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.HetznerToken, ConnectionTarget.HetznerZone];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_kept is not { } answer || time.GetElapsedTime(answer.At) > AnswerAge)
        {
            answer = await AskAsync(cancellationToken);
            _kept = answer.Fault == ConnectionCause.HetznerBusy || (answer.Fault is null && ZoneCause(answer).ToVerdict() == ConnectionVerdict.Good)
                ? answer
                : null;
        }
        var token = hetzner.TokenIsReadOnly ? ConnectionCause.HetznerPermissionDenied : ConnectionCause.HetznerTokenAccepted;
        yield return new ConnectionResult(ConnectionTarget.HetznerToken, answer.Fault ?? token) { Latency = answer.Took };
        if (answer.Fault is null)
        {
            yield return new ConnectionResult(ConnectionTarget.HetznerZone, ZoneCause(answer))
            {
                Facts = HetznerCauses.FactsOf(answer.Zone, suffix), Latency = answer.Took,
            };
        }
    }

    private ConnectionCause ZoneCause(Answer answer) => HetznerCauses.Of(answer.Zone, suffix);

    private async Task<Answer> AskAsync(CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(timeout, time, cancellationToken);
        var started = time.GetTimestamp();
        HetznerZone? zone = null;
        ConnectionCause? fault = null;
        try
        {
            zone = await hetzner.FindZoneOfAsync(suffix, retry: false, deadline.Token);
        }
        catch (HetznerException e)
        {
            fault = HetznerCauses.Of(e.Kind);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            fault = ConnectionCause.HetznerUnreachable;
        }
        return new Answer(zone, fault, time.GetElapsedTime(started), time.GetTimestamp());
    }

    /// <param name="Zone">Null = the project has none, or there was a fault.</param>
    private sealed record Answer(HetznerZone? Zone, ConnectionCause? Fault, TimeSpan Took, long At);
}
