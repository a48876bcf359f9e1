using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// Whether Dokploy answers, in which version, whether it accepts the key, and whether the key may do what a deployment needs. Only
/// reads, and the first call needs no key.
/// </summary>
/// <param name="dokploy">A client without retries: they would outlast the check, and hide what the first call met.</param>
/// <param name="timeout">The longest all calls together may take.</param>
internal sealed class DokployCheck(DokployClient dokploy, DokployHealth health, DokployOptions options, TimeSpan timeout, TimeProvider time)
    : IConnectionCheck
{
    /// <summary>An expiry nearer than this is reported.</summary>
    private static readonly TimeSpan ExpirySoon = TimeSpan.FromDays(14);

    /// <summary>A deployment that Dokploy works on for longer is reported; most take seconds, and Dokploy never ends one by itself.</summary>
    private static readonly TimeSpan LongJob = TimeSpan.FromMinutes(10);

    public IReadOnlyList<ConnectionTarget> Targets { get; } =
        [ConnectionTarget.Dokploy, ConnectionTarget.DokployKey, ConnectionTarget.DokployPermissions, ConnectionTarget.DokployRateLimit, ConnectionTarget.DokployQueue];

    private ConnectionFacts Where => new() { Host = options.Root.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) };

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(timeout, time, cancellationToken);
        var database = await AskAsync(dokploy.IsDatabaseHealthyAsync, deadline);
        if (database is not { Fault: null, Value: true })
        {
            yield return database.Fault is { } fault
                ? Failed(ConnectionTarget.Dokploy, fault, database.Took)
                : new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployDatabaseDown) { Facts = Where, Latency = database.Took };
            yield break;
        }
        var version = await AskAsync(dokploy.GetVersionAsync, deadline);
        switch (version.Fault)
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
                yield return Failed(ConnectionTarget.Dokploy, version.Fault, version.Took);
                yield break;
        }
        var who = await AskAsync(dokploy.GetWhoAmIAsync, deadline);
        if (who.Fault is { } e && !IsAboutTheCall(e))
        {
            yield return Failed(ConnectionTarget.DokployKey, e, who.Took);
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
        yield return Queue(await AskAsync(dokploy.GetQueueAsync, deadline));
    }

    /// <summary>
    /// A key with Dokploy's default limit is refused after a few calls, and the portal makes as many in its first minutes: better to
    /// know at once than in the middle of somebody's deployment. Costs a few small calls, once per process.
    /// </summary>
    private async Task AskUntilLimitIsExcludedAsync(Deadline deadline)
    {
        for (var asked = 0; asked < DokployKeyHistory.CallsOfDefaultLimit && !health.Current.Key.IsLimitSettled; asked++)
        {
            if ((await AskAsync(dokploy.GetVersionAsync, deadline)).Fault is not null)
            {
                return;
            }
        }
    }

    /// <summary>The key was accepted all the same; only its owner stays unknown.</summary>
    private static bool IsAboutTheCall(Fault e) =>
        e.Kind is DokployFault.Unreadable or DokployFault.NotFound or DokployFault.PermissionDenied;

    private ConnectionResult Queue(Answer<IReadOnlyList<DokployQueueEntry>?> queue)
    {
        var active = queue.Value?.FirstOrDefault(entry => entry.State == DokployQueueState.Active);
        var since = active?.StartedAt ?? active?.QueuedAt;
        return new ConnectionResult(
            ConnectionTarget.DokployQueue,
            queue.Value is null ? ConnectionCause.QueueNotVisible
                : time.GetUtcNow() - since >= LongJob ? ConnectionCause.QueueBlocked
                : ConnectionCause.QueueMoves)
        {
            Facts = Where with { Since = since, Waiting = queue.Value?.Count(entry => entry != active) }, Latency = queue.Took,
        };
    }

    private ConnectionResult Limit() => KeyLimit.Judge(health.Current.Key, time.GetUtcNow());

    private ConnectionResult Accepted(Answer<DokployIdentity> who)
    {
        var now = time.GetUtcNow();
        var alive = who.Value?.User?.ApiKeys?.Where(k => k.Enabled && !(k.ExpiresAt <= now)).ToList() ?? [];
        // Dokploy does not say which of the owner's keys is in use; when only one is valid, it is that one.
        return alive is [{ ExpiresAt: { } expires }] && expires - now < ExpirySoon
            ? new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyExpiresSoon)
            {
                Facts = Where with { Expires = expires }, Latency = who.Took,
            }
            : new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyAccepted) { Facts = Where, Latency = who.Took };
    }

    private ConnectionResult Failed(ConnectionTarget target, Fault e, TimeSpan took) => new(target, e.Cause)
    {
        Facts = Where with { HttpStatus = e.HttpStatus, Addresses = e.RedirectsTo is { } to ? [to] : null }, Latency = took,
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
        _ when e.RedirectsTo is not null => ConnectionCause.DokployRedirects,
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
            return new Answer<T>(default, new Fault(CauseOf(e), e.Kind, e.HttpStatus) { RedirectsTo = e.RedirectsTo }, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return new Answer<T>(default, new Fault(ConnectionCause.DokploySilent, DokployFault.TimedOut, null), time.GetElapsedTime(started));
        }
    }

    private sealed record Fault(ConnectionCause Cause, DokployFault Kind, int? HttpStatus)
    {
        public string? RedirectsTo { get; init; }
    }

    private sealed record Answer<T>(T? Value, Fault? Fault, TimeSpan Took);
}
