using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Serilog.Events;

namespace AiStackDeployer.Tests.Api;

/// <summary>What the portal's own log says about whole deployments, at its most talkative.</summary>
public sealed class DeploymentLogTests : IAsyncLifetime
{
    private const string Statement = "Failed query: insert into \\\"application\\\" (\\\"name\\\") values ($1) params: sql-parameter";

    /// <summary>Calls that only a run makes; the check of a name makes none of them.</summary>
    private static readonly string[] CallsOfRuns =
        ["project.create", "application.create", "application.update", "mounts.create", "domain.create", "application.deploy"];

    private readonly PortalFactory _portal = new PortalFactory().With("LOG_LEVEL", "debug");

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task No_line_holds_a_secret_or_a_statement_and_each_run_has_one_correlation_id()
    {
        var world = _portal.Emulator.World;
        var person = _portal.NewPerson();
        var ends = new List<(string Id, string TraceId, string Password)>
        {
            await RunAsync(person, "log-good", "complete"),
        };
        world.Outcomes.Set("ai-stack-log-missing", ImageOutcome.MissingImage);
        ends.Add(await RunAsync(person, "log-missing", "error"));
        world.Faults.Add(Sql("application.create", status: 500, times: 1));
        ends.Add(await RunAsync(person, "log-retried", "complete"));
        world.Faults.Add(Sql("application.update", status: 400, times: null));
        ends.Add(await RunAsync(person, "log-refused", "error"));
        world.Faults.Clear();

        var lines = _portal.Log.Events;
        foreach (var text in lines.Select(CapturedLog.Whole))
        {
            Assert.DoesNotContain(ends, e => text.Contains(e.Password, StringComparison.Ordinal));
            Assert.DoesNotContain(_portal.Emulator.ApiKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain("sql-parameter", text, StringComparison.Ordinal);
            Assert.DoesNotContain("insert into", text, StringComparison.OrdinalIgnoreCase);
        }
        var ofRuns = lines.Where(l => Property(l, "SourceContext") == "AiStackDeployer.Core.Provisioning.DeploymentWorkflow"
            || CallsOfRuns.Contains(Property(l, "Call"))).ToList();
        Assert.All(ofRuns, line => Assert.NotNull(Property(line, "CorrelationId")));
        foreach (var (id, traceId, _) in ends)
        {
            var ofThisRun = lines.Where(l => Property(l, "CorrelationId") == traceId).ToList();
            Assert.All(ofThisRun, line => Assert.Equal(id, Property(line, "DeploymentId")));
            Assert.Contains("application.create", ofThisRun.Select(l => Property(l, "Call")));
        }
        Assert.Equal(
            ends.Select(e => e.TraceId).Order(), ofRuns.Select(l => Property(l, "CorrelationId")).Distinct().Order());
    }

    private static Fault Sql(string call, int status, int? times) => new()
    {
        Call = call, Times = times, Kind = new FaultKind.Status(status, $"{{\"message\":\"{Statement}\",\"code\":\"BAD_REQUEST\"}}"),
    };

    private static string? Property(LogEvent line, string name) =>
        line.Properties.TryGetValue(name, out var value) ? (value as ScalarValue)?.Value?.ToString() : null;

    private static async Task<(string Id, string TraceId, string Password)> RunAsync(HttpClient person, string name, string end)
    {
        var started = await person.StartAsync(name);
        var id = started.Text("deploymentId");
        await using var events = await EventReader.OpenAsync(person, id);
        var seen = await events.RestAsync();
        Assert.Equal(end, seen[^1].Type);
        Assert.DoesNotContain(seen, e => e.Data.Contains("sql-parameter", StringComparison.Ordinal));
        return (id, (await person.StatusAsync(id)).Text("traceId"), started["credentials"]!.Text("password"));
    }
}
