using System.Net;
using System.Text;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.OpenCode;
using AiStackDeployer.StackGate.Supervision;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class OpenCodeFollowerTests : IAsyncDisposable
{
    /// <summary>A stream that is never opened is a failure of this test, and not the end of the run.</summary>
    private const int GivesUpAfter = 60_000;

    private const string Heartbeat = """{"payload":{"id":"evt_0","type":"server.heartbeat","properties":{}}}""";
    private const string Query = "?directory=%2Fworkspace%2Fa%20b";

    private readonly WatchedTime _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly PlayedOpenCode _openCode = new();
    private readonly OpenCodeEndpoint _endpoint = new(new Uri("http://127.0.0.1:4096"), "opencode", "secret");
    private readonly HttpClient _http;
    private readonly SentEvents _sent;
    private readonly SessionLedger _ledger;
    private readonly OpenCodeFollower _follower;

    public OpenCodeFollowerTests()
    {
        _http = new HttpClient(_openCode) { Timeout = Timeout.InfiniteTimeSpan };
        _sent = new SentEvents(_time);
        _ledger = new SessionLedger(_time);
        _follower = new OpenCodeFollower(_endpoint, new OpenCodeClient(_http, _endpoint), _ledger, new SessionEvents(_sent.Log), false, _time, () => 1, NullLogger<OpenCodeFollower>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
        _http.Dispose();
        _sent.Dispose();
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData(1, "/global/event")]
    [InlineData(2, "/api/event")]
    public async Task Each_generation_has_its_stream_and_is_asked_with_its_own_password(int generation, string path)
    {
        _openCode.Answers["/api/session/active"] = """{"data":{}}""";
        var stream = await StartAsync(generation);

        Assert.Equal(path, stream.Path);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("opencode:secret")), _openCode.LastAuthorization);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_new_OpenCode_is_not_asked_anything_because_a_question_would_load_a_folder()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));

        Assert.Equal(1, _ledger.Now.AtWork);
        Assert.False(_openCode.HasQuestion);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_a_gap_hid_is_asked_for_before_the_new_stream_is_read()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        _openCode.Answers["/session/status" + Query] = """{"ses_2":{"type":"busy"},"ses_3":{"type":"retry","attempt":1},"ses_4":{"type":"idle"}}""";
        _openCode.Answers["/permission" + Query] = """[{"id":"per_2","sessionID":"ses_2"},{"id":"per_4","sessionID":"ses_4"}]""";
        _openCode.Answers["/question" + Query] = """[{"id":"que_3","sessionID":"ses_3"}]""";
        stream.End(new IOException("cut"));

        stream = await ReconnectAsync();
        // It was written before OpenCode made its lists, and comes after them.
        await stream.SendAsync(Idle("ses_3"));
        Assert.Equal((1, 1), (_ledger.Now.AtWork, _ledger.Now.Waiting));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task The_second_generation_tells_of_all_folders_at_once()
    {
        _openCode.Answers["/api/session/active"] = """{"data":{"ses_1":{"type":"running"},"ses_2":{"type":"running"}}}""";
        _openCode.Answers["/api/session/ses_1/permission"] = """{"data":[{"id":"per_1","sessionID":"ses_1"}]}""";
        _openCode.Answers["/api/session/ses_1/form"] = "<html>";
        var stream = await StartAsync(2);
        await stream.SendAsync(Heartbeat);

        Assert.Equal((2, 1), (_ledger.Now.AtWork, _ledger.Now.Waiting));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_crash_leaves_nobody_at_work()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        await stream.SendAsync("""{"directory":"/a","payload":{"type":"permission.asked","properties":{"id":"per_1","sessionID":"ses_1"}}}""");
        Assert.Equal((1, 1), (_ledger.Now.AtWork, _ledger.Now.Waiting));

        _endpoint.Down(new OpenCodeExit(139, false, false, TimeSpan.FromMinutes(5)), OpenCodeState.Starting);
        _endpoint.Up(1, "1.18.33");
        stream = await _openCode.NextStreamAsync();
        await stream.SendAsync(Heartbeat);
        Assert.Equal((0, 0), (_ledger.Now.AtWork, _ledger.Now.Waiting));
        Assert.False(_openCode.HasQuestion);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Attempts_become_rarer_while_the_stream_does_not_open()
    {
        _openCode.Refusal = HttpStatusCode.InternalServerError;
        await StartAsync(1);
        foreach (var pause in (double[])[0.5, 1, 2, 4, 5, 5])
        {
            await _time.WaitsForAsync(TimeSpan.FromSeconds(pause));
            _time.Advance(TimeSpan.FromSeconds(pause));
            await _openCode.NextStreamAsync();
        }
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_stream_that_fell_silent_is_opened_again()
    {
        await StartAsync(1);
        await _time.WaitsForAsync(OpenCodeFollower.LongestSilence);
        await _time.WaitsForAsync(OpenCodeFollower.LongestSilence);
        _time.Advance(OpenCodeFollower.LongestSilence);

        await (await ReconnectAsync()).SendAsync(Heartbeat);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_status_that_got_lost_is_found_by_the_next_review()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        _openCode.Answers["/session/status" + Query] = "{}";
        _openCode.Answers["/permission" + Query] = "[]";
        _openCode.Answers["/question" + Query] = "[]";

        for (var passed = TimeSpan.Zero; passed < OpenCodeFollower.BetweenReviews; passed += TimeSpan.FromSeconds(30))
        {
            Assert.False(_openCode.HasQuestion);
            _time.Advance(TimeSpan.FromSeconds(30));
            await stream.SendAsync(Heartbeat);
        }
        Assert.Equal("/session/status" + Query, await _openCode.NextQuestionAsync());
        Assert.Equal(0, _ledger.Now.AtWork);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task An_OpenCode_that_does_not_say_who_is_at_work_leaves_what_was_known()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        stream.End();

        stream = await ReconnectAsync();
        await stream.SendAsync(Heartbeat);
        Assert.Equal(1, _ledger.Now.AtWork);
    }

    public static TheoryData<string> Hostile => new(
        "data: {\"directory\":\"/a\",\"payload\":{\"type\":\"session.sta\n\n",
        "data: " + new string('x', 3 * OpenCodeFollower.LongestFrame) + "\n\n",
        "data: {\"payload\":{\"type\":\"session.deleted\",\"properties\":" + new string('[', 100_000) + "\n\n",
        string.Concat(Enumerable.Repeat("data: x\n", OpenCodeFollower.LongestFrame / 4)) + "\n",
        "event: x\nid: \0\nretry: 99999999999999999999\ndata\n:\n\n",
        "\uFEFF\r\r\r\n\n\n\0\0data:\u0001\n\n",
        "HTTP/1.1 500 Internal Server Error\n\n");

    [Theory(Timeout = GivesUpAfter)]
    [MemberData(nameof(Hostile))]
    public async Task Whatever_comes_between_the_next_frame_is_read(string garbage)
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        await stream.WriteAsync(garbage);
        await stream.SendAsync(Busy("ses_2"));

        Assert.Equal(2, _ledger.Now.AtWork);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_frame_that_was_cut_is_made_good_by_a_question()
    {
        var stream = await StartAsync(1);
        await stream.SendAsync(Busy("ses_1"));
        await stream.WriteAsync("data: " + new string('x', OpenCodeFollower.LongestFrame) + "\n\n");
        Assert.False(_openCode.HasQuestion);

        _time.Advance(TimeSpan.FromSeconds(10));
        await stream.SendAsync(Heartbeat);
        Assert.Equal("/session/status" + Query, await _openCode.NextQuestionAsync());
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Half_a_frame_at_the_end_of_a_stream_is_nothing()
    {
        var stream = await StartAsync(1);
        await stream.WriteAsync("data: " + Busy("ses_1"));
        stream.End();

        await (await ReconnectAsync()).SendAsync(Heartbeat);
        Assert.Equal(0, _ledger.Now.AtWork);
    }

    private async Task<PlayedStream> StartAsync(int generation)
    {
        _endpoint.Up(generation, "1.18.33");
        await _follower.StartAsync(TestContext.Current.CancellationToken);
        return await _openCode.NextStreamAsync();
    }

    private async Task<PlayedStream> ReconnectAsync()
    {
        await _time.WaitsForAsync(TimeSpan.FromSeconds(0.5));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        return await _openCode.NextStreamAsync();
    }

    private static string Busy(string session) => Status(session, "busy");

    private static string Idle(string session) => Status(session, "idle");

    private static string Status(string session, string status) =>
        """{"directory":"/workspace/a b","payload":{"id":"evt_1","type":"session.status","properties":{"sessionID":"SESSION","status":{"type":"STATUS"}}}}"""
            .Replace("SESSION", session, StringComparison.Ordinal).Replace("STATUS", status, StringComparison.Ordinal);
}
