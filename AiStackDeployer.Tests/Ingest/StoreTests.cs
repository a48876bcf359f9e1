using System.Net;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>The embedded store: its bounds, and what goes wrong with a file.</summary>
public sealed class StoreTests
{
    [Fact]
    public async Task What_is_sent_twice_is_stored_once_and_outlives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("ingest-").FullName;
        await using var first = await IngestWorld.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            await IngestWorld.AnswerAsync(await first.SendAsync("piet-lab", first.Event("evt_1", "once")));
        }
        await first.StopAsync();
        foreach (var file in Directory.GetFiles(first.Folder, "logs.db*"))
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await using var second = await IngestWorld.StartAsync(folder: folder, time: first.Time);

        Assert.Equal(["once"], IngestWorld.Messages(await second.QueryAsync("stack=piet-lab")));
    }

    [Fact]
    public async Task What_is_older_than_it_may_be_goes()
    {
        await using var ingest = await IngestWorld.StartAsync(change: s => s with { Keep = TimeSpan.FromHours(2) });
        foreach (var message in (string[])["first", "second", "third"])
        {
            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_" + message, message)));
            await ingest.EmptyAsync();
            ingest.Time.Advance(TimeSpan.FromMinutes(90));
        }

        Assert.Equal(["third", "second"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")));
    }

    [Fact]
    public async Task The_file_keeps_to_its_size_and_loses_the_oldest()
    {
        await using var ingest = await IngestWorld.StartAsync(change: s => s with { MostStoredBytes = 4 << 20 });
        var text = new string('x', 800);
        for (var batch = 0; batch < 20; batch++)
        {
            await IngestWorld.AnswerAsync(await ingest.SendJsonAsync(
                $$"""{"events":[{{string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"id":"evt_{{batch}}_{{i}}","ts":{{ingest.Time.GetUtcNow().ToUnixTimeMilliseconds()}},"type":"t","stack":"piet-lab","message":"{{text}}"}"""))}}]}""",
                IngestWorld.Key));
            await ingest.EmptyAsync();
            ingest.Time.Advance(TimeSpan.FromSeconds(1));
            // With the write-ahead log beside it.
            Assert.InRange(new FileInfo(Path.Combine(ingest.Folder, "logs.db")).Length, 0, 4 << 20);
        }

        Assert.Equal(0, (await ingest.MetricsAsync()).Sum("aistack_ingest_events_dropped_total"));
        Assert.InRange((await ingest.MetricsAsync()).Sum("aistack_ingest_stored_bytes")!.Value, 1 << 20, 9 << 20);
        Assert.Contains("-evt_19_499", (await ingest.QueryAsync("stack=piet-lab&limit=1")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-evt_0_", (await ingest.QueryAsync("stack=piet-lab&limit=1&after=2026-11-29T11:00:00Z")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_holds_costs_its_events_and_nobody_an_answer()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1", "before")));
        await ingest.EmptyAsync();
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(ingest.Folder, "logs.db")};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_2", "meanwhile")));
            await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_3", "meanwhile")));
            Assert.Equal(["before"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")));
            await ingest.UntilAsync(2, "events_dropped_total", ("reason", "store_failed"));
        }

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_4", "after")));
        await ingest.EmptyAsync();

        Assert.Equal(["after", "before"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")).Order());
    }

    /// <summary>/dev/full says what a full disk says.</summary>
    [Fact]
    public async Task A_full_disk_costs_its_events_and_nobody_an_answer()
    {
        await using var ingest = await IngestWorld.StartAsync();
        File.CreateSymbolicLink(Path.Combine(ingest.Folder, "logs.db"), "/dev/full");

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        await ingest.UntilAsync(1, "events_dropped_total", ("reason", "store_failed"));
        Assert.Contains("Events cannot be stored", ingest.Log.Text, StringComparison.Ordinal);
        File.Delete(Path.Combine(ingest.Folder, "logs.db"));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_2", "again")));
        await ingest.EmptyAsync();

        Assert.Equal(["again"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")));
    }

    [Fact]
    public async Task A_damaged_file_is_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("ingest-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "logs.db"), new string('x', 10_000), TestContext.Current.CancellationToken);
        await using var ingest = await IngestWorld.StartAsync(folder: folder);
        Assert.Equal(HttpStatusCode.BadGateway, (await ingest.GetAsync("/query?stack=piet-lab")).StatusCode);

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1", "lost")));
        await ingest.UntilAsync(1, "events_dropped_total", ("reason", "store_failed"));
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_2", "kept")));
        await ingest.EmptyAsync();

        Assert.Equal(["kept"], IngestWorld.Messages(await ingest.QueryAsync("stack=piet-lab")));
    }
}
