using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>
/// Which sessions and tokens are live. The database is asked once in a while for each; whoever holds something open for one is told of
/// its end: at once when it is ended at this portal, at the next look when another one or time itself ends it.
/// </summary>
internal sealed partial class LiveSessions(IPeople people, TimeProvider time, ILogger<LiveSessions> logger) : BackgroundService
{
    /// <summary>How old an answer of the database may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(20);

    /// <summary>A use is written down once in this time.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <summary>What ended is shown to nobody any more; kept for as long as somebody may ask why they were signed out.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, Known> _sessions = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _live = [];
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Watch, byte>> _watches = [];

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The live session whose cookie has this key; also counts as a use of it.</summary>
    /// <exception cref="StorageUnavailableException">It is not known, and the database cannot be read now.</exception>
    public async Task<SignedIn?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = HashOf(key);
        var now = time.GetUtcNow();
        if (!_sessions.TryGetValue(hash, out var known) || now - known.At > Fresh)
        {
            try
            {
                if (await people.FindSessionAsync(hash, now, cancellationToken) is not { } found)
                {
                    _sessions.TryRemove(hash, out _);
                    return null;
                }
                known = new Known(found, now);
                _sessions[hash] = known;
                _live[found.Session.Id] = now;
            }
            catch (StorageUnavailableException) when (known?.Found.Session.IsLive(now) == true)
            {
                // While nobody can write, nobody was signed out.
            }
        }
        await SeenAsync(known.Found.Session.Id, known.Found.Session.SeenAt, cancellationToken);
        return known.Found;
    }

    /// <summary>Before each event of a circuit: whether its session or token still is live.</summary>
    public async ValueTask<bool> IsLiveAsync(string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_live.TryGetValue(id, out var at) && now - at <= Fresh)
        {
            return true;
        }
        try
        {
            if ((await people.FindLiveAsync([id], now, cancellationToken)).Contains(id))
            {
                _live[id] = now;
                return true;
            }
            End(id);
            return false;
        }
        catch (StorageUnavailableException)
        {
            return _watches.ContainsKey(id);
        }
    }

    /// <summary>Writes down a use, at most once in five minutes.</summary>
    /// <returns>When one was last written down: what to give as <paramref name="before"/> the next time.</returns>
    public async Task<DateTimeOffset> SeenAsync(string id, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (before is { } seen && now - seen < SeenEvery)
        {
            return seen;
        }
        try
        {
            await people.SeenAsync(id, now, cancellationToken);
            foreach (var (hash, known) in _sessions.Where(s => s.Value.Found.Session.Id == id))
            {
                known.Found.Session.SeenAt = now;
            }
        }
        catch (StorageUnavailableException)
        {
            // A later use writes it.
        }
        return now;
    }

    /// <summary>Called back once when it ends; dispose of it to hear no more.</summary>
    public IDisposable OnEnd(string id, Action ended)
    {
        var watch = new Watch(ended, w =>
        {
            if (_watches.TryGetValue(id, out var all) && all.TryRemove(w, out _) && all.IsEmpty)
            {
                _watches.TryRemove(KeyValuePair.Create(id, all));
            }
        });
        while (true)
        {
            var all = _watches.GetOrAdd(id, _ => new ConcurrentDictionary<Watch, byte>());
            all[watch] = 0;
            // The last one of before may have taken the list away in this moment.
            if (_watches.TryGetValue(id, out var still) && ReferenceEquals(still, all))
            {
                return watch;
            }
        }
    }

    /// <summary>It has ended, as far as this portal is concerned.</summary>
    public void End(params IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            _live.TryRemove(id, out _);
            foreach (var (hash, _) in _sessions.Where(s => s.Value.Found.Session.Id == id))
            {
                _sessions.TryRemove(hash, out _);
            }
            if (_watches.TryRemove(id, out var watches))
            {
                foreach (var (watch, _) in watches)
                {
                    watch.End();
                }
            }
        }
    }

    /// <summary>One look at all that something is held open for.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (hash, known) in _sessions.Where(s => now - s.Value.At > Session.Idle))
        {
            _sessions.TryRemove(hash, out _);
        }
        foreach (var (id, _) in _live.Where(l => now - l.Value > Looks))
        {
            _live.TryRemove(id, out _);
        }
        string[] watched = [.. _watches.Keys];
        if (watched.Length > 0)
        {
            var live = await people.FindLiveAsync(watched, now, cancellationToken);
            End(watched.Where(id => !live.Contains(id)));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Looks, time);
        var forgotten = DateTimeOffset.MinValue;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                    if (time.GetUtcNow() - forgotten > TimeSpan.FromDays(1))
                    {
                        forgotten = time.GetUtcNow();
                        await people.ForgetSessionsAsync(forgotten - Kept, stoppingToken);
                    }
                }
                catch (StorageUnavailableException e)
                {
                    NotLooked(e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether sessions have ended could not be read: {Reason}")]
    private partial void NotLooked(string reason);

    private sealed record Known(SignedIn Found, DateTimeOffset At);

    private sealed class Watch(Action ended, Action<Watch> leave) : IDisposable
    {
        private int _isOver;

        public void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                ended();
            }
        }

        public void Dispose()
        {
            _isOver = 1;
            leave(this);
        }
    }
}
