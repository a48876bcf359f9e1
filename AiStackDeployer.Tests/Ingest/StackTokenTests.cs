using System.Net;
using AiStackDeployer.LogIngest.Stacks;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>Which stacks may send, and how the ingest learns of it.</summary>
public sealed class StackTokenTests
{
    [Fact]
    public async Task A_stack_that_was_made_a_moment_ago_is_known_at_once()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        ingest.Portal.Set("piet-lab", "new-lab");
        ingest.Time.Advance(StackList.Pause);

        await IngestWorld.AnswerAsync(await ingest.SendAsync("new-lab", ingest.Event("evt_1")));
        Assert.Equal($"Bearer {IngestWorld.Key}", ingest.Portal.Authorization);
    }

    [Fact]
    public async Task Unknown_tokens_ask_the_portal_once_a_second_at_most()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        var before = ingest.Portal.Asked.All;

        ingest.Time.Advance(StackList.Pause);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await ingest.SendAsync($"no-{i}", ingest.Event("evt_1"))).StatusCode);
        }

        Assert.Equal(before + 1, ingest.Portal.Asked.All);
    }

    [Fact]
    public async Task The_token_of_a_deleted_stack_is_refused_after_the_next_poll()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        ingest.Portal.Set("anna-lab");

        ingest.Time.Advance(StackList.Interval);
        await ingest.UntilAsync(1, "known_stacks");

        Assert.Equal(HttpStatusCode.Unauthorized, (await ingest.SendAsync("piet-lab", ingest.Event("evt_2"))).StatusCode);
        await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ingest.Event("evt_1")));
    }

    [Fact]
    public async Task A_list_that_has_not_changed_is_not_sent_again()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await ingest.UntilAsync(2, "known_stacks");
        ingest.Time.Advance(StackList.Interval - TimeSpan.FromSeconds(1));
        await ingest.UntilAsync(9, "list_age_seconds");

        ingest.Time.Advance(TimeSpan.FromSeconds(1));
        await ingest.UntilAsync(0, "list_age_seconds");

        Assert.Equal((2, 1), ingest.Portal.Asked);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(200)]
    [InlineData(302)]
    public async Task The_last_list_counts_while_the_portal_is_away_also_after_a_restart(int status)
    {
        var portal = await FakePortal.StartAsync("piet-lab");
        await using var first = await IngestWorld.StartAsync(portal: portal);
        await first.UntilAsync(1, "known_stacks");
        await IngestWorld.AnswerAsync(await first.SendAsync("piet-lab", first.Event("evt_1")));

        // 200 without a list.
        portal.Status = status;
        var copy = Directory.CreateTempSubdirectory("ingest-").FullName;
        File.Copy(await ListOfAsync(first), Path.Combine(copy, "stacks.json"));
        first.Time.Advance(StackList.Interval);
        await IngestWorld.AnswerAsync(await first.SendAsync("piet-lab", first.Event("evt_2")));
        await using var second = await IngestWorld.StartAsync(portal: portal, folder: copy, time: first.Time);

        await IngestWorld.AnswerAsync(await second.SendAsync("piet-lab", second.Event("evt_3")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.SendAsync("anna-lab", second.Event("evt_3"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task The_list_is_kept_for_the_own_user_alone_and_without_tokens()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await ingest.UntilAsync(2, "known_stacks");
        var file = await ListOfAsync(ingest);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.DoesNotContain("aisl_", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_list_is_as_none_until_the_portal_answers()
    {
        var portal = await FakePortal.StartAsync("piet-lab");
        portal.Status = 503;
        var folder = Directory.CreateTempSubdirectory("ingest-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "stacks.json"), "{\"stacks\":", TestContext.Current.CancellationToken);
        await using var ingest = await IngestWorld.StartAsync(portal: portal, folder: folder);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ingest.GetAsync("/readyz")).StatusCode);

        portal.Status = null;
        ingest.Time.Advance(StackList.Interval);
        await ingest.UntilAsync(1, "known_stacks");

        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
    }

    /// <summary>It is written a moment after it counts.</summary>
    private static async Task<string> ListOfAsync(IngestWorld ingest)
    {
        var file = Path.Combine(ingest.Folder, "stacks.json");
        while (!File.Exists(file))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ingest.Token);
        }
        return file;
    }
}
