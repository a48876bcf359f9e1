using System.Text.Json;
using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.OpenCode;
using AiStackDeployer.StackGate.Supervision;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class StackEventsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly WatchedTime _time = new(Start);
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;
    private readonly OpenCodeEndpoint _openCode = new(new Uri("http://127.0.0.1:4096"), "opencode", "secret");
    private readonly SentEvents _sent;
    private readonly SessionLedger _ledger;
    private readonly ContainerMemory _memory;

    public StackEventsTests()
    {
        _sent = new SentEvents(_time);
        _ledger = new SessionLedger(_time);
        _memory = new ContainerMemory(_root);
        File.WriteAllText(Path.Combine(_root, "memory.current"), "400000000");
    }

    public void Dispose()
    {
        _sent.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task The_stack_tells_of_its_life_and_each_minute_of_its_memory()
    {
        using var events = new StackEvents(_sent.Log, _openCode, _ledger, _memory, _time);
        await events.StartingAsync(CancellationToken.None);
        await events.StartAsync(CancellationToken.None);
        await _time.WaitsForAsync(StackEvents.Interval);
        _ledger.Apply(new SessionStatusTold(SessionStatus.Busy) { SessionId = "ses_1" });
        await PassMinuteAsync();
        _openCode.Down(new OpenCodeExit(137, true, false, TimeSpan.FromSeconds(90)), OpenCodeState.Starting);
        await events.StoppingAsync(CancellationToken.None);
        await events.StopAsync(CancellationToken.None);
        _openCode.Down(new OpenCodeExit(0, false, true, TimeSpan.FromSeconds(1)), OpenCodeState.Failed);
        await events.StoppedAsync(CancellationToken.None);

        Assert.Equal(
        [
            "info stack.started gate=0.1.0",
            "debug stack.memory memory_bytes=400000000 sessions_at_work=1",
            "error opencode.exited exit=137 hung=true lived_ms=90000",
            "info stack.stopping",
            "info opencode.exited exit=0 stopping=true lived_ms=1000",
        ], await _sent.LinesAsync());
    }

    [Fact]
    public async Task What_was_lost_is_told_once()
    {
        using var events = new StackEvents(_sent.Log, _openCode, _ledger, _memory, _time);
        await events.StartAsync(CancellationToken.None);
        await _time.WaitsForAsync(StackEvents.Interval);
        for (var i = 0; i < LogForwarder.Capacity + 6; i++)
        {
            _sent.Log.Add("pty.created");
        }
        await PassMinuteAsync();
        await events.StopAsync(CancellationToken.None);

        Assert.Contains("warn events.dropped count=7", await _sent.LinesAsync());
    }

    /// <summary>The services of the gate stop at the same time, and OpenCode's end may be the last thing that happens.</summary>
    [Fact]
    public async Task Events_of_the_stop_itself_are_sent()
    {
        using var sender = new EventSender(_sent.Log);
        await sender.StartingAsync(CancellationToken.None);
        await sender.StoppingAsync(CancellationToken.None);
        await sender.StopAsync(CancellationToken.None);
        _sent.Log.Add("opencode.exited");
        await sender.StoppedAsync(CancellationToken.None);

        Assert.Equal((1, 0, 0, 0), (_sent.Log.Counts.Sent, _sent.Log.Counts.Refused, _sent.Log.Counts.Dropped, _sent.Log.Counts.Waiting));
    }

    [Fact]
    public void The_portal_reads_these_names()
    {
        var notes = new ActivityNotes(_time);
        var reports = Reports(notes, new PlayedOpenCode());
        _openCode.Up(1, "1.18.33");
        _time.Advance(TimeSpan.FromSeconds(1));
        notes.HumanRequest();
        _ledger.Apply(new SessionStatusTold(SessionStatus.Busy) { SessionId = "ses_1" });
        _ledger.Apply(new RequestAsked(RequestKind.Question, "que_1", null) { SessionId = "ses_1" });
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            """{"gate":"0.1.0","now":"2030-01-02T03:04:07+00:00","started_at":"2030-01-02T03:04:05+00:00","last_human_at":"2030-01-02T03:04:06+00:00","last_terminal_input_at":null,"sessions_at_work":1,"sessions_waiting":1,"sessions_stored":null,"last_agent_at":"2030-01-02T03:04:06+00:00","memory_bytes":400000000,"memory_limit_bytes":null,"opencode":{"version":"1.18.33","generation":1,"state":"running","restarts":0},"events":{"sent":0,"refused":0,"dropped":0,"waiting":0}}""",
            JsonSerializer.Serialize(reports.Now, ActivityJsonContext.Default.ActivityReport));
    }

    [Theory]
    [InlineData(1, """[{"id":"ses_1"},{"id":"ses_2"},{"id":"ses_3"}]""", 3)]
    [InlineData(1, """{"name":"NotFound"}""", null)]
    [InlineData(1, "<html>", null)]
    [InlineData(2, """{"data":[{"id":"ses_1"},{"id":"ses_2"}],"cursor":{"next":"c 1"}}""", 3)]
    public async Task Sessions_are_counted_when_the_portal_asks(int generation, string answer, int? expected)
    {
        var openCode = new PlayedOpenCode
        {
            Answers =
            {
                ["/experimental/session?limit=10000"] = answer, ["/api/session"] = answer,
                ["/api/session?cursor=c%201"] = """{"data":[{"id":"ses_3"}],"cursor":{"next":null}}""",
            },
        };
        var reports = Reports(new ActivityNotes(_time), openCode);
        _openCode.Up(generation, "1.18.33");

        Assert.Equal(expected, (await reports.WithSessionsAsync(CancellationToken.None)).SessionsStored);
        Assert.Null(reports.Now.SessionsStored);
    }

    private ActivityReports Reports(ActivityNotes notes, PlayedOpenCode openCode) =>
        new(notes, _ledger, _memory, _openCode, new OpenCodeClient(new HttpClient(openCode), _openCode), new EventLog(null, _time, () => ""), _time);

    private async Task PassMinuteAsync()
    {
        var before = _sent.Log.Counts.Waiting + _sent.Log.Counts.Dropped;
        _time.Advance(StackEvents.Interval);
        while (_sent.Log.Counts.Waiting + _sent.Log.Counts.Dropped == before)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
