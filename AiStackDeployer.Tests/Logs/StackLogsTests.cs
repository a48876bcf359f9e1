using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Logs;

public sealed class StackLogsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Some.Start.AddHours(1));
    private readonly FakeContainer _container = new();
    private readonly Stack _stack = Some.Stack();
    private FakeIngest _ingest = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ingest = await FakeIngest.StartAsync();
        _services = _ingest.Services(_container, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _ingest.DisposeAsync();
    }

    [Fact]
    public async Task A_line_of_the_ingest_comes_with_all_that_is_known_and_without_its_secrets()
    {
        _ingest.Add(
            "jan", At(1), "the word is\nsesame", "session.error", "error", attrs: new { model = "sonnet", cost = 0.5, key_of_sesame = "open sesame" });

        var line = Assert.Single((await PageAsync(new StackLogQuery())).Lines);

        Assert.Equivalent(
            new StackLogLine
            {
                Cursor = "000000", At = At(1), Source = LogSource.Opencode, Type = "session.error", Level = LineLevel.Error, SessionId = "ses_1", Message = "the word is •••",
                Attrs = new Dictionary<string, string> { ["model"] = "sonnet", ["cost"] = "0.5", ["key_of_•••"] = "open •••" },
            },
            line, strict: true);
        Assert.Equal($"Bearer {FakeIngest.Key}", Assert.Single(_ingest.Requests).Authorization);
    }

    [Fact]
    public async Task Every_filter_is_asked_of_the_ingest()
    {
        _ingest.Add("jan", At(1), "any");

        await ReadAsync(new StackLogQuery
        {
            Search = "two words&more", Levels = [LineLevel.Warn, LineLevel.Error], Sources = [LogSource.Opencode, LogSource.Portal], Type = "tool.executed", Before = "000009", Limit = 7,
        });

        Assert.Equal(
            "/query?stack=jan&since=2026-03-04T05%3A06%3A07.000Z&q=two%20words%26more&level=warn&level=error&source=opencode&source=portal&type=tool.executed&before=000009&limit=7", _ingest.Questions[0]);
    }

    [Fact]
    public async Task What_a_deleted_stack_of_the_same_name_wrote_is_not_there()
    {
        _ingest.Add("jan", Some.Start.AddSeconds(-1), "somebody else's").Add("jan", At(1), "first").Add("jan", At(2), "second");

        var newest = await PageAsync(new StackLogQuery { Limit = 1 });
        var older = await PageAsync(new StackLogQuery { Limit = 2, Before = newest.Lines[0].Cursor });

        Assert.Equal(("second", true), (newest.Lines[0].Message, newest.More));
        Assert.Equal(("first", false), (Assert.Single(older.Lines).Message, older.More));
    }

    [Fact]
    public async Task A_line_that_names_another_stack_or_has_no_place_is_none()
    {
        _ingest.Instead = FakeIngest.Status(200, """
            {"entries":[{"cursor":"1","ts":"2026-03-04T06:00:00Z","stack":"piet","message":"a"},{"ts":"2026-03-04T06:00:00Z","message":"b"},{"cursor":"2","message":"c"},
            {"cursor":"3","ts":"2026-03-04T06:00:00Z","level":"12","source":"new","message":"d","attrs":null}],"added":1}
            """);

        var line = Assert.Single((await PageAsync(new StackLogQuery())).Lines);

        Assert.Equal(("d", LineLevel.Info, LogSource.Opencode), (line.Message, line.Level, line.Source));
    }

    [Theory]
    [InlineData(500, "", IngestState.Away)]
    [InlineData(429, "", IngestState.Away)]
    [InlineData(404, "<html>", IngestState.Away)]
    [InlineData(200, "<html>", IngestState.Away)]
    [InlineData(200, """{"entries":7}""", IngestState.Away)]
    [InlineData(401, "", IngestState.KeyRefused)]
    [InlineData(403, "", IngestState.KeyRefused)]
    [InlineData(200, """{"entries":[],"more":false}""", IngestState.Empty)]
    public async Task Without_a_line_of_the_ingest_the_containers_own_are_read_and_it_is_told_why(int status, string body, IngestState why)
    {
        _ingest.Instead = FakeIngest.Status(status, body);
        Write(1, "listening");

        var page = await PageAsync(new StackLogQuery());

        Assert.Equal(("listening", LogOrigin.Container, why), (Assert.Single(page.Lines).Message, page.Origin, page.Ingest));
    }

    [Fact]
    public async Task An_ingest_that_hangs_is_waited_for_five_seconds()
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ingest.Instead = context =>
        {
            arrival.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        Write(1, "listening");

        var reading = PageAsync(new StackLogQuery());
        await arrival.Task.WaitAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(IngestState.Away, (await reading).Ingest);
    }

    [Fact]
    public async Task A_portal_without_an_ingest_reads_the_container()
    {
        Write(1, "listening");
        using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton<IContainerLog>(_container).AddStackLogs(null).BuildServiceProvider();

        var page = Assert.IsType<StackLogAnswer.Page>(await services.GetRequiredService<StackLogs>().ReadAsync(_stack, new StackLogQuery(), Token));

        Assert.Equal((1, IngestState.NotConfigured), (page.Lines.Count, page.Ingest));
    }

    [Fact]
    public async Task A_filter_that_nothing_matches_does_not_lead_to_the_container()
    {
        _ingest.Add("jan", At(1), "any");
        Write(1, "listening");

        var page = await PageAsync(new StackLogQuery { Search = "other" });

        Assert.Equal((0, LogOrigin.Ingest, IngestState.Answers), (page.Lines.Count, page.Origin, page.Ingest));
    }

    [Fact]
    public async Task A_cursor_stays_with_where_it_came_from()
    {
        _ingest.Add("jan", At(1), "any");
        Write(1, "listening");
        var own = (await PageAsync(new StackLogQuery())).Lines[0].Cursor;
        var containers = (await PageAsync(new StackLogQuery { Sources = [LogSource.Container] })).Lines[0].Cursor;

        _ingest.Instead = FakeIngest.Status(503);
        Assert.Equal(new StackLogAnswer.Away(IngestState.Away), await ReadAsync(new StackLogQuery { After = own }));
        _ingest.Instead = FakeIngest.Status(400);
        Assert.IsType<StackLogAnswer.CursorInvalid>(await ReadAsync(new StackLogQuery { Before = own }));
        Assert.IsType<StackLogAnswer.CursorInvalid>(await ReadAsync(new StackLogQuery { Before = own, Sources = [LogSource.Container] }));
        var asked = _ingest.Requests.Count;
        Assert.Equal(LogOrigin.Container, (await PageAsync(new StackLogQuery { After = containers })).Origin);
        Assert.Equal(asked, _ingest.Requests.Count);
    }

    [Fact]
    public async Task Neither_of_both_is_no_page()
    {
        _ingest.Instead = FakeIngest.Status(503);
        _container.IsAway = true;

        Assert.Equal(new StackLogAnswer.Away(IngestState.Away), await ReadAsync(new StackLogQuery()));
    }

    [Fact]
    public async Task The_portals_own_lines_are_never_looked_for_in_the_container()
    {
        _ingest.Instead = FakeIngest.Status(503);
        Write(1, "listening");

        Assert.IsType<StackLogAnswer.Away>(await ReadAsync(new StackLogQuery { Sources = [LogSource.Portal] }));
    }

    [Fact]
    public async Task The_containers_lines_come_in_pages_both_ways_and_those_of_one_moment_keep_their_order()
    {
        Write(1, "a");
        Write(1, "b");
        Write(1, "c");
        Write(2, "d");

        var newest = await PageAsync(Container(2));
        var older = await PageAsync(Container(2) with { Before = newest.Lines[^1].Cursor });
        var newer = await PageAsync(Container(2) with { After = older.Lines[^1].Cursor });

        Assert.Equal(("dc", true), (Texts(newest), newest.More));
        Assert.Equal(("ba", false), (Texts(older), older.More));
        Assert.Equal(("bc", true), (Texts(newer), newer.More));
    }

    [Fact]
    public async Task The_containers_lines_have_the_level_of_the_word_they_begin_with_and_can_be_searched()
    {
        Write(1, "INFO  2026-03-04T05:06:08 +3ms service=server started");
        Write(2, "[WARN] slow");
        Write(3, "ERROR cannot bind, and an INFO after it");
        Write(4, "no word: INFORMATION");

        Assert.Equal(
            [LineLevel.Info, LineLevel.Error, LineLevel.Warn, LineLevel.Info],
            (await PageAsync(Container(9))).Lines.Select(line => line.Level));
        Assert.Equal("ERROR cannot bind, and an INFO after it", Texts(await PageAsync(Container(9) with { Levels = [LineLevel.Error] })));
        Assert.Equal("[WARN] slow", Texts(await PageAsync(Container(9) with { Search = "SLOW warn" })));
    }

    [Fact]
    public async Task All_who_ask_for_a_container_within_five_seconds_share_one_call()
    {
        await PageAsync(Container(9));
        Write(1, "new");
        Assert.Empty((await PageAsync(Container(9))).Lines);
        Assert.Equal(1, _container.Reads);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single((await PageAsync(Container(9))).Lines);
    }

    [Fact]
    public async Task When_it_is_not_known_what_to_hide_nothing_is_shown()
    {
        _ingest.Add("jan", At(1), "any");
        await PageAsync(Container(9));
        _container.KeysAreLost = true;

        await Assert.ThrowsAsync<SecretUnreadableException>(() => ReadAsync(new StackLogQuery()));
        await Assert.ThrowsAsync<SecretUnreadableException>(() => ReadAsync(Container(9)));
    }

    private static DateTimeOffset At(int seconds) => Some.Start.AddSeconds(seconds);

    private static StackLogQuery Container(int limit) => new() { Sources = [LogSource.Container], Limit = limit };

    private static string Texts(StackLogAnswer.Page page) => string.Concat(page.Lines.Select(line => line.Message));

    private void Write(int seconds, string text) => _container.Lines.Add(new ContainerLine(At(seconds), text));

    private Task<StackLogAnswer> ReadAsync(StackLogQuery query) => _services.GetRequiredService<StackLogs>().ReadAsync(_stack, query, Token);

    private async Task<StackLogAnswer.Page> PageAsync(StackLogQuery query) => Assert.IsType<StackLogAnswer.Page>(await ReadAsync(query));
}
