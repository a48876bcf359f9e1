using System.Net.ServerSentEvents;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Api;

/// <summary>The stream on a fake clock, over a deployment that nobody works on.</summary>
public sealed class DeploymentStreamTests
{
    private readonly FakeTimeProvider _time = new();

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
            portal.Get<DeploymentFeed>(), texts.GetRequiredService<StatusMapper>(), portal.Get<WatcherMeter>(), _time, NullLogger<DeploymentStream>.Instance);
    }
}
