using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace AiStackDeployer.Contract;

/// <summary>
/// Sends events to the ingest without anybody waiting for it: <see cref="Add"/> never blocks and never fails. What does not fit into the
/// bounded buffer pushes out the oldest; that, and what the ingest would not take, is counted. One batch is under way at a time, so a slow
/// ingest costs this buffer and nothing else.
/// </summary>
public sealed class LogForwarder
{
    public const int Capacity = 5_000;
    public const int MostEvents = 500;
    public const int MostAttempts = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly Uri _ingest;
    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly Channel<LogEvent> _buffer;
    private long _sent;
    private long _refused;
    private long _dropped;
    private int _underWay;

    /// <param name="http">Without retries of its own; its timeout bounds one attempt.</param>
    /// <param name="ingest">The address of <c>POST /ingest</c>.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="time">The clock of all pauses.</param>
    /// <param name="jitter">A number from 0 to 1 by which a pause is multiplied, random for each call.</param>
    public LogForwarder(HttpClient http, Uri ingest, string token, TimeProvider time, Func<double> jitter)
    {
        (_http, _ingest, _token, _time, _jitter) = (http, ingest, token, time, jitter);
        _buffer = Channel.CreateBounded<LogEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>How long an event may wait for company.</summary>
    public static TimeSpan Gathering { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for what is left.</summary>
    public static TimeSpan Draining { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Events that the ingest took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Events that the ingest would not take.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Events that were pushed out of the buffer, or given up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events of which nothing is known yet.</summary>
    public int Waiting => _buffer.Reader.Count + Volatile.Read(ref _underWay);

    public void Add(LogEvent entry)
    {
        if (!_buffer.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Sends until it is stopped; then what is left, for as long as <see cref="Draining"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var end = new CancellationTokenSource();
        using var drain = _time.CreateTimer(_ => end.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stop = stopping.Register(() =>
        {
            _buffer.Writer.TryComplete();
            drain.Change(Draining, Timeout.InfiniteTimeSpan);
        });
        var batch = new List<LogEvent>(MostEvents);
        try
        {
            while (await _buffer.Reader.WaitToReadAsync(end.Token))
            {
                if (_buffer.Reader.Count < MostEvents)
                {
                    await PauseAsync(Gathering, stopping);
                }
                while (batch.Count < MostEvents && _buffer.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }
                _underWay = batch.Count;
                await SendAsync(batch, stopping, end.Token);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Interlocked.Add(ref _dropped, Waiting);
        }
    }

    private async Task SendAsync(IReadOnlyList<LogEvent> events, CancellationToken stopping, CancellationToken end)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, answer, retryAfter) = await PostAsync(events, end);
            if (status is HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                // Another program than the ingest may leave the list out.
                var refused = Math.Clamp(answer?.Rejected?.Count ?? 0, 0, events.Count);
                Settle(ref _refused, refused);
                Settle(ref _sent, events.Count - refused);
                return;
            }
            if (status == HttpStatusCode.RequestEntityTooLarge && events.Count > 1)
            {
                var half = events.Count / 2;
                await SendAsync([.. events.Take(half)], stopping, end);
                await SendAsync([.. events.Skip(half)], stopping, end);
                return;
            }
            if (!IsAway(status) && status is not >= HttpStatusCode.InternalServerError)
            {
                Settle(ref _refused, events.Count);
                return;
            }
            if (!IsAway(status) && attempt == MostAttempts)
            {
                Settle(ref _dropped, events.Count);
                return;
            }
            var longest = LongestPause.TotalSeconds;
            var pause = _jitter() * Math.Min(longest, FirstPause.TotalSeconds * Math.Pow(2, attempt - 1));
            await PauseAsync(TimeSpan.FromSeconds(Math.Clamp(pause, Math.Clamp(retryAfter?.TotalSeconds ?? 0, 0, longest), longest)), stopping);
            if (stopping.IsCancellationRequested)
            {
                // Not in a tight loop against an ingest that stops at the same time.
                await Task.Delay(FirstPause, _time, end);
            }
        }
    }

    private void Settle(ref long counter, int events)
    {
        Interlocked.Add(ref counter, events);
        Interlocked.Add(ref _underWay, -events);
    }

    /// <summary>
    /// No fault of this batch, so it is never given up: the bounded buffer decides what an outage costs. Also 401: an ingest learns a new
    /// stack's token a moment after the stack. Any other 5xx may be the batch's own, and those behind it must not wait for ever.
    /// </summary>
    private static bool IsAway(HttpStatusCode? status) => status is null or HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout
        or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private async Task<(HttpStatusCode? Status, LogBatchAnswer? Answer, TimeSpan? RetryAfter)> PostAsync(
        IReadOnlyList<LogEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _ingest) { Content = Compress(events) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            using var response = await _http.SendAsync(request, cancellationToken);
            var answer = response.StatusCode == HttpStatusCode.Accepted ? ReadAnswer(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
            return (response.StatusCode, answer, response.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return default;
        }
    }

    /// <summary>A batch that was taken is not sent twice because its answer cannot be read.</summary>
    private static LogBatchAnswer? ReadAnswer(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LogJsonContext.Default.LogBatchAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ByteArrayContent Compress(IReadOnlyList<LogEvent> events)
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(gzip, new LogBatch(events), LogJsonContext.Default.LogBatch);
        }
        return new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        await Task.Delay(pause, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
