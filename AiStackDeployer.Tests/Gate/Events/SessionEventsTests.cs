using System.Text;
using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.OpenCode;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class SessionEventsTests : IDisposable
{
    private readonly SentEvents _sent = new();

    public void Dispose() => _sent.Dispose();

    [Fact]
    public async Task A_recorded_session_becomes_these_events()
    {
        Play(withContent: false);

        Assert.Equal(RecordedStream.Events(), await _sent.LinesAsync());
    }

    [Fact]
    public async Task Nothing_that_somebody_wrote_is_sent()
    {
        Play(withContent: false);

        await _sent.CloseAsync();
        Assert.NotEmpty(_sent.Text);
        foreach (var written in (string[])["SECRET", "work-folder", "nonexistent", "exit 3", "say hello", "word0", "slow down", "\"Aborted", "Tool execution", "/bin/sh", "127.0.0.1"])
        {
            Assert.DoesNotContain(written, _sent.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task An_operator_may_ask_for_what_was_written()
    {
        Play(withContent: true);

        var events = await _sent.CloseAsync();
        foreach (var (type, message) in (List<(string, string)>)
        [
            ("session.created", "SECRETTITLE t1"), ("message.text", "SECRETPROMPT RUNTOOL"), ("message.text", "word0 word1 word2 "),
            ("tool.executed", "echo SECRETOUT; sleep 1"), ("session.error", "fake provider error SECRETBODY"), ("permission.asked", "exit 3"),
        ])
        {
            Assert.Contains(events, e => e.Type == type && e.Message == message);
        }
    }

    [Fact]
    public async Task A_character_that_was_cut_in_two_stops_no_batch()
    {
        var json = """{"type":"session.created","properties":{"sessionID":"ses_1","info":{"title":"TITLE"}}}""".Replace("TITLE", new string('x', 1_999) + "🦊", StringComparison.Ordinal);
        new SessionEvents(_sent.Log).Apply(FactReader.Read(Encoding.UTF8.GetBytes(json), withContent: true)!);

        Assert.Equal(new string('x', 1_999) + "\uFFFD", Assert.Single(await _sent.CloseAsync()).Message);
    }

    [Fact]
    public async Task What_OpenCode_repeats_is_told_once()
    {
        var events = new SessionEvents(_sent.Log);
        Play(events, withContent: true);
        var once = _sent.Log.Counts.Waiting;
        Play(events, withContent: true);

        var again = (await _sent.CloseAsync()).Skip(once).Select(e => e.Type).Distinct().Order();
        Assert.Equal(["pty.created", "pty.exited", "session.compacted", "session.created", "session.deleted", "session.error", "session.status"], again);
    }

    [Fact]
    public async Task A_session_of_the_second_generation_becomes_these_events()
    {
        var events = new SessionEvents(_sent.Log);
        foreach (var frame in SecondGeneration.Session)
        {
            if (FactReader.Read(Encoding.UTF8.GetBytes(frame), withContent: false) is { } fact)
            {
                events.Apply(fact);
            }
        }

        Assert.Equal(
        [
            "info session.created",
            "info session.status status=busy",
            "info question.asked request_id=frm_1",
            "info question.replied request_id=frm_1 reply=answered",
            "info permission.asked request_id=per_1 permission=bash",
            "info permission.replied request_id=per_1 reply=always",
            "warn tool.executed tool=bash outcome=error",
            "info message.completed model=m1 provider=fake agent=build finish=stop cost=0.25 tokens_input=10 tokens_output=5 tokens_cache_read=3",
            "warn session.status status=retry attempt=2",
            "error session.error error=ProviderError status_code=500",
            "info session.status status=busy",
            "info session.status status=idle",
            "info mcp.status.changed server=files status=connected",
            "info session.deleted",
        ], await _sent.LinesAsync());
        Assert.DoesNotContain("SECRET", _sent.Text, StringComparison.Ordinal);
    }

    private void Play(bool withContent) => Play(new SessionEvents(_sent.Log), withContent);

    private static void Play(SessionEvents events, bool withContent)
    {
        foreach (var fact in RecordedStream.Facts(withContent))
        {
            events.Apply(fact);
        }
    }
}
