using System.Net;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Contract;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>What <c>POST /ingest</c> takes, and what it says to what it does not.</summary>
public sealed class IntakeTests
{
    [Fact]
    public async Task One_event_and_a_batch_are_taken_packed_or_not()
    {
        await using var ingest = await IngestWorld.StartAsync();

        var one = await ingest.SendJsonAsync("""{"id":"evt_1","ts":"2026-11-29T11:59:59.123Z","type":"session.created","message":"one"}""");
        var batch = await ingest.PostAsync(FakePortal.TokenOf("piet-lab"), IngestWorld.Gzip(Encoding.UTF8.GetBytes(
            """{"events":[{"id":"evt_2","ts":1795953600000,"type":"session.error","level":"WARNING","message":"two"},{"id":"evt_3","ts":"2026-11-29T13:00:01+01:00","type":"session.error","message":"three"}]}""")));

        Assert.Equal(1, (await IngestWorld.AnswerAsync(one)).Accepted);
        Assert.Equal(2, (await IngestWorld.AnswerAsync(batch)).Accepted);
        await ingest.EmptyAsync();
        var page = await ingest.QueryAsync("stack=piet-lab");
        Assert.Equal(["three", "two", "one"], IngestWorld.Messages(page));
        Assert.Equal("warn", page.GetProperty("entries")[1].GetProperty("level").GetString());
    }

    [Fact]
    public async Task The_stack_is_the_one_of_the_token_and_only_the_portal_may_name_one()
    {
        await using var ingest = await IngestWorld.StartAsync();
        const string Event = """{"id":"evt_1","ts":1795953600000,"type":"session.created","stack":"anna-lab","message":"hello"}""";

        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync(Event));
        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync(Event.Replace("hello", "deployed"), IngestWorld.Key));
        await ingest.EmptyAsync();

        Assert.Equal(["hello"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")));
        var entry = (await ingest.QueryAsync("stack=anna-lab")).GetProperty("entries").EnumerateArray().Single();
        Assert.Equal("deployed", entry.GetProperty("message").GetString());
        Assert.Equal("portal", entry.GetProperty("source").GetString());
    }

    /// <summary>The two ends of the contract, as they are in a gate and here.</summary>
    [Fact]
    public async Task What_a_gate_forwards_arrives_with_all_it_has()
    {
        await using var ingest = await IngestWorld.StartAsync();
        var forwarder = new LogForwarder(ingest.Http, new Uri(ingest.Http.BaseAddress!, "ingest"), FakePortal.TokenOf("piet-lab"), ingest.Time, () => 0);
        forwarder.Add(ingest.Event("evt_1", "hello") with { SessionId = "ses_1", Level = "warn", Attrs = new Dictionary<string, string> { ["cost"] = "0.25" } });
        forwarder.Add(ingest.Event("evt 2"));

        await forwarder.RunAsync(new CancellationToken(canceled: true));
        await ingest.EmptyAsync();

        Assert.Equal((1, 1, 0), (forwarder.Sent, forwarder.Refused, forwarder.Dropped));
        var entry = (await ingest.QueryAsync("stack=piet-lab")).GetProperty("entries").EnumerateArray().Single();
        Assert.EndsWith(
            ""","ts":"2026-11-29T12:00:00.0000007+00:00","stack":"piet-lab","source":"opencode","type":"session.created","level":"warn","session_id":"ses_1","message":"hello","attrs":{"cost":"0.25"}}""",
            JsonSerializer.Serialize(entry).Replace("\\u002B", "+"), StringComparison.Ordinal);
    }

    /// <summary>One bad event costs the others nothing.</summary>
    [Theory]
    [InlineData("""{"ts":1795953600000,"type":"t"}""", "id")]
    [InlineData("""{"id":"a b","ts":1795953600000,"type":"t"}""", "id")]
    [InlineData("""{"id":"e","ts":1795953600000}""", "type")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"a\"}"}""", "type")]
    [InlineData("""{"id":"e","type":"t"}""", "ts")]
    [InlineData("""{"id":"e","ts":"yesterday","type":"t"}""", "ts")]
    [InlineData("""{"id":"e","ts":"2026-11-29T12:00:00","type":"t"}""", "ts")]
    [InlineData("""{"id":"e","ts":1e300,"type":"t"}""", "ts")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"t","level":"loud"}""", "level")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"t","session_id":"{}"}""", "session_id")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"t","message":"\ud800"}""", "Unicode")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"t","attrs":[]}""", "attrs")]
    [InlineData("""{"id":"e","ts":1795953600000,"type":"t","attrs":{"a":{"b":1}}}""", "flat")]
    [InlineData("42", "object")]
    [InlineData("null", "object")]
    public async Task A_bad_event_is_named_and_the_others_are_taken(string bad, string reason)
    {
        await using var ingest = await IngestWorld.StartAsync();

        var answer = await IngestWorld.AnswerAsync(await ingest.SendJsonAsync(
            $$"""{"events":[{"id":"evt_1","ts":1795953600000,"type":"t"},{{bad}},{"id":"evt_2","ts":1795953600000,"type":"t"}]}"""));

        Assert.Equal(2, answer.Accepted);
        var rejection = Assert.Single(answer.Rejected);
        Assert.Equal(1, rejection.Index);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
        await ingest.UntilAsync(1, "events_dropped_total", ("reason", "invalid"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_cost_their_event_alone()
    {
        await using var ingest = await IngestWorld.StartAsync();
        var json = Encoding.UTF8.GetBytes("""{"events":[{"id":"evt_1","ts":1795953600000,"type":"t","message":"#"},{"id":"evt_2","ts":1795953600000,"type":"t"}]}""");
        json[Array.IndexOf(json, (byte)'#')] = 0xff;

        var answer = await IngestWorld.AnswerAsync(await ingest.PostAsync(FakePortal.TokenOf("piet-lab"), IngestWorld.Gzip(json)));

        Assert.Equal((1, 0), (answer.Accepted, answer.Rejected.Single().Index));
    }

    [Fact]
    public async Task Text_is_kept_without_control_characters_and_cut_at_its_limits()
    {
        await using var ingest = await IngestWorld.StartAsync();
        var emoji = string.Concat(Enumerable.Repeat("🙂", 12_000));

        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync("""
            {"id":"evt_1","ts":1795953600000,"type":"t","message":"a\u0000b\u001b[31mc\td\ne\u0085","attrs":{"cost":0.25,"done":true,"none":null,"a.b-c":"x\u0000y","9":"z","level":"q"}}
            """));
        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync($$"""{"id":"evt_2","ts":1795953600001,"type":"t","message":"{{emoji}}"}"""));
        await ingest.EmptyAsync();

        var entries = (await ingest.QueryAsync("stack=piet-lab")).GetProperty("entries");
        var longest = entries[0].GetProperty("message").GetString()!;
        Assert.InRange(Encoding.UTF8.GetByteCount(longest), 39_000, 40_000);
        Assert.EndsWith("🙂…", longest, StringComparison.Ordinal);
        Assert.Equal("ab[31mc d\ne", entries[1].GetProperty("message").GetString());
        Assert.Equal(
            """{"cost":"0.25","done":"true","a_b_c":"xy","_9":"z","attr_level":"q"}""", JsonSerializer.Serialize(entries[1].GetProperty("attrs")));
    }

    [Theory]
    [InlineData("{\"events\":[", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"events\":7}", HttpStatusCode.BadRequest)]
    [InlineData("\u0000\u0001garbage", HttpStatusCode.BadRequest)]
    [InlineData("{\"events\":[]}", HttpStatusCode.Accepted)]
    public async Task Garbage_is_refused(string body, HttpStatusCode status)
    {
        await using var ingest = await IngestWorld.StartAsync();

        Assert.Equal(status, (await ingest.SendJsonAsync(body)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ingest.SendJsonAsync(new string('[', 100_000))).StatusCode);
        Assert.DoesNotContain(": Error ", ingest.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_formats_are_refused()
    {
        await using var ingest = await IngestWorld.StartAsync();
        var token = FakePortal.TokenOf("piet-lab");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await ingest.PostAsync(token, new StringContent("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await ingest.PostAsync(token, IngestWorld.Content([1, 2], "application/json", "br"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ingest.PostAsync(token, IngestWorld.Content([1, 2, 3], "application/json", "gzip"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await ingest.GetAsync("/ingest")).StatusCode);
    }

    [Fact]
    public async Task Who_has_no_token_of_a_stack_is_refused()
    {
        await using var ingest = await IngestWorld.StartAsync();

        foreach (var token in (string?[])[null, "", "aisl_", IngestWorld.Key[..^1], IngestWorld.Key + "x", FakePortal.TokenOf("gone"), new string('x', 5_000)])
        {
            using var response = await ingest.SendJsonAsync("{}", token is null ? "" : token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await ingest.PostAsync(null, new StringContent("{}"))).StatusCode);
    }

    [Fact]
    public async Task More_events_than_500_are_refused()
    {
        await using var ingest = await IngestWorld.StartAsync();
        string Events(int count) => $$"""{"events":[{{string.Join(',', Enumerable.Repeat("""{"id":"e","ts":1795953600000,"type":"t"}""", count))}}]}""";

        Assert.Equal(500, (await IngestWorld.AnswerAsync(await ingest.SendJsonAsync(Events(500)))).Accepted);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await ingest.SendJsonAsync(Events(501))).StatusCode);
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { MostBodyBytes = 1 << 17 });
        var json = Encoding.UTF8.GetBytes("""{"id":"evt_1","ts":1795953600000,"type":"t"}""".PadRight(1 << 17));

        Assert.Equal(1, (await IngestWorld.AnswerAsync(await ingest.PostAsync(FakePortal.TokenOf("piet-lab"), IngestWorld.Gzip(json)))).Accepted);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await ingest.PostAsync(FakePortal.TokenOf("piet-lab"), IngestWorld.Gzip([.. json, 32]))).StatusCode);
    }

    [Fact]
    public async Task A_stack_that_sends_too_many_events_is_slowed_down_alone()
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { EventBurst = 10, EventsPerSecond = 1 });
        var ten = Enumerable.Range(0, 10).Select(i => ingest.Event($"evt_{i}")).ToList();

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ten));
        var refused = await ingest.SendAsync("piet-lab", ten);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ten));
    }

    [Fact]
    public async Task A_stack_that_sends_too_many_requests_is_slowed_down_alone()
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { RequestBurst = 5 });
        HttpResponseMessage response;
        do
        {
            response = await ingest.SendJsonAsync("{\"events\":[]}");
        }
        while (response.StatusCode == HttpStatusCode.Accepted);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        await IngestWorld.AnswerAsync(await ingest.SendJsonAsync("{\"events\":[]}", FakePortal.TokenOf("anna-lab")));
    }
}
