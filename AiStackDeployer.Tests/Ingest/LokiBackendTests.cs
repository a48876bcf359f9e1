using System.Net;
using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Diagnostics;
using AiStackDeployer.LogIngest.Loki;
using AiStackDeployer.LogIngest.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>How long is waited between attempts.</summary>
public sealed class LokiBackendTests
{
    [Fact]
    public async Task Pauses_double_up_to_five_minutes()
    {
        var pauses = await PausesAsync(jitter: 1, retryAfter: null);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public async Task A_pause_is_a_random_part_of_what_it_may_be() =>
        Assert.Equal([0.25, 0.5, 1], (await PausesAsync(jitter: 0.25, retryAfter: null)).Take(3).Select(p => p.TotalSeconds));

    [Fact]
    public async Task A_Retry_After_is_waited_for() =>
        Assert.Equal([30, 30, 30], (await PausesAsync(jitter: 0, retryAfter: 30)).Take(3).Select(p => p.TotalSeconds));

    [Fact]
    public async Task Nobody_can_make_a_pause_longer_than_five_minutes() =>
        Assert.Equal([300, 300, 300], (await PausesAsync(jitter: 0, retryAfter: 86_400)).Take(3).Select(p => p.TotalSeconds));

    private static async Task<IReadOnlyList<TimeSpan>> PausesAsync(double jitter, int? retryAfter)
    {
        var time = new ImpatientTime();
        using var http = new HttpClient(new Unavailable(11, retryAfter));
        var settings = new IngestSettings { DataDir = "", PortalUrl = new Uri("http://portal"), Key = "", LokiUrl = new Uri("http://loki") };
        var backend = new LokiBackend(new LokiClient(http, settings), time, () => jitter, new IngestMetrics(), NullLogger<LokiBackend>.Instance);
        var entry = new LogEntry { Stream = new LogStream("piet-lab", LogSource.OpenCode), Ns = 1, EventId = "evt_1", Type = "t", Level = "info", Attrs = [] };

        await backend.WriteAsync([entry], CancellationToken.None, TestContext.Current.CancellationToken);

        return time.Pauses;
    }

    /// <summary>Notes each pause, and lets none happen.</summary>
    private sealed class ImpatientTime : FakeTimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class Unavailable(int times, int? retryAfter) : HttpMessageHandler
    {
        private int _left = times;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(_left-- > 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent);
            if (retryAfter is { } seconds)
            {
                response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
            }
            return Task.FromResult(response);
        }
    }
}
