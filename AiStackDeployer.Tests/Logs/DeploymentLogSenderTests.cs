using System.Text.Json.Nodes;
using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Logs;

public sealed class DeploymentLogSenderTests
{
    private const string Id = "dep_usr_1_req_1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_committed_line_and_the_end_reach_the_ingest_once_masked_and_in_their_order_when_the_portal_stops()
    {
        await using var ingest = await FakeIngest.StartAsync();
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var committed = new CommittedEvents();
        var store = TestDatabase.StoreOn(database.Open(), committed: committed);
        await using var services = Compose(ingest, committed, new FakeContainer());
        var sender = services.GetRequiredService<IHostedService>();
        await sender.StartAsync(Token);

        await store.BeginAsync(Some.Claim(), Token);
        await store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token);
        await store.ChangeAsync(Id, Noted(LogCode.ProjectCreated, "says\nsesame"), Token);
        await store.ChangeAsync(Id, Noted(LogCode.Retrying, "dokploy-away"), Token);
        await store.ChangeAsync(Id, Failed, Token);
        // Not stored, so not told.
        await Assert.ThrowsAsync<StaleRunException>(() => store.ChangeAsync(Id, d => { d.Note(7, LogCode.Configured, null, Some.Start); return d; }, Token));
        await sender.StopAsync(Token);
        await store.ChangeAsync(Id, d => { d.FinishUnwinding(1, [], Some.Start); return d; }, Token);

        var sent = ingest.Requests.Where(r => r.Method == "POST").SelectMany(r => JsonNode.Parse(r.Body)!["events"]!.AsArray()).ToList();
        Assert.Equal(
            [
                "deployment.name_claimed info jan jan", "deployment.project_created info jan says •••", "deployment.retrying warn jan dokploy-away",
            ],
            sent.Take(3).Select(e => $"{e!["type"]} {e["level"]} {e["stack"]} {e["message"]}"));
        Assert.Equal(sent.Count, sent.Select(e => (string)e!["id"]!).Distinct().Count());
        Assert.Equal(
            """{"deployment":"dep_usr_1_req_1","operation":"deploy","step":"claim_name"}""", sent[0]!["attrs"]!.ToJsonString());
        Assert.All(ingest.Requests, request => Assert.Equal($"Bearer {FakeIngest.Key}", request.Authorization));
    }

    [Fact]
    public void A_deployment_that_failed_is_an_error_with_its_reason()
    {
        var sent = LinesOf(Some.In(DeploymentPhase.Failed));

        Assert.Equal(("deployment.failed", "error", "image-not-found"), (sent[^1].Type, sent[^1].Level, sent[^1].Attrs!["failure"]));
        Assert.Equal("deployment.completed info", LinesOf(Some.In(DeploymentPhase.Completed)) is [.., var end] ? $"{end.Type} {end.Level}" : "");
        Assert.Equal("deployment.cancelled info", LinesOf(Some.In(DeploymentPhase.Cancelled)) is [.., var stopped] ? $"{stopped.Type} {stopped.Level}" : "");
    }

    [Fact]
    public async Task A_commit_does_not_fail_when_it_is_not_known_what_to_hide_and_the_line_stays_here()
    {
        await using var ingest = await FakeIngest.StartAsync();
        var committed = new CommittedEvents();
        await using var services = Compose(ingest, committed, new FakeContainer { KeysAreLost = true });
        var sender = services.GetRequiredService<IHostedService>();
        await sender.StartAsync(Token);
        var deployment = Some.Deployment();

        committed.Tell(deployment, deployment.TakeNewEvents());
        await sender.StopAsync(Token);

        Assert.Empty(ingest.Requests);
    }

    private static Func<Deployment, Deployment> Noted(LogCode code, string detail) => d =>
    {
        d.Note(1, code, detail, Some.Start);
        return d;
    };

    private static Deployment Failed(Deployment deployment)
    {
        deployment.Fail(1, Some.Failure, Some.Start);
        return deployment;
    }

    private static IReadOnlyList<LogEvent> LinesOf(Deployment deployment) =>
        [.. deployment.TakeNewEvents().Where(DeploymentLogSender.IsTold).Select(e => DeploymentLogSender.Translate(deployment, e, "any"))];

    private static ServiceProvider Compose(FakeIngest ingest, CommittedEvents committed, FakeContainer container) => new ServiceCollection()
        .AddLogging().AddSingleton(TimeProvider.System).AddSingleton(committed).AddSingleton<IContainerLog>(container)
        .AddDeploymentLogSending(ingest.Options, _ => (_, e) => e.Detail ?? e.Log?.ToString() ?? e.Kind.ToString()).BuildServiceProvider();
}
