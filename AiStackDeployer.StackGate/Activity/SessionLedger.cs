using AiStackDeployer.StackGate.OpenCode;

namespace AiStackDeployer.StackGate.Activity;

/// <param name="AtWork">Sessions that OpenCode calls busy, also while they wait for a person.</param>
/// <param name="Waiting">Sessions with a permission or a question that nobody has answered.</param>
/// <param name="LastAgentAt">When a session that is at work last gave a sign of life.</param>
internal sealed record SessionsNow(int AtWork, int Waiting, DateTimeOffset? LastAgentAt);

/// <summary>Which sessions are at work and which wait for a person, from OpenCode's events and, after a gap in them, from its own lists.</summary>
internal sealed class SessionLedger(TimeProvider time)
{
    /// <summary>An agent can open as many sessions as it likes; more than these are not told apart.</summary>
    public const int MostSessions = 1_000;

    public const int MostDirectories = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _atWork = [];
    private readonly Dictionary<string, Request> _asked = [];
    private readonly LinkedList<string> _directories = [];
    private DateTimeOffset? _lastAgentAt;

    private sealed record Request(string Session, string? Directory);

    public SessionsNow Now
    {
        get
        {
            lock (_lock)
            {
                return new SessionsNow(_atWork.Count, _asked.Values.Select(r => r.Session).Distinct().Count(), _lastAgentAt);
            }
        }
    }

    /// <summary>Where something has happened, the last ones.</summary>
    public IReadOnlyCollection<string> Directories
    {
        get
        {
            lock (_lock)
            {
                return [.. _directories];
            }
        }
    }

    public void Apply(OpenCodeFact fact)
    {
        lock (_lock)
        {
            Remember(fact.Directory);
            switch (fact)
            {
                case InstanceDisposed { Folder: var folder }:
                    Forget(directory => folder is null || directory == folder);
                    break;
                case RequestAnswered answer:
                    _asked.Remove(answer.RequestId);
                    break;
                case { SessionId: null }:
                    break;
                case RequestAsked asked when _asked.Count < MostSessions:
                    _asked[asked.RequestId] = new Request(fact.SessionId, fact.Directory);
                    break;
                case SessionStatusTold { Status: SessionStatus.Busy or SessionStatus.Retry } when _atWork.Count < MostSessions:
                    _atWork[fact.SessionId] = fact.Directory;
                    break;
                case SessionStatusTold { Status: SessionStatus.Idle } or SessionFailed { Ends: true } or SessionDeleted:
                    End(fact.SessionId);
                    break;
            }
            if (fact.SessionId is { } session && _atWork.ContainsKey(session))
            {
                _lastAgentAt = time.GetUtcNow();
            }
        }
    }

    /// <summary>What OpenCode itself says takes the place of what was known of the same folder.</summary>
    public void Replace(SessionsState state)
    {
        lock (_lock)
        {
            Forget(directory => state.Directory is null || directory == state.Directory);
            foreach (var session in state.AtWork.Take(MostSessions - _atWork.Count))
            {
                _atWork[session] = state.Directory;
            }
            // V1 goes on listing the requests of a run that was aborted.
            foreach (var (id, session) in state.Asked.Where(a => state.AtWork.Contains(a.Value)).Take(MostSessions - _asked.Count))
            {
                _asked[id] = new Request(session, state.Directory);
            }
        }
    }

    /// <summary>OpenCode ended, and all work with it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Forget(_ => true);
            _directories.Clear();
        }
    }

    /// <summary>Nobody waits for the answer to a run that has ended; V1 does not say so after an abort.</summary>
    private void End(string session)
    {
        if (_atWork.Remove(session))
        {
            _lastAgentAt = time.GetUtcNow();
        }
        foreach (var (id, _) in _asked.Where(a => a.Value.Session == session))
        {
            _asked.Remove(id);
        }
    }

    private void Forget(Func<string?, bool> isIn)
    {
        foreach (var (session, _) in _atWork.Where(s => isIn(s.Value)))
        {
            _atWork.Remove(session);
        }
        foreach (var (id, _) in _asked.Where(a => isIn(a.Value.Directory)))
        {
            _asked.Remove(id);
        }
    }

    private void Remember(string? directory)
    {
        // No path: V1 calls what concerns all folders "global".
        if (directory is null || !directory.StartsWith('/'))
        {
            return;
        }
        if (_directories.First?.Value != directory)
        {
            _directories.Remove(directory);
            _directories.AddFirst(directory);
        }
        if (_directories.Count > MostDirectories)
        {
            _directories.RemoveLast();
        }
    }
}
