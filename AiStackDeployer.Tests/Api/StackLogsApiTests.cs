using AiStackDeployer.Core.Audit;
using AiStackDeployer.Tests.Logs;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class StackLogsApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_deployment_writes_goes_to_the_ingest_in_English_and_comes_back_as_the_stacks_log_whose_opening_is_recorded_once()
    {
        await using var ingest = await FakeIngest.StartAsync();
        await using var portal = new PortalFactory().With("LOG_INGEST_URL", ingest.Url.ToString()).With("LOG_INGEST_KEY", FakeIngest.Key);
        await portal.InitializeAsync();
        using var owner = portal.NewPerson("nl");
        var started = await owner.StartAsync("design-lab");
        await ingest.ArrivalAsync("deployment.completed");

        var own = await owner.GetJsonAsync("api/stacks/design-lab/logs?level=info&source=portal&limit=2");
        using var other = portal.NewPerson();
        var foreign = await other.GetJsonAsync("api/stacks/design-lab/logs?limit=500");
        await other.GetJsonAsync($"api/stacks/design-lab/logs?after={foreign["entries"]![0]!.Text("cursor")}");

        Assert.Equal(("Ready", "portal", "ingest", "answers"), (own["entries"]![0]!.Text("message"), own["entries"]![0]!.Text("source"), own.Text("origin"), own.Text("ingest")));
        Assert.Equal(started.Text("deploymentId"), own["entries"]![0]!["attrs"]!.Text("deployment"));
        Assert.Equal("Name design-lab claimed", foreign["entries"]!.AsArray()[^1]!.Text("message"));
        Assert.DoesNotContain(started["credentials"]!.Text("password"), string.Concat(ingest.Requests.Select(r => r.Body)), StringComparison.Ordinal);
        var lines = await portal.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Action = "log.read" }, Token);
        Assert.Equal("design-lab", Assert.Single(lines).TargetName);
    }
}
