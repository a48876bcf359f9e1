using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Contract;

namespace AiStackDeployer.Tests.Ingest;

/// <summary><c>GET /query</c>: the same answers from Loki and from the embedded store.</summary>
public sealed class BackendTests
{
    [Fact]
    public async Task Loki_and_the_store_give_the_same_answers()
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var withLoki = await IngestWorld.StartAsync(loki);
        await using var withStore = await IngestWorld.StartAsync();
        string[] questions =
        [
            "stack=piet-lab", "stack=piet-lab&limit=3", "stack=piet-lab&before=2026-11-29T12:00:00.0000045Z&limit=2", "stack=piet-lab&after=2026-11-29T12:00:00.0000045Z&limit=2",
            "stack=piet-lab&after=2026-11-29T12:00:00.0000025Z&before=2026-11-29T12:00:00.0000045Z", "stack=piet-lab&since=2026-11-29T12:00:00.0000045Z",
        ];
        foreach (var ingest in (IngestWorld[])[withLoki, withStore])
        {
            var at = ingest.Time.GetUtcNow();
            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 10).Select(i => new LogEvent
            {
                Id = $"evt_{i}", Ts = at.AddTicks(i * 10), Type = i % 2 == 0 ? "tool.executed" : "session.error", Level = i % 2 == 0 ? "info" : "error",
                SessionId = i == 3 ? "ses_1" : null, Message = i % 3 == 0 ? $"line {i}\nmore" : null,
                Attrs = i % 4 == 0 ? new Dictionary<string, string> { ["tool"] = "bash", ["duration_ms"] = "12" } : null,
            })]));
            await ingest.EmptyAsync();
        }

        foreach (var question in questions)
        {
            var ofLoki = await withLoki.QueryAsync(question);
            var ofStore = await withStore.QueryAsync(question);

            Assert.Equal(Sorted(ofStore), Sorted(ofLoki));
            Assert.NotEqual(0, ofStore.GetProperty("entries").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("q=BASH", "evt_1")]
    [InlineData("q=quota refused", "evt_2")]
    [InlineData("q=%25", "")]
    [InlineData("q=é", "evt_3")]
    [InlineData("level=error&level=warn", "evt_2 evt_3")]
    [InlineData("type=session.error", "evt_2")]
    [InlineData("source=portal", "evt_4")]
    [InlineData("source=portal&q=refused", "")]
    public async Task The_store_finds_by_words_level_source_and_type(string question, string expected)
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync(
            "piet-lab",
            ingest.Event("evt_1") with { Attrs = new Dictionary<string, string> { ["tool"] = "bash" } },
            ingest.Event("evt_2", "Refused: no quota") with { Type = "session.error", Level = "error" },
            ingest.Event("evt_3", "CAFÉ") with { Level = "warn" }));
        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync("""{"id":"evt_4","ts":1795953600000,"type":"deployment.ready","stack":"piet-lab"}""", IngestWorld.Key));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ingest.Event("evt_5", "bash quota refused café") with { Level = "error" }));
        await ingest.EmptyAsync();

        var page = await ingest.QueryAsync("stack=piet-lab&" + question);

        Assert.Equal(expected, string.Join(' ', page.GetProperty("entries").EnumerateArray().Select(Id).Order()));
    }

    /// <summary>A reader that follows a log misses nothing and sees nothing twice, also where times are equal.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_follow_each_other_without_gaps(bool hasLoki)
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(hasLoki ? loki : null);
        var at = ingest.Time.GetUtcNow();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(100, 25).Select(i => ingest.Event($"evt_{i}") with { Ts = at })]));
        await ingest.EmptyAsync();
        foreach (var (direction, ids) in new[] { ("before", Enumerable.Range(100, 25).Reverse()), ("after", Enumerable.Range(100, 25)) })
        {
            var seen = new List<string>();
            var place = direction == "before" ? "" : "&after=2026-11-29T11:00:00Z";
            JsonElement page;
            do
            {
                page = await ingest.QueryAsync($"stack=piet-lab&limit=10{place}");
                seen.AddRange(page.GetProperty("entries").EnumerateArray().Select(Id));
                place = $"&{direction}={page.GetProperty("entries").EnumerateArray().Last().GetProperty("cursor").GetString()}";
            }
            while (page.GetProperty("more").GetBoolean());

            Assert.Equal(ids.Select(i => $"evt_{i}"), seen);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_of_the_longest_lines_is_cut_where_a_reader_can_take_it(bool hasLoki)
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(hasLoki ? loki : null);
        for (var batch = 0; batch < 2; batch++)
        {
            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", [.. Enumerable.Range(0, 20).Select(i => ingest.Event($"evt_{batch}_{i}", new string('x', 39_000)))]));
        }
        await ingest.EmptyAsync();

        var page = await ingest.QueryAsync("stack=piet-lab&limit=500");

        Assert.True(page.GetProperty("more").GetBoolean());
        Assert.Equal(30, page.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Only_the_portal_may_read()
    {
        await using var ingest = await IngestWorld.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await ingest.GetAsync("/query?stack=piet-lab", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ingest.GetAsync("/query?stack=piet-lab", FakePortal.TokenOf("piet-lab"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ingest.GetAsync("/query")).StatusCode);
        Assert.Equal(0, (await ingest.QueryAsync("stack=piet-lab")).GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData(500, "empty ring")]
    [InlineData(400, "parse error at line 1, col 25")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{\"status\":\"success\",\"data\":{\"result\":[{}]}}")]
    public async Task A_Loki_that_cannot_answer_is_not_an_empty_log(int status, string text)
    {
        await using var loki = await FakeLoki.StartAsync();
        await using var ingest = await IngestWorld.StartAsync(loki);
        loki.Answers(status, text);

        Assert.Equal(HttpStatusCode.BadGateway, (await ingest.GetAsync("/query?stack=piet-lab")).StatusCode);
    }

    [Fact]
    public async Task A_time_that_could_not_be_used_is_kept_beside_the_one_that_was()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1") with { Ts = ingest.Time.GetUtcNow().AddHours(1) }));
        await ingest.EmptyAsync();

        var entry = (await ingest.QueryAsync("stack=piet-lab")).GetProperty("entries")[0];

        Assert.Equal("2026-11-29T13:00:00.0000000+00:00", entry.GetProperty("attrs").GetProperty("ts_original").GetString());
        Assert.StartsWith("2026-11-29T12:00:00", entry.GetProperty("ts").GetString(), StringComparison.Ordinal);
    }

    private static string Id(JsonElement entry) => Regex.Replace(entry.GetProperty("cursor").GetString()!, @"^\d+-", "");

    private static string Sorted(JsonElement page) => string.Join('\n', page.GetProperty("entries").EnumerateArray().Select(e => string.Join(',', e.EnumerateObject().Select(p =>
        p.NameEquals("attrs") ? string.Join(';', p.Value.EnumerateObject().Select(a => a.ToString()).Order()) : p.ToString())))) + page.GetProperty("more");
}
