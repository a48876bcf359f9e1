using System.Net;
using AiStackDeployer.Contract;
using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Loki;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>What is pushed, and what the ingest makes of Loki's recorded answers.</summary>
public sealed class LokiTests
{
    [Fact]
    public async Task An_event_has_three_labels_and_the_rest_as_metadata()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki, change: s => s with { LokiTenant = "stacks" });
        var entry = ingest.Event("evt_1", "Refused: \"quota\"\n{x}") with { SessionId = "ses_1", Level = "error", Attrs = new Dictionary<string, string> { ["model"] = "gpt", ["cost"] = "0.25" } };

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", entry));
        await ingest.EmptyAsync();

        var stored = Assert.Single(loki.Stored);
        Assert.Equal("session.created Refused: \"quota\"\n{x}\tmodel=gpt cost=0.25", stored.Text);
        Assert.Equal(
            """{"cost":"0.25","event":"session.created","event_id":"evt_1","level":"error","model":"gpt","service_name":"ai-stack","session_id":"ses_1","source":"opencode","stack":"piet-lab"}""",
            stored.Labels);
        Assert.Equal("stacks", loki.Tenant);
    }

    /// <summary>As a gate does whose answer was lost, and as the ingest itself.</summary>
    [Fact]
    public async Task What_is_sent_twice_is_stored_once_and_equal_events_of_one_moment_are_not_taken_for_one()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);
        var at = ingest.Time.GetUtcNow();
        List<LogEvent> events = [.. Enumerable.Range(0, 100).Select(i => ingest.Event($"evt_{i}") with { Ts = at })];

        loki.Answers(500, "empty ring\n").Answers(429, "ingestion rate limit exceeded for user fake\n");
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", events));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", events));
        await ingest.EmptyAsync();

        Assert.Equal(events.Select(e => e.Id), loki.Stored.Select(s => s["event_id"]));
    }

    [Fact]
    public async Task Of_a_batch_of_which_half_is_refused_the_other_half_is_stored_and_only_the_bad_ones_are_counted()
    {
        await using var loki = await FakeLoki.StartAsync();
        loki.IsBad = l => l.Text.Contains("bad", StringComparison.Ordinal);
        await using var ingest = await IngestWorld.StartAsync(loki);

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 20).Select(i => ingest.Event($"evt_{i}", i is 3 or 4 or 17 ? "bad" : "good"))]));
        await ingest.EmptyAsync();

        Assert.Equal(17, loki.Stored.Count);
        Assert.Equal(3, (await ingest.MetricsAsync()).Sum("aistack_ingest_events_dropped_total", ("reason", "loki_rejected")));
    }

    /// <summary>A push that is refused as a whole has stored nothing: found out by halving, too.</summary>
    [Fact]
    public async Task A_400_that_stored_nothing_costs_no_event()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);

        loki.Answers(400, "loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder\n").Answers(413, "too large\n");
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 20).Select(i => ingest.Event($"evt_{i}"))]));
        await ingest.EmptyAsync();

        Assert.Equal(20, loki.Stored.Count);
        Assert.Equal(0, (await ingest.MetricsAsync()).Sum("aistack_ingest_events_dropped_total"));
    }

    [Fact]
    public async Task When_nothing_at_all_is_wanted_the_search_for_bad_lines_ends()
    {
        await using var loki = await FakeLoki.StartAsync();
        loki.IsBad = _ => true;
        await using var ingest = await IngestWorld.StartAsync(loki);

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 500).Select(i => ingest.Event($"evt_{i}"))]));
        await ingest.UntilAsync(500, "events_dropped_total", ("reason", "loki_rejected"));

        Assert.InRange((await ingest.MetricsAsync()).Sum("aistack_ingest_pushes_total", ("outcome", "rejected"))!.Value, 100, (2 * LokiBackend.MostSplits) + 1);
    }

    /// <summary>260 is what Loki answers while an operator blocks ingestion.</summary>
    [Theory]
    [InlineData(260, "blocked")]
    [InlineData(302, "refused")]
    [InlineData(401, "refused")]
    [InlineData(404, "refused")]
    public async Task What_is_neither_200_nor_204_is_no_success_and_what_will_not_pass_is_not_tried_again(int status, string outcome)
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);

        loki.Answers(status, "no org id\n");
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1"), ingest.Event("evt_2")));
        await ingest.UntilAsync(2, "events_dropped_total", ("reason", "loki_" + outcome));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_3")));
        await ingest.EmptyAsync();

        var metrics = await ingest.MetricsAsync();
        Assert.Equal(1, metrics.Sum("aistack_ingest_pushes_total", ("outcome", outcome)));
        Assert.Equal(0, metrics.Sum("aistack_ingest_retries_total"));
        Assert.Equal("evt_3", loki.Stored.Single()["event_id"]);
    }

    [Fact]
    public async Task A_limit_of_Loki_that_stays_does_not_hold_up_the_others_for_good()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);
        for (var i = 0; i < LokiBackend.MostRateLimited; i++)
        {
            loki.Answers(429, "maximum active stream limit exceeded when trying to create stream\n");
        }

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await ingest.UntilAsync(1, "events_dropped_total", ("reason", "loki_rate_limited"));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ingest.Event("evt_1")));
        await ingest.EmptyAsync();

        Assert.Equal("anna-lab", loki.Stored.Single()["stack"]);
    }

    [Fact]
    public async Task While_Loki_starts_a_batch_is_tried_until_it_is_stored_and_is_not_lost()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);
        for (var i = 0; i < 50; i++)
        {
            loki.Answers(500, "empty ring\n");
        }

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await ingest.EmptyAsync();

        Assert.Single(loki.Stored);
        Assert.Equal(50, (await ingest.MetricsAsync()).Sum("aistack_ingest_retries_total"));
        // Two lines, not fifty.
        Assert.Equal(1, ingest.Log.Text.Split("Loki does not take events").Length - 1);
        Assert.Contains("Loki takes events again", ingest.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Loki_that_hangs_costs_nobody_an_answer_and_its_push_is_given_up_and_tried_again()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki, IngestWorld.AtOnce with { PushTime = TimeSpan.FromMilliseconds(300) });
        loki.Gate = new TaskCompletionSource().Task;

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await loki.NextAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_2")));
        await loki.NextAsync();
        loki.Gate = Task.CompletedTask;
        await ingest.EmptyAsync();

        Assert.Equal(2, loki.Stored.Count);
        Assert.True((await ingest.MetricsAsync()).Sum("aistack_ingest_pushes_total", ("outcome", "unavailable")) >= 1);
    }

    /// <summary>With Loki away for good: the queue keeps to its limit, whoever fills it is told to wait, and the others still get in.</summary>
    [Fact]
    public async Task When_the_queue_is_full_the_noisy_stack_is_refused_and_a_quiet_one_is_not()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki, IngestWorld.AtOnce with { MostQueuedBytes = 100_000 });
        var back = new TaskCompletionSource();
        loki.Gate = back.Task;
        HttpResponseMessage response;
        var accepted = 0;
        while ((response = await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 20).Select(i => ingest.Event($"evt_{accepted + i}", new string('x', 100)))])).StatusCode == HttpStatusCode.Accepted)
        {
            accepted += 20;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ingest.GetAsync("/readyz")).StatusCode);
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", [.. Enumerable.Range(0, 20).Select(i => ingest.Event($"evt_{i}", new string('x', 100)))]));
        Assert.InRange(ingest.Queue.Bytes, 90_000, 100_000);
        back.SetResult();
        await ingest.EmptyAsync();

        var dropped = (await ingest.MetricsAsync()).Sum("aistack_ingest_events_dropped_total", ("reason", "queue_full"))!.Value;
        Assert.InRange(dropped, 1, 20);
        Assert.Equal(20, loki.Stored.Count(s => s["stack"] == "anna-lab"));
        Assert.Equal(accepted - dropped, loki.Stored.Count(s => s["stack"] == "piet-lab"));
    }

    [Fact]
    public async Task Events_of_a_second_are_pushed_together()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki, new IngestLimits());
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ingest.Event("evt_2")));
        var push = loki.NextAsync();
        while (!push.IsCompleted)
        {
            ingest.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(push, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ingest.Token));
        }

        Assert.Equal(["anna-lab", "piet-lab"], (await push).Select(l => l["stack"]!).Order());
        // A full batch does not wait.
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 500).Select(i => ingest.Event($"evt_x{i}"))]));
        Assert.Equal(500, (await loki.NextAsync()).Count);
    }
}
