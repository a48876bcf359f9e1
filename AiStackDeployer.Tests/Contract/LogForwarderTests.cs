using System.Globalization;
using System.Net;
using AiStackDeployer.Contract;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Contract;

/// <summary>The clock stands still unless a test moves it, so a pause ends when the test says so.</summary>
public sealed class LogForwarderTests : IDisposable
{
    /// <summary>A request that never comes is a failure of this test, and not the end of the run.</summary>
    private const int GivesUpAfter = 60_000;

    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly WatchedTime _time = new(Start);
    private readonly HandledRequests _ingest = new();
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LogForwarder _forwarder;

    public LogForwarderTests()
    {
        _http = new HttpClient(_ingest) { Timeout = Timeout.InfiniteTimeSpan };
        // The longest pause of those it may choose.
        _forwarder = new LogForwarder(_http, new Uri("http://ingest/ingest"), "aisl_1", _time, () => 1);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _http.Dispose();
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Events_are_gathered_for_a_second_and_sent_in_order()
    {
        var running = _forwarder.RunAsync(_stopping.Token);
        Add(0, 3);
        await _time.WaitsForAsync(LogForwarder.Gathering);
        _time.Advance(LogForwarder.Gathering);

        var request = await _ingest.NextAsync();
        Assert.Equal("Bearer aisl_1", request.Authorization);
        Assert.Equal(Ids(0, 3), request.Ids);
        Assert.Equal(3, _forwarder.Waiting);
        request.Accept();
        await StopAsync(running);
        Assert.Equal((3, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_full_batch_does_not_wait_and_none_is_longer()
    {
        Add(0, 1_100);
        var running = _forwarder.RunAsync(_stopping.Token);

        await NextAsync(Ids(0, 500));
        await NextAsync(Ids(500, 500));
        await _time.WaitsForAsync(LogForwarder.Gathering);
        _time.Advance(LogForwarder.Gathering);
        await NextAsync(Ids(1_000, 100));
        await StopAsync(running);
        Assert.Equal((1_100, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_the_ingest_refuses_of_a_batch_is_counted_and_not_sent_again()
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Answer(HttpStatusCode.Accepted, """{"accepted":498,"rejected":[{"index":0,"reason":"a"},{"index":7,"reason":"b"}]}""");

        await StopAsync(running);
        Assert.Equal((498, 2, 0, 0), Counts);
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"accepted":3,"rejected":null}""")]
    public async Task Accepted_is_accepted_whatever_the_body_says(string body)
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Answer(HttpStatusCode.Accepted, body);

        await StopAsync(running);
        Assert.Equal((500, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_batch_that_is_too_large_is_halved_until_only_the_large_event_is_left_out()
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        var largest = Ids(130, 1)[0];
        for (var settled = 0; settled < 500;)
        {
            var request = await _ingest.NextAsync();
            var tooLarge = request.Ids.Contains(largest);
            settled += tooLarge && request.Ids.Count > 1 ? 0 : request.Ids.Count;
            request.Answer(tooLarge ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.Accepted);
        }

        await StopAsync(running);
        Assert.Equal((499, 1, 0, 0), Counts);
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData(7, 7)]
    [InlineData(3_600, 60)]
    [InlineData(null, 0.5)]
    public async Task A_busy_ingest_is_asked_again_when_it_says_but_within_a_minute(int? retryAfter, double expected)
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Answer(HttpStatusCode.TooManyRequests, retryAfter: retryAfter);

        var pause = TimeSpan.FromSeconds(expected);
        await _time.WaitsForAsync(pause);
        _time.Advance(pause);
        await NextAsync(Ids(0, 500));
        await StopAsync(running);
        Assert.Equal((500, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_token_that_the_ingest_does_not_know_yet_is_shown_again()
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Answer(HttpStatusCode.Unauthorized);

        await PassNextWaitAsync();
        await NextAsync(Ids(0, 500));
        await StopAsync(running);
        Assert.Equal((500, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_fits_into_the_buffer_outlasts_ten_minutes_without_a_network()
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        var attempts = 0;
        while (_time.GetUtcNow() < Start.AddMinutes(10))
        {
            (await _ingest.NextAsync()).Break();
            attempts++;
            await PassNextWaitAsync();
        }
        Add(500, 500);
        Assert.Equal((0, 0, 0, 1_000), Counts);

        await NextAsync(Ids(0, 500));
        await NextAsync(Ids(500, 500));
        await StopAsync(running);
        Assert.Equal((1_000, 0, 0, 0), Counts);
        // 0.5, 1, 2 … 32 s, and then each minute.
        Assert.Equal(16, attempts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_batch_that_breaks_the_ingest_is_given_up_for_those_behind_it()
    {
        Add(0, 1_000);
        var running = _forwarder.RunAsync(_stopping.Token);
        for (var attempt = 1; attempt < LogForwarder.MostAttempts; attempt++)
        {
            (await _ingest.NextAsync()).Answer(HttpStatusCode.InternalServerError);
            await PassNextWaitAsync();
        }
        (await _ingest.NextAsync()).Answer(HttpStatusCode.InternalServerError);

        await NextAsync(Ids(500, 500));
        await StopAsync(running);
        Assert.Equal((500, 0, 500, 0), Counts);
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Found)]
    public async Task An_answer_that_will_not_change_is_not_asked_for_twice(HttpStatusCode status)
    {
        Add(0, 1_000);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Answer(status);

        await NextAsync(Ids(500, 500));
        await StopAsync(running);
        Assert.Equal((500, 500, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_full_buffer_loses_the_oldest_and_counts_them()
    {
        Add(0, LogForwarder.Capacity + 10);
        Assert.Equal((0, 0, 10, LogForwarder.Capacity), Counts);

        var running = _forwarder.RunAsync(_stopping.Token);
        await NextAsync(Ids(10, 500));
        Assert.Equal(Ids(510, 1)[0], (await _ingest.NextAsync()).Ids[0]);
        await _stopping.CancelAsync();
        _time.Advance(LogForwarder.Draining);
        await running;
        Assert.Equal((500, 0, LogForwarder.Capacity - 500 + 10), (_forwarder.Sent, _forwarder.Refused, _forwarder.Dropped));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_stop_sends_what_is_left_at_once()
    {
        var running = _forwarder.RunAsync(_stopping.Token);
        Add(0, 3);
        await _time.WaitsForAsync(LogForwarder.Gathering);
        await _stopping.CancelAsync();

        await NextAsync(Ids(0, 3));
        await running;
        Assert.Equal((3, 0, 0, 0), Counts);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_stop_against_an_ingest_that_does_not_answer_ends_in_time()
    {
        Add(0, 600);
        var running = _forwarder.RunAsync(_stopping.Token);
        await NextAsync(Ids(0, 500));
        await _time.WaitsForAsync(LogForwarder.Gathering);
        await _stopping.CancelAsync();
        await _ingest.NextAsync();

        _time.Advance(LogForwarder.Draining - TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await running;
        Assert.Equal((500, 0, 100), (_forwarder.Sent, _forwarder.Refused, _forwarder.Dropped));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_stop_while_the_network_is_away_ends_in_time()
    {
        Add(0, 500);
        var running = _forwarder.RunAsync(_stopping.Token);
        (await _ingest.NextAsync()).Break();
        await _time.WaitsForAsync(TimeSpan.FromSeconds(0.5));
        await _stopping.CancelAsync();

        while (_time.GetUtcNow() < Start + LogForwarder.Draining)
        {
            await _time.WaitsForAsync(TimeSpan.FromSeconds(0.5));
            _time.Advance(TimeSpan.FromSeconds(0.5));
            if (_time.GetUtcNow() < Start + LogForwarder.Draining)
            {
                (await _ingest.NextAsync()).Break();
            }
        }
        await running;
        Assert.Equal(500, _forwarder.Dropped);
    }

    private (long Sent, long Refused, long Dropped, int Waiting) Counts => (_forwarder.Sent, _forwarder.Refused, _forwarder.Dropped, _forwarder.Waiting);

    private void Add(int first, int count)
    {
        foreach (var id in Ids(first, count))
        {
            _forwarder.Add(new LogEvent { Id = id, Ts = Start, Type = "session.created" });
        }
    }

    private static string[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(i => "e" + i.ToString(CultureInfo.InvariantCulture))];

    private async Task NextAsync(string[] ids)
    {
        var request = await _ingest.NextAsync();
        Assert.Equal(ids, request.Ids);
        request.Accept();
    }

    private async Task PassNextWaitAsync()
    {
        TimeSpan wait;
        do
        {
            wait = await _time.NextWaitAsync();
        }
        while (wait == Timeout.InfiniteTimeSpan);
        _time.Advance(wait);
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running;
    }
}
