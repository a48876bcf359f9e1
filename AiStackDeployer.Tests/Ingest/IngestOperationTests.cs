using System.Net;
using AiStackDeployer.LogIngest;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>What operators see of it, and how it ends.</summary>
public sealed class IngestOperationTests
{
    /// <summary>Dashboards are built on these names.</summary>
    [Fact]
    public async Task The_metrics_have_their_names_and_begin_at_zero()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await ingest.EmptyAsync();

        var metrics = await ingest.MetricsAsync();

        Assert.Equal(
            [
                "events_accepted_total", "events_dropped_total", "known_stacks", "list_age_seconds", "pushes_total", "queue_bytes", "queue_events", "requests_total", "retries_total",
                "stored_bytes",
            ],
            metrics.Types.Keys.Select(n => n.Replace("aistack_ingest_", "")).Order());
        Assert.Equal(1, metrics.Sum("aistack_ingest_events_accepted_total", ("source", "opencode")));
        Assert.Equal(0, metrics.Sum("aistack_ingest_events_accepted_total", ("source", "portal")));
        Assert.Equal(0, metrics.Sum("aistack_ingest_events_dropped_total", ("reason", "queue_full")));
        Assert.Equal(1, metrics.Sum("aistack_ingest_pushes_total", ("outcome", "ok")));
        Assert.Equal(1, metrics.Sum("aistack_ingest_requests_total", ("status", "202")));
        Assert.True(metrics.Sum("aistack_ingest_stored_bytes") > 0);
        Assert.DoesNotContain("piet-lab", metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_lives_at_once_and_is_ready_when_it_knows_the_stacks()
    {
        var portal = await FakePortal.StartAsync();
        portal.Status = 503;
        await using var ingest = await IngestWorld.StartAsync(portal: portal);

        Assert.Equal(HttpStatusCode.OK, (await ingest.GetAsync("/healthz", null)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ingest.GetAsync("/readyz", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ingest.GetAsync("/", null)).StatusCode);
    }

    [Fact]
    public async Task A_stop_stores_what_is_in_the_queue_first()
    {
        await using var loki = await FakeLoki.StartAsync();
        // Seconds pass in milliseconds here, and the stop is not to end before a slow machine has carried everything.
        await using var ingest = await IngestWorld.StartAsync(loki, new IngestLimits { Draining = TimeSpan.FromHours(1) });
        for (var i = 0; i < 3; i++)
        {
            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 400).Select(n => ingest.Event($"evt_{i}_{n}"))]));
        }

        loki.Answers(500, "empty ring\n");
        await ingest.StopAsync();

        Assert.Equal(1_200, loki.Stored.Count);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_Loki_that_hangs_and_says_what_is_lost()
    {
        await using var loki = await FakeLoki.StartAsync();
        loki.Gate = new TaskCompletionSource().Task;
        await using var ingest = await IngestWorld.StartAsync(loki);
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await loki.NextAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_2")));

        await ingest.StopAsync();

        Assert.Contains("2 events that were accepted have not been stored", ingest.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_is_logged_has_a_token_a_key_or_an_event()
    {
        await using var loki = await FakeLoki.StartAsync();
        loki.IsBad = _ => true;
        await using var ingest = await IngestWorld.StartAsync(loki);

        await ingest.SendAsync("piet-lab", ingest.Event("evt_1", "a secret of a person"));
        await ingest.SendAsync("nobody", ingest.Event("evt_1"));
        await ingest.QueryAsync("stack=piet-lab");
        await ingest.EmptyAsync();
        await ingest.StopAsync();

        Assert.NotEqual("", ingest.Log.Text);
        Assert.DoesNotContain("aisl_", ingest.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(IngestWorld.Key, ingest.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret of a person", ingest.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_stores_what_it_has_when_it_is_terminated_and_ends_with_0()
    {
        await using var portal = await FakePortal.StartAsync("piet-lab");
        await using var loki = await FakeLoki.StartAsync();
        var folder = Directory.CreateTempSubdirectory("ingest-").FullName;
        var port = FreePort.Next();
        await using var program = ProgramProcess.Start("AiStackDeployer.LogIngest", folder, new Dictionary<string, string>
        {
            ["PORT"] = $"{port}", ["HOST"] = "127.0.0.1", ["DATA_DIR"] = folder, ["PORTAL_URL"] = portal.Url.ToString(), ["LOG_INGEST_KEY"] = IngestWorld.Key, ["LOKI_URL"] = loki.Url.ToString(),
        });
        await program.LineAsync("Now listening", TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "ingest")
        {
            Content = new StringContent($$"""{"id":"evt_1","ts":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"type":"t","message":"last words"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
            Headers = { Authorization = new("Bearer", FakePortal.TokenOf("piet-lab")) },
        };

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await program.TerminateAsync();

        Assert.Equal(0, program.ExitCode);
        Assert.Equal("t last words", loki.Stored.Single().Text);
        // One JSON object a line.
        Assert.All(program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("""^\{"Timestamp":"20\d\d-\d\d-\d\dT.*Z".*\}$""", line));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_program_says_what_is_wrong_with_its_settings_and_ends_with_2()
    {
        var folder = Directory.CreateTempSubdirectory("ingest-").FullName;
        await using var program = ProgramProcess.Start("AiStackDeployer.LogIngest", folder, new Dictionary<string, string> { ["PORT"] = "x", ["SECRETS_DIR"] = folder });

        Assert.Equal(2, await program.EndAsync(TestContext.Current.CancellationToken));
        Assert.Contains("PORTAL_URL is not set", program.Output, StringComparison.Ordinal);
        Assert.Contains("LOG_INGEST_KEY is not set", program.Output, StringComparison.Ordinal);
        Assert.Contains("PORT must be", program.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
