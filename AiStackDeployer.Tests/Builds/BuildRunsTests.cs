using AiStackDeployer.Core.Builds;
using AiStackDeployer.Tests.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Builds;

public sealed class BuildRunsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private FakeGitea _gitea = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gitea = await FakeGitea.StartAsync();
        _services = _gitea.Services(_time);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _gitea.DisposeAsync();
    }

    [Fact]
    public async Task A_run_comes_with_what_people_look_it_up_by()
    {
        _gitea.Runs.Add(FakeGitea.Run(7));

        var run = Assert.Single((await ReadAsync()).Runs);

        Assert.Equal(
            new BuildRun(
                7, "Commit 7", "image.yaml", FakeGitea.Commit(7), "main", BuildState.Succeeded, new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 3, 1, 10, 3, 0, TimeSpan.Zero), new Uri("https://git.test/company/ai-stack/actions/runs/7")),
            run);
        var request = Assert.Single(_gitea.Requests);
        Assert.Equal(("/git/api/v1/repos/company/ai-stack/actions/runs?limit=50", $"token {FakeGitea.Token}"), (request.Target, request.Authorization));
    }

    [Theory]
    [InlineData("queued", null, BuildState.Queued)]
    [InlineData("waiting", null, BuildState.Queued)]
    [InlineData("in_progress", null, BuildState.Running)]
    [InlineData("completed", "success", BuildState.Succeeded)]
    [InlineData("completed", "failure", BuildState.Failed)]
    [InlineData("completed", "cancelled", BuildState.Cancelled)]
    [InlineData("completed", "skipped", BuildState.Skipped)]
    [InlineData("completed", "something_new", BuildState.Unknown)]
    [InlineData("something_new", null, BuildState.Unknown)]
    public async Task Gitea_s_words_for_a_state_are_understood(string status, string? conclusion, BuildState state)
    {
        _gitea.Runs.Add(FakeGitea.Run(7, status, conclusion));

        var run = Assert.Single((await ReadAsync()).Runs);

        Assert.Equal((state, status == "completed"), (run.State, run.EndedAt is not null));
    }

    [Fact]
    public async Task Of_a_run_that_lacks_things_or_has_a_dangerous_link_the_rest_is_shown()
    {
        _gitea.Instead = FakeIngest.Status(200, """
            {"workflow_runs":[{"run_number":"nine","html_url":"javascript:alert(1)","head_sha":7,"started_at":"soon","status":"queued"},null,"x"],"total_count":3}
            """);

        Assert.Equal(new BuildRun(0, "", null, null, null, BuildState.Queued, null, null, null), Assert.Single((await ReadAsync()).Runs));
    }

    [Fact]
    public async Task Only_runs_of_the_configured_workflow_are_told_newest_first()
    {
        _gitea.Runs.AddRange([FakeGitea.Run(1), FakeGitea.Run(3), FakeGitea.Run(2, path: ".gitea/workflows/ci.yaml@refs/heads/main")]);
        await using var services = _gitea.Services(_time, options => options with { Workflow = "image.yaml" });

        Assert.Equal([3, 1], (await services.GetRequiredService<BuildRuns>().ReadAsync(Token)).Runs.Select(run => run.Number));
    }

    [Fact]
    public async Task Gitea_is_asked_when_somebody_looks_and_once_a_minute_at_most()
    {
        Assert.Empty(_gitea.Requests);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReadAsync()));
        _time.Advance(TimeSpan.FromSeconds(59));
        await ReadAsync();
        Assert.Single(_gitea.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal(2, _gitea.Requests.Count);
    }

    [Theory]
    [InlineData(401, GiteaFault.TokenRefused)]
    [InlineData(403, GiteaFault.TokenRefused)]
    [InlineData(404, GiteaFault.NotFound)]
    [InlineData(429, GiteaFault.RateLimited)]
    [InlineData(502, GiteaFault.ServerError)]
    [InlineData(302, GiteaFault.Unreadable)]
    [InlineData(200, GiteaFault.Unreadable)]
    public async Task While_gitea_does_not_tell_what_it_said_last_is_kept_with_its_time_and_the_reason(int status, GiteaFault fault)
    {
        _gitea.Runs.Add(FakeGitea.Run(7));
        var before = await ReadAsync();
        _gitea.Instead = FakeIngest.Status(status, "<html>");
        _time.Advance(BuildRuns.Kept);

        var after = await ReadAsync();
        await ReadAsync();

        Assert.Equal((before.Runs, before.ReadAt, fault), (after.Runs, after.ReadAt, after.Trouble));
        Assert.Equal(2, _gitea.Requests.Count);

        _gitea.Instead = null;
        _time.Advance(BuildRuns.Kept);
        Assert.Null((await ReadAsync()).Trouble);
    }

    [Fact]
    public async Task A_gitea_that_asks_to_be_left_alone_for_longer_is()
    {
        _gitea.Instead = context =>
        {
            context.Response.Headers.RetryAfter = "300";
            return FakeIngest.Status(429)(context);
        };
        await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(299));
        await ReadAsync();
        Assert.Single(_gitea.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal(2, _gitea.Requests.Count);
    }

    [Theory]
    [InlineData("registry.test/stack:0000000", 5, 7)]
    [InlineData("registry.test/stack:00000005", 5, 7)]
    [InlineData("registry.test:5000/stack:sha-00000005beef", 5, 7)]
    [InlineData("registry.test/stack:run-5@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 5, 7)]
    [InlineData("registry.test/stack:5", 5, 7)]
    [InlineData("registry.test/stack:7", 7, null)]
    // Of another branch.
    [InlineData("registry.test/stack:3", 3, null)]
    // Failed, or not known.
    [InlineData("registry.test/stack:6", null, null)]
    [InlineData("registry.test/stack:99", null, null)]
    [InlineData("registry.test/stack:latest", null, null)]
    [InlineData("registry.test/stack:1.18.33", null, null)]
    [InlineData("registry.test:5000/stack", null, null)]
    [InlineData("registry.test/stack@sha256:0000000500000005000000050000000500000005000000050000000500000005", null, null)]
    public async Task The_tag_tells_which_run_made_an_image_and_whether_there_is_a_newer_one(string image, int? used, int? newer)
    {
        _gitea.Runs.AddRange(
        [
            FakeGitea.Run(8, "in_progress", null), FakeGitea.Run(7, commit: new string('e', 40)), FakeGitea.Run(6, conclusion: "failure", commit: new string('d', 40)), FakeGitea.Run(5),
            FakeGitea.Run(3, branch: "try", commit: new string('a', 40)),
        ]);

        var age = ImageAge.Of(image, (await ReadAsync()).Runs);

        Assert.Equal((used, newer), ((int?)age?.Used.Number, (int?)age?.Newer?.Number));
    }

    private Task<BuildReport> ReadAsync() => _services.GetRequiredService<BuildRuns>().ReadAsync(Token);
}
