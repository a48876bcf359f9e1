using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Pipeline;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>Who gets the room when there is none left.</summary>
public sealed class EntryQueueTests
{
    private static readonly int Size = Entry("a", 0).Bytes;

    [Fact]
    public void Streams_take_turns()
    {
        var queue = new EntryQueue(1_000_000);
        queue.TryAdd(Entries("a", 200), out _);
        queue.TryAdd(Entries("b", 10), out _);

        var batch = queue.Take(100, 1_000_000);

        Assert.Equal((90, 10), (batch.Count(e => e.Stream.Stack == "a"), batch.Count(e => e.Stream.Stack == "b")));
        Assert.Equal(batch.Where(e => e.Stream.Stack == "a").Select(e => e.Ns), Enumerable.Range(0, 90).Select(i => (long)i));
    }

    [Fact]
    public void Whoever_has_less_than_its_share_pushes_out_the_oldest_of_who_has_most()
    {
        var queue = new EntryQueue(Size * 100);
        Assert.Equal(Added.All, queue.TryAdd(Entries("a", 90), out _));
        Assert.Equal(Added.All, queue.TryAdd(Entries("b", 10), out _));

        Assert.Equal(Added.Full, queue.TryAdd(Entries("a", 1), out var evicted));
        Assert.Equal(0, evicted);
        Assert.Equal(Added.All, queue.TryAdd(Entries("b", 30), out evicted));

        Assert.Equal(30, evicted);
        Assert.Equal(Size * 100, queue.Bytes);
        Assert.Equal(30, queue.Take(1, 1_000_000).Single().Ns);
    }

    /// <summary>Its share is what it has a claim to; more would be taken from streams that have no more either.</summary>
    [Fact]
    public void Nobody_is_pushed_below_its_share()
    {
        var queue = new EntryQueue(Size * 100);
        queue.TryAdd(Entries("a", 50), out _);
        queue.TryAdd(Entries("b", 50), out _);

        Assert.Equal(Added.Full, queue.TryAdd(Entries("c", 34), out var evicted));
        Assert.Equal(Added.All, queue.TryAdd(Entries("c", 33), out evicted));
        Assert.Equal(Added.Full, queue.TryAdd(Entries("a", 1), out _));
        Assert.Equal(33, evicted);
    }

    [Fact]
    public void What_is_being_pushed_still_takes_room_until_it_is_done_with()
    {
        var queue = new EntryQueue(Size * 100);
        queue.TryAdd(Entries("a", 100), out _);
        var batch = queue.Take(100, long.MaxValue);

        Assert.Equal((0, Size * 100), (queue.Count, queue.Bytes));
        Assert.Equal(Added.Full, queue.TryAdd(Entries("b", 1), out _));
        queue.Release(batch);
        Assert.Equal(Added.All, queue.TryAdd(Entries("b", 1), out _));
    }

    [Fact]
    public void A_batch_keeps_to_its_bytes_and_a_lane_that_is_empty_is_forgotten()
    {
        var queue = new EntryQueue(Size * 1_000);
        queue.TryAdd(Entries("a", 100), out _);
        queue.TryAdd(Entries("b", 100), out _);

        Assert.Equal(10, queue.Take(500, Size * 10).Count);
        Assert.Equal(190, queue.Take(500, Size * 500).Count);
        Assert.Empty(queue.Take(500, Size * 500));
        queue.TryAdd(Entries("a", 1), out _);
        Assert.Single(queue.Take(500, Size * 500));
    }

    [Fact]
    public void A_closed_queue_takes_nothing()
    {
        var queue = new EntryQueue(1_000_000);
        queue.Close();

        Assert.Equal(Added.Closed, queue.TryAdd(Entries("a", 1), out _));
    }

    private static LogEntry Entry(string stack, int i) => new()
    {
        Stream = new LogStream(stack, LogSource.OpenCode), Ns = i, EventId = $"evt_{i:D4}", Type = "t", Level = "info", Attrs = [],
    };

    private static LogEntry[] Entries(string stack, int count) => [.. Enumerable.Range(0, count).Select(i => Entry(stack, i))];
}
