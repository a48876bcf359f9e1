using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.OpenCode;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class SessionLedgerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly SessionLedger _ledger;

    public SessionLedgerTests() => _ledger = new SessionLedger(_time);

    [Fact]
    public void A_recorded_stream_is_followed_to_its_end()
    {
        var seen = new List<(int, int)>();
        foreach (var fact in RecordedStream.Facts(withContent: false))
        {
            _ledger.Apply(fact);
            var now = (_ledger.Now.AtWork, _ledger.Now.Waiting);
            if (seen.Count == 0 || seen[^1] != now)
            {
                seen.Add(now);
            }
        }

        Assert.Equal(
        [
            // A tool; a permission granted; one whose run was stopped before anybody answered; an error; a question; a permission refused.
            (0, 0), (1, 0), (0, 0), (1, 0), (1, 1), (1, 0), (0, 0), (1, 0), (1, 1), (0, 0), (1, 0), (0, 0), (1, 0), (1, 1), (1, 0), (0, 0), (1, 0), (1, 1), (1, 0), (0, 0),
            // One agent that lets another work; one that tries again until it is stopped; a prompt; a compaction; one that still asks.
            (1, 0), (2, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (1, 1),
        ], seen);
    }

    [Fact]
    public void Only_a_session_at_work_counts_as_a_sign_of_the_agent()
    {
        _ledger.Apply(new SessionTouched { SessionId = "ses_1" });
        Assert.Null(_ledger.Now.LastAgentAt);

        _ledger.Apply(Busy("ses_1"));
        _time.Advance(TimeSpan.FromMinutes(3));
        _ledger.Apply(new SessionTouched { SessionId = "ses_2" });
        Assert.Equal(_time.GetUtcNow().AddMinutes(-3), _ledger.Now.LastAgentAt);
        _ledger.Apply(new SessionTouched { SessionId = "ses_1" });
        Assert.Equal(_time.GetUtcNow(), _ledger.Now.LastAgentAt);

        _time.Advance(TimeSpan.FromMinutes(3));
        _ledger.Apply(Idle("ses_1"));
        _time.Advance(TimeSpan.FromMinutes(3));
        _ledger.Apply(Idle("ses_1"));
        Assert.Equal(_time.GetUtcNow().AddMinutes(-3), _ledger.Now.LastAgentAt);
    }

    [Fact]
    public void A_session_with_two_questions_waits_once_and_until_both_are_answered()
    {
        _ledger.Apply(Busy("ses_1"));
        _ledger.Apply(Asked("ses_1", "per_1"));
        _ledger.Apply(Asked("ses_1", "per_2"));
        Assert.Equal(1, _ledger.Now.Waiting);

        _ledger.Apply(Answered("per_1"));
        Assert.Equal(1, _ledger.Now.Waiting);
        _ledger.Apply(Answered("per_2"));
        Assert.Equal(0, _ledger.Now.Waiting);
    }

    [Fact]
    public void A_folder_that_was_let_go_takes_its_sessions_along()
    {
        _ledger.Apply(Busy("ses_1") with { Directory = "/a" });
        _ledger.Apply(Asked("ses_1", "per_1") with { Directory = "/a" });
        _ledger.Apply(Busy("ses_2") with { Directory = "/b" });

        _ledger.Apply(new InstanceDisposed("/a"));
        Assert.Equal((1, 0), (_ledger.Now.AtWork, _ledger.Now.Waiting));
        _ledger.Apply(new InstanceDisposed(null));
        Assert.Equal(0, _ledger.Now.AtWork);
    }

    [Fact]
    public void What_OpenCode_itself_says_takes_the_place_of_what_was_known_of_that_folder()
    {
        _ledger.Apply(Busy("ses_1") with { Directory = "/a" });
        _ledger.Apply(Asked("ses_1", "per_1") with { Directory = "/a" });
        _ledger.Apply(Busy("ses_2") with { Directory = "/b" });

        // The run of ses_4 was stopped; version 1 lists its permission for ever.
        _ledger.Replace(new SessionsState("/a", new HashSet<string> { "ses_3" }, new Dictionary<string, string> { ["per_3"] = "ses_3", ["per_4"] = "ses_4" }));
        Assert.Equal((2, 1), (_ledger.Now.AtWork, _ledger.Now.Waiting));
        _ledger.Apply(Idle("ses_3"));
        Assert.Equal((1, 0), (_ledger.Now.AtWork, _ledger.Now.Waiting));

        _ledger.Replace(new SessionsState(null, new HashSet<string>(), new Dictionary<string, string>()));
        Assert.Equal(0, _ledger.Now.AtWork);
    }

    [Fact]
    public void Nothing_grows_without_bound()
    {
        for (var i = 0; i < 3 * SessionLedger.MostSessions; i++)
        {
            _ledger.Apply(Busy($"ses_{i}") with { Directory = $"/work/{i}" });
            _ledger.Apply(Asked($"ses_{i}", $"per_{i}"));
        }

        Assert.Equal((SessionLedger.MostSessions, SessionLedger.MostSessions), (_ledger.Now.AtWork, _ledger.Now.Waiting));
        Assert.Equal(SessionLedger.MostDirectories, _ledger.Directories.Count);
        Assert.Equal($"/work/{(3 * SessionLedger.MostSessions) - 1}", _ledger.Directories.First());
    }

    /// <summary>Against a model that looks at the whole history instead of keeping a state.</summary>
    [Fact]
    public void After_any_history_it_knows_who_is_at_work_and_who_waits()
    {
        var session = Gen.Int[0, 3].Select(i => $"ses_{i}");
        var fact = Gen.OneOf<OpenCodeFact>(
            session.Select(s => (OpenCodeFact)Busy(s)),
            session.Select(s => (OpenCodeFact)new SessionStatusTold(SessionStatus.Retry) { SessionId = s }),
            session.Select(s => (OpenCodeFact)Idle(s)),
            session.Select(s => (OpenCodeFact)new SessionDeleted { SessionId = s }),
            session.Select(s => (OpenCodeFact)new SessionTouched { SessionId = s }),
            session.Select(s => (OpenCodeFact)new SessionFailed("E", null, Ends: true) { SessionId = s }),
            session.Select(s => (OpenCodeFact)new SessionFailed("E", null) { SessionId = s }),
            Gen.Select(session, Gen.Int[0, 3], (s, r) => (OpenCodeFact)Asked(s, $"{s}/per_{r}")),
            Gen.Select(session, Gen.Int[0, 3], (s, r) => (OpenCodeFact)Answered($"{s}/per_{r}")));

        fact.List[0, 40].Sample(history =>
        {
            var ledger = new SessionLedger(_time);
            history.ForEach(ledger.Apply);

            var sessions = history.Select(f => f.SessionId).OfType<string>().Distinct().ToList();
            Assert.Equal(sessions.Count(s => history.LastOrDefault(f => f.SessionId == s && (Begins(f) || Ends(f))) is { } last && Begins(last)), ledger.Now.AtWork);
            Assert.Equal(sessions.Count(s => Enumerable.Range(0, 4).Any(r => IsOpen(history, s, $"{s}/per_{r}"))), ledger.Now.Waiting);
        }, iter: 3_000);
    }

    private static bool Begins(OpenCodeFact fact) => fact is SessionStatusTold { Status: not SessionStatus.Idle };

    private static bool Ends(OpenCodeFact fact) => fact is SessionStatusTold { Status: SessionStatus.Idle } or SessionDeleted or SessionFailed { Ends: true };

    private static bool IsOpen(List<OpenCodeFact> history, string session, string request)
    {
        var asked = history.FindLastIndex(f => f is RequestAsked a && a.RequestId == request);
        return asked >= 0 && !history.Skip(asked).Any(f => (f is RequestAnswered a && a.RequestId == request) || (f.SessionId == session && Ends(f)));
    }

    private static SessionStatusTold Busy(string session) => new(SessionStatus.Busy) { SessionId = session };

    private static SessionStatusTold Idle(string session) => new(SessionStatus.Idle) { SessionId = session };

    private static RequestAsked Asked(string session, string request) => new(RequestKind.Permission, request, "bash") { SessionId = session };

    private static RequestAnswered Answered(string request) => new(RequestKind.Permission, request, "once");
}
