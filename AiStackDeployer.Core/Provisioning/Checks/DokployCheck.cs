using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>
/// Whether Dokploy answers, in which version, whether it accepts the key, and whether the key may do what a deployment needs. Only
/// reads, and the first question needs no key.
/// </summary>
/// <param name="dokploy">One that sends each call once: repeats would outlast the check, and hide what the first one met.</param>
/// <param name="patience">The longest all questions together may take.</param>
internal sealed class DokployCheck(DokployClient dokploy, DokployHealth health, DokployOptions options, TimeSpan patience, TimeProvider time)
    : IConnectionCheck
{
    /// <summary>An expiry nearer than this is told.</summary>
    private static readonly TimeSpan ExpirySoon = TimeSpan.FromDays(14);

    public IReadOnlyList<ConnectionTarget> Targets { get; } =
        [ConnectionTarget.Dokploy, ConnectionTarget.DokployKey, ConnectionTarget.DokployPermissions, ConnectionTarget.DokployRateLimit];

    private ConnectionFacts Where => new() { Host = options.Root.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) };

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(patience, time, cancellationToken);
        var database = await AskAsync(dokploy.IsDatabaseHealthyAsync, deadline);
        if (database is not { Trouble: null, Value: true })
        {
            yield return database.Trouble is { } trouble
                ? Troubled(ConnectionTarget.Dokploy, trouble, database.Took)
                : new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployDatabaseDown) { Facts = Where, Latency = database.Took };
            yield break;
        }
        var version = await AskAsync(dokploy.GetVersionAsync, deadline);
        switch (version.Trouble)
        {
            case null:
                yield return DokployVersions.Judge(version.Value!, Where) with { Latency = database.Took };
                break;
            case { Kind: DokployFault.KeyRefused }:
                yield return new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployAnswers) { Facts = Where, Latency = database.Took };
                yield return new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyRefused) { Facts = Where, Latency = version.Took };
                yield return Limit();
                yield break;
            default:
                yield return Troubled(ConnectionTarget.Dokploy, version.Trouble, version.Took);
                yield break;
        }
        var who = await AskAsync(dokploy.GetWhoAmIAsync, deadline);
        if (who.Trouble is { } e && !IsAboutTheQuestion(e))
        {
            yield return Troubled(ConnectionTarget.DokployKey, e, who.Took);
            if (e.Kind == DokployFault.KeyRefused)
            {
                yield return Limit();
            }
            yield break;
        }
        await AskUntilLimitIsExcludedAsync(deadline);
        yield return health.Current.Key.AcceptedInARow == 0
            ? new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyRefused) { Facts = Where, Latency = who.Took }
            : Accepted(who);
        yield return DokployRights.Judge(who.Value) with { Latency = who.Took };
        yield return Limit();
    }

    /// <summary>
    /// A key with Dokploy's default limit dies after a few calls, and the portal itself makes as many in its first minutes: better
    /// to know at once than in the middle of somebody's deployment. Costs a few small calls, once in a process.
    /// </summary>
    private async Task AskUntilLimitIsExcludedAsync(Deadline deadline)
    {
        for (var asked = 0; asked < KeyLimit.CallsOfDefaultLimit && !KeyLimit.IsSettled(health.Current.Key); asked++)
        {
            if ((await AskAsync(dokploy.GetVersionAsync, deadline)).Trouble is not null)
            {
                return;
            }
        }
    }

    /// <summary>The key was let in all the same; only whose it is stays unknown.</summary>
    private static bool IsAboutTheQuestion(Trouble e) =>
        e.Kind is DokployFault.Unreadable or DokployFault.NotFound or DokployFault.PermissionDenied;

    private ConnectionResult Limit() => KeyLimit.Judge(health.Current.Key, time.GetUtcNow());

    private ConnectionResult Accepted(Answer<DokployIdentity> who)
    {
        var now = time.GetUtcNow();
        var alive = who.Value?.User?.ApiKeys?.Where(k => k.Enabled && !(k.ExpiresAt <= now)).ToList() ?? [];
        // Which of its keys is being used Dokploy does not tell; when only one can be, it is that one.
        return alive is [{ ExpiresAt: { } expires }] && expires - now < ExpirySoon
            ? new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyExpiresSoon)
            {
                Facts = Where with { Expires = expires }, Latency = who.Took,
            }
            : new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyAccepted) { Facts = Where, Latency = who.Took };
    }

    private ConnectionResult Troubled(ConnectionTarget target, Trouble e, TimeSpan took) => new(target, e.Cause)
    {
        Facts = Where with { HttpStatus = e.HttpStatus }, Latency = took,
    };

    private static ConnectionCause CauseOf(DokployException e) => e.Kind switch
    {
        DokployFault.KeyRefused => ConnectionCause.KeyRefused,
        DokployFault.DatabaseDown => ConnectionCause.DokployDatabaseDown,
        DokployFault.Unreachable => e.InnerException is HttpRequestException inner
            ? inner.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => ConnectionCause.DokployUnresolved,
                HttpRequestError.SecureConnectionError => ConnectionCause.DokployTlsFailed,
                _ => ConnectionCause.DokployUnreachable,
            }
            : ConnectionCause.DokployUnreachable,
        DokployFault.TimedOut => ConnectionCause.DokploySilent,
        DokployFault.RateLimited or DokployFault.ServerError => ConnectionCause.DokployFailing,
        _ => ConnectionCause.DokployNotUnderstood,
    };

    private async Task<Answer<T>> AskAsync<T>(Func<CancellationToken, Task<T>> question, Deadline deadline)
    {
        var started = time.GetTimestamp();
        try
        {
            return new Answer<T>(await question(deadline.Token), null, time.GetElapsedTime(started));
        }
        catch (DokployException e)
        {
            return new Answer<T>(default, new Trouble(CauseOf(e), e.Kind, e.HttpStatus), time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return new Answer<T>(default, new Trouble(ConnectionCause.DokploySilent, DokployFault.TimedOut, null), time.GetElapsedTime(started));
        }
    }

    private sealed record Trouble(ConnectionCause Cause, DokployFault Kind, int? HttpStatus);

    private sealed record Answer<T>(T? Value, Trouble? Trouble, TimeSpan Took);
}
