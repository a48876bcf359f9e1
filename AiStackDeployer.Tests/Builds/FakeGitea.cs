using System.Globalization;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Builds;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Builds;

/// <summary>Gitea's list of workflow runs, in the shape that its reference documents (1.25).</summary>
internal sealed class FakeGitea : IAsyncDisposable
{
    public const string Token = "gitea-token-that-must-not-be-told";

    private LoopbackServer _server = null!;

    /// <summary>Newest first.</summary>
    public List<JsonObject> Runs { get; } = [];

    public IReadOnlyList<ArrivedRequest> Requests => _server.Requests;

    /// <summary>Instead of an answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public GiteaOptions Options => new() { Url = new Uri(_server.Url, "git"), Repository = "company/ai-stack", ApiToken = Token };

    public static async Task<FakeGitea> StartAsync()
    {
        var gitea = new FakeGitea();
        gitea._server = await LoopbackServer.StartAsync((context, _) => gitea.Instead is { } instead
            ? instead(context)
            : context.Response.WriteAsJsonAsync(new { total_count = gitea.Runs.Count, workflow_runs = gitea.Runs }, context.RequestAborted));
        return gitea;
    }

    public static JsonObject Run(
        long number, string status = "completed", string? conclusion = "success", string? commit = null, string path = "image.yaml@refs/heads/main", string branch = "main") => new()
    {
        ["id"] = 1000 + number, ["url"] = "https://git.test/api/v1/repos/company/ai-stack/actions/runs/1", ["html_url"] = $"https://git.test/company/ai-stack/actions/runs/{number}",
        ["display_title"] = $"Commit {number}", ["path"] = path, ["event"] = "push", ["run_attempt"] = 1, ["run_number"] = number, ["repository_id"] = 7,
        ["head_sha"] = commit ?? Commit(number), ["head_branch"] = branch, ["status"] = status, ["conclusion"] = conclusion,
        ["started_at"] = "2026-03-01T11:00:00+01:00", ["completed_at"] = status == "completed" ? "2026-03-01T11:03:00+01:00" : "0001-01-01T00:00:00Z",
        ["actor"] = new JsonObject { ["login"] = "piet" }, ["repository"] = new JsonObject { ["full_name"] = "company/ai-stack" },
    };

    /// <summary>Forty digits.</summary>
    public static string Commit(long number) => (number.ToString("x8", CultureInfo.InvariantCulture) + "beefbeef").PadRight(40, 'c');

    /// <summary>Builds as the product registers them, with this Gitea.</summary>
    public ServiceProvider Services(TimeProvider time, Func<GiteaOptions, GiteaOptions>? adjust = null) =>
        new ServiceCollection().AddLogging().AddSingleton(time).AddBuilds((adjust ?? (options => options))(Options)).BuildServiceProvider();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
