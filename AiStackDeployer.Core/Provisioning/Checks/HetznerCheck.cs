using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>
/// Whether Hetzner accepts the token, and whether the zone of the stacks' suffix is in its project: one question for both. A
/// good answer, and that it was asked too often, is kept for a minute, since whoever reaches the portal may ask for a report, and the
/// quota is the project's. What somebody has to mend is asked anew: he wants to see whether he has.
/// </summary>
/// <param name="patience">The longest it waits for Hetzner.</param>
internal sealed class HetznerCheck(HetznerDnsClient hetzner, string suffix, TimeSpan patience, TimeProvider time) : IConnectionCheck
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
            _kept = answer.Fault == ConnectionCause.HetznerRateLimited || (answer.Fault is null && ZoneCause(answer).ToVerdict() == ConnectionVerdict.Good)
                ? answer
                : null;
        }
        var token = hetzner.TokenIsReadOnly ? ConnectionCause.HetznerTokenReadOnly : ConnectionCause.HetznerTokenAccepted;
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
        using var deadline = new Deadline(patience, time, cancellationToken);
        var started = time.GetTimestamp();
        HetznerZone? zone = null;
        ConnectionCause? fault = null;
        try
        {
            zone = await hetzner.TryFindZoneOfAsync(suffix, deadline.Token);
        }
        catch (HetznerException e)
        {
            fault = HetznerCauses.Of(e.Kind);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            fault = ConnectionCause.HetznerSilent;
        }
        return new Answer(zone, fault, time.GetElapsedTime(started), time.GetTimestamp());
    }

    /// <param name="Zone">Null = the project has none, or there was a fault.</param>
    private sealed record Answer(HetznerZone? Zone, ConnectionCause? Fault, TimeSpan Took, long At);
}
