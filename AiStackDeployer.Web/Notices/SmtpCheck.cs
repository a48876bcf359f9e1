using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Notices;

/// <summary>Whether the mail server takes the portal's sign-in. Sends nothing.</summary>
internal sealed class SmtpCheck(SmtpSettings settings, TimeProvider time) : IConnectionCheck
{
    /// <summary>The administrators' page asks every few seconds, and each look is a sign-in at somebody else's server.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private (ConnectionResult Result, DateTimeOffset At)? _last;

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.Mail];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Result.Cause == ConnectionCause.MailAnswers && time.GetUtcNow() - last.At < Kept)
        {
            yield return last.Result;
            yield break;
        }
        var started = time.GetTimestamp();
        var answer = await SmtpConnection.RunAsync(settings, (client, stop) => client.NoOpAsync(stop), cancellationToken);
        var result = new ConnectionResult(ConnectionTarget.Mail, CauseOf(answer.Fault))
        {
            Facts = new ConnectionFacts { Host = settings.ToString() }, Latency = time.GetElapsedTime(started),
        };
        _last = (result, time.GetUtcNow());
        yield return result;
    }

    private static ConnectionCause CauseOf(DeliveryFault? fault) => fault switch
    {
        null => ConnectionCause.MailAnswers,
        DeliveryFault.Tls => ConnectionCause.MailTlsFailed,
        DeliveryFault.SignIn => ConnectionCause.MailSignInRefused,
        DeliveryFault.Unreachable or DeliveryFault.TimedOut => ConnectionCause.MailUnreachable,
        _ => ConnectionCause.MailFailing,
    };
}
