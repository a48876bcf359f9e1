using AiStackDeployer.Core.Logs;
using AiStackDeployer.Tests.Logs;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Logs;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Presentation;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

public sealed class LogsPageTests : PageWorld, IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private FakeIngest _ingest = null!;

    public async ValueTask InitializeAsync() => _ingest = await FakeIngest.StartAsync();

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _ingest.DisposeAsync();
    }

    protected override void AddServices(IServiceCollection services) =>
        // Made when a test draws the page: then the ingest is there.
        services.AddSingleton(_ => _ingest.Services(Container, Time).GetRequiredService<StackLogs>());

    [Fact]
    public async Task Lines_stand_there_with_time_level_writer_and_what_they_say_and_new_ones_come_below()
    {
        await MakeAsync("design-lab");
        Add("first", level: "error", type: "session.error");
        Add("second", source: "portal", type: "deployment.completed");
        var view = View();
        view.WaitForAssertion(() => Assert.Equal(["12:00:00 Error OpenCode first session.error", "12:00:00 Info Portal second deployment.completed"], LinesOf(view)));

        Add("third");
        Time.Advance(Look);

        view.WaitForAssertion(() => Assert.Equal(3, LinesOf(view).Count));
        Assert.EndsWith("third session.status", LinesOf(view)[^1], StringComparison.Ordinal);
        Assert.Empty(Audit.Entries);
    }

    /// <summary>The portal's lines and a stack's come by different ways.</summary>
    [Fact]
    public async Task A_line_that_arrives_after_a_later_one_is_shown_as_well_and_none_twice()
    {
        await MakeAsync("design-lab");
        Time.Advance(TimeSpan.FromMinutes(1));
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));

        _ingest.Add("design-lab", Now.AddSeconds(-8), "late");
        Time.Advance(Look);
        view.WaitForAssertion(() => Assert.Equal(2, LinesOf(view).Count));
        Add("last");
        Time.Advance(Look);

        view.WaitForAssertion(() => Assert.Equal(["first", "late", "last"], LinesOf(view).Select(line => line.Split(' ')[3])));
    }

    [Fact]
    public async Task Nothing_is_asked_while_it_is_paused_or_no_browser_is_there_and_then_what_was_missed()
    {
        await MakeAsync("design-lab");
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));
        var presence = Services.GetRequiredService<CircuitPresence>();

        await view.Button("Pause").ClickAsync();
        Add("second");
        await PassAsync(view);
        Assert.Equal("Paused", view.Find(".mud-chip").TextContent.Trim());
        await view.Button("Follow").ClickAsync();
        view.WaitForAssertion(() => Assert.Equal(2, LinesOf(view).Count));

        await presence.OnConnectionDownAsync(null!, Xunit.TestContext.Current.CancellationToken);
        Add("third");
        await PassAsync(view);
        await presence.OnConnectionUpAsync(null!, Xunit.TestContext.Current.CancellationToken);
        view.WaitForAssertion(() => Assert.Equal(3, LinesOf(view).Count));
        Assert.Equal(3, _ingest.Questions.Count);
    }

    [Fact]
    public async Task A_page_that_is_left_asks_no_more()
    {
        await MakeAsync("design-lab");
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));

        await view.Instance.DisposeAsync();
        for (var looks = 0; looks < 10; looks++)
        {
            Time.Advance(Look);
        }
        var another = View();
        another.WaitForAssertion(() => Assert.Single(LinesOf(another)));

        Assert.Equal(2, _ingest.Questions.Count);
    }

    [Fact]
    public async Task A_filter_is_in_the_address_and_asked_of_the_log_and_can_be_cleared()
    {
        await MakeAsync("design-lab");
        Add("first");
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("stacks/design-lab/logs?q=nothing&level=warn&source=portal");
        var view = View();
        view.WaitForAssertion(() => Assert.Equal("No line matches.", view.Find(".empty p").TextContent));
        Assert.Equal("/query?stack=design-lab&since=2026-03-01T12%3A00%3A00.000Z&q=nothing&level=warn&level=error&source=portal&limit=500", _ingest.Questions[0]);

        await view.Button("Clear the filters").ClickAsync();

        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));
        Assert.Equal("stacks/design-lab/logs", Tab.Addresses[^1]);
    }

    [Fact]
    public async Task What_is_typed_is_searched_once_the_typing_pauses()
    {
        await MakeAsync("design-lab");
        Add("first");
        Add("second");
        var view = View();
        view.WaitForAssertion(() => Assert.Equal(2, LinesOf(view).Count));

        var searching = view.Find("input[type=search]").InputAsync("SECOND");
        Time.Advance(TimeSpan.FromMilliseconds(300));
        await searching;

        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));
        view.WaitForAssertion(() => Assert.Equal("stacks/design-lab/logs?q=SECOND", Tab.Addresses[^1]));
    }

    [Fact]
    public async Task Earlier_lines_come_on_demand_above_the_others_and_all_shown_can_be_copied()
    {
        await MakeAsync("design-lab");
        for (var n = 0; n < StackLogQuery.MostLines + 2; n++)
        {
            Add($"line {n}");
        }
        var view = View();
        view.WaitForAssertion(() => Assert.Equal("500 lines", view.Find(".count").TextContent));

        await view.Button("Earlier lines").ClickAsync();

        view.WaitForAssertion(() => Assert.Equal("502 lines", view.Find(".count").TextContent));
        Assert.Empty(view.Buttons("Earlier lines"));
        await view.Button("Copy all lines shown").ClickAsync();
        var copied = Assert.Single(Tab.Copied).Split('\n');
        Assert.Equal(502, copied.Length);
        Assert.Equal("2026-03-01T12:00:00.000Z info  opencode session.status line 0", copied[0]);
    }

    [Theory]
    [InlineData(503, "The log service does not respond. The portal asks it again every 10 seconds.")]
    [InlineData(401, "The log service refuses the portal’s key. An administrator has to give both the same LOG_INGEST_KEY.")]
    public async Task Without_the_ingest_the_containers_output_stands_there_with_the_reason_and_the_ingest_is_tried_again(int status, string why)
    {
        await MakeAsync("design-lab");
        Container.Lines.Add(new ContainerLine(Now, "listening"));
        _ingest.Instead = FakeIngest.Status(status);
        var view = View();
        view.WaitForAssertion(() => Assert.Equal(["12:00:00 Info Container listening"], LinesOf(view)));
        Assert.Equal(why, view.Find(".mud-alert-message").TextContent.Trim());
        Assert.Contains("The container’s own output: its last 500 lines", view.Markup, StringComparison.Ordinal);

        Add("first");
        _ingest.Instead = null;
        Time.Advance(Look * 5);

        view.WaitForAssertion(() => Assert.Equal(["12:00:00 Info OpenCode first session.status"], LinesOf(view)));
        Assert.Empty(view.FindAll(".mud-alert"));
    }

    [Fact]
    public async Task When_nothing_can_be_read_what_is_shown_stays_and_it_says_so()
    {
        await MakeAsync("design-lab");
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));

        (_ingest.Instead, Container.IsAway) = (FakeIngest.Status(503), true);
        Time.Advance(Look);

        view.WaitForAssertion(() => Assert.Equal("The log cannot be read right now. The portal tries again every 10 seconds.", view.Find(".mud-alert-message").TextContent.Trim()));
        Assert.Single(LinesOf(view));
    }

    [Fact]
    public async Task A_stack_that_has_written_nothing_says_so()
    {
        await MakeAsync("design-lab");
        var view = View();

        view.WaitForAssertion(() => Assert.Equal("Nothing has been written yet. New lines appear here by themselves.", view.Find(".empty p").TextContent));
        Assert.Contains("The log service has nothing from this stack yet.", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_somebody_elses_log_is_recorded_once_for_each_opening()
    {
        await MakeAsync("design-lab", "usr_other");
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));
        await PassAsync(view);

        Assert.Equal(["usr_me Web log.read Done design-lab usr_other"], Audit.Lines);
    }

    [Fact]
    public async Task Whoever_may_not_see_the_stack_any_more_sees_nothing_of_it()
    {
        await MakeAsync("design-lab");
        Add("first");
        var view = View();
        view.WaitForAssertion(() => Assert.Single(LinesOf(view)));

        SignIn(Me);
        Time.Advance(Look);

        view.WaitForAssertion(() => Assert.Equal("This stack is gone, or is no longer yours.", view.Find(".mud-alert-message").TextContent.Trim()));
        Assert.Empty(LinesOf(view));
    }

    [Fact]
    public async Task A_line_opens_with_all_that_is_known_of_it()
    {
        await MakeAsync("design-lab");
        _ingest.Add("design-lab", Now, null, "message.completed", attrs: new { model = "sonnet" });
        var view = View();
        view.WaitForAssertion(() => Assert.Equal(["12:00:00 Info OpenCode message.completed model=sonnet"], LinesOf(view)));

        await view.Find(".lines button").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(
            ["2026-03-01 12:00:00.000", "Info", "OpenCode", "message.completed", "ses_1", "sonnet"],
            Above.FindAll("[role=dialog] dd").Select(dd => dd.TextContent.Trim())));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_level_writer_origin_and_reason_has_its_words(string language)
    {
        Speak(language);
        var text = Services.GetRequiredService<LogText>();

        Assert.All(Enum.GetValues<LineLevel>(), level => Assert.DoesNotContain("level-", text.Level(level), StringComparison.Ordinal));
        Assert.All(Enum.GetValues<LogSource>(), source => Assert.DoesNotContain("source-", text.Source(source), StringComparison.Ordinal));
        Assert.All(Enum.GetValues<LogOrigin>(), origin => Assert.DoesNotContain("origin-", text.Origin(origin), StringComparison.Ordinal));
        Assert.All(Enum.GetValues<IngestState>(), state => Assert.DoesNotContain("why-", text.Why(state) ?? "", StringComparison.Ordinal));
    }

    private IRenderedComponent<StackLogView> View() => Render<StackLogView>(parameters => parameters.Add(v => v.Name, "design-lab"));

    /// <summary>A look, if one was due, has begun and ended.</summary>
    private async Task PassAsync(IRenderedComponent<StackLogView> view)
    {
        Time.Advance(Look);
        await view.InvokeAsync(() => { });
    }

    private void Add(string message, string level = "info", string source = "opencode", string type = "session.status") =>
        _ingest.Add("design-lab", Now, message, type, level, source);

    private static List<string> LinesOf(IRenderedComponent<StackLogView> view) =>
        [.. view.FindAll(".lines button").Select(b => string.Join(' ', b.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
}
