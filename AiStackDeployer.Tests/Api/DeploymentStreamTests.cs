using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Api;

/// <summary>The stream on a fake clock, over a deployment that nobody works on.</summary>
public sealed class DeploymentStreamTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    private DateTimeOffset Now => _time.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silent_stream_beats_every_fifteen_seconds()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("silent")).Id;
        await using var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        Assert.Equal("progress", (await NextAsync(events)).EventType);

        for (var beat = 0; beat < 3; beat++)
        {
            var next = NextAsync(events);
            _time.Advance(DeploymentStream.Heartbeat - TimeSpan.FromMilliseconds(1));
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            var item = await next;
            Assert.Equal(("heartbeat", "{}", null), (item.EventType, item.Data, item.EventId));
        }
    }

    [Fact]
    public async Task An_event_after_a_heartbeat_comes_once()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("after-beat")).Id;
        await using var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        await NextAsync(events);
        var beat = NextAsync(events);
        _time.Advance(DeploymentStream.Heartbeat);
        Assert.Equal("heartbeat", (await beat).EventType);

        await portal.Deployments.CancelAsync(id, Token);

        Assert.Equal("log", (await NextAsync(events)).EventType);
        Assert.Equal("error", (await NextAsync(events)).EventType);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Who_waits_in_line_hears_each_time_it_moves_and_the_silence_begins_anew()
    {
        await using var portal = await TestPortal.StartAsync();
        var before = (await portal.ClaimAsync("before")).Id;
        var id = (await portal.ClaimAsync("in-line")).Id;
        await using var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        Assert.Equal(2, Place(await NextAsync(events)));
        var next = NextAsync(events);
        _time.Advance(DeploymentStream.Heartbeat - TimeSpan.FromSeconds(1));

        await portal.Deployments.CancelAsync(before, Token);

        var moved = await next;
        Assert.Equal(("progress", null, 1), (moved.EventType, moved.EventId, Place(moved)));
        Assert.NotNull(JsonNode.Parse(moved.Data)!["steps"]);
        next = NextAsync(events);
        _time.Advance(DeploymentStream.Heartbeat - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("heartbeat", (await next).EventType);

        static int? Place(SseItem<string> item) => JsonNode.Parse(item.Data)!["placeInLine"]?.GetValue<int>();
    }

    [Fact]
    public async Task The_newest_event_tells_the_whole_state_and_a_line_of_the_log_is_followed_by_what_it_changed()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("whole")).Id;
        await using var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        await NextAsync(events);

        var run = 0;
        await ChangeAsync(d => run = d.BeginRun(Now)!.Value);
        var begun = await NextAsync(events);
        Assert.Equal(("progress", "2"), (begun.EventType, begun.EventId));
        Assert.NotNull(JsonNode.Parse(begun.Data)!["startedAt"]);

        await ChangeAsync(d => d.Note(run, LogCode.Raw, "a line", Now));
        Assert.Equal("log", (await NextAsync(events)).EventType);
        await ChangeAsync(d => d.WaitInDokploy(run, 3, Now));
        Assert.Equal(("log", "4"), ((await NextAsync(events)).EventType, events.Current.EventId));
        var waits = await NextAsync(events);
        Assert.Equal(("progress", null, 3), (waits.EventType, waits.EventId, JsonNode.Parse(waits.Data)!["placeInDokploy"]!.GetValue<int>()));

        async Task ChangeAsync(Action<Deployment> change) => Assert.True(await portal.Store.ChangeAsync(
            id,
            d =>
            {
                change(d);
                return true;
            },
            Token));
    }

    [Fact]
    public async Task A_portal_that_stops_ends_its_streams_at_once_and_lets_whoever_comes_back_meanwhile_go_again()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("stopping")).Id;
        await using var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        await NextAsync(events);
        var waiting = events.MoveNextAsync().AsTask();

        _lifetime.StopApplication();

        Assert.False(await waiting);
        Assert.Equal(0, portal.Signals.WatcherCount);
        await using var again = Stream(portal).FollowAsync(id, "1", Token).GetAsyncEnumerator(Token);
        Assert.False(await again.MoveNextAsync());
    }

    [Fact]
    public async Task Whoever_stops_reading_in_the_middle_leaves_no_watcher()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("stops-reading")).Id;
        var events = Stream(portal).FollowAsync(id, null, Token).GetAsyncEnumerator(Token);
        await NextAsync(events);
        var beat = NextAsync(events);
        _time.Advance(DeploymentStream.Heartbeat);
        await beat;
        Assert.Equal(1, portal.Signals.WatcherCount);

        await events.DisposeAsync();

        Assert.Equal(0, portal.Signals.WatcherCount);
    }

    [Fact]
    public async Task A_cancelled_request_ends_the_stream_and_leaves_no_watcher()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = (await portal.ClaimAsync("cancelled")).Id;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var events = Stream(portal).FollowAsync(id, null, gone.Token).GetAsyncEnumerator(gone.Token);
        await NextAsync(events);
        var waiting = NextAsync(events);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await events.DisposeAsync();
        Assert.Equal(0, portal.Signals.WatcherCount);
    }

    [Fact]
    public async Task An_unknown_deployment_has_an_empty_stream()
    {
        await using var portal = await TestPortal.StartAsync();

        await foreach (var item in Stream(portal).FollowAsync("dep_1_unknown", null, Token))
        {
            Assert.Fail(item.EventType);
        }
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current;
    }

    private DeploymentStream Stream(TestPortal portal)
    {
        var texts = new ServiceCollection().AddLogging().AddPortalTexts().AddSingleton<StatusMapper>().BuildServiceProvider();
        // The feed keeps real time: only the heart is to beat on the fake clock.
        return new DeploymentStream(
            portal.Get<DeploymentFeed>(), texts.GetRequiredService<StatusMapper>(), portal.Get<WatcherMeter>(), _lifetime, _time, NullLogger<DeploymentStream>.Instance);
    }
}
