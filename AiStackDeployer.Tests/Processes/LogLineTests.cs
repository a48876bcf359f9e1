using System.Text.Json;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The log as a container's collector reads it: one JSON object a line.</summary>
public sealed class LogLineTests
{
    [Fact(Timeout = 120_000)]
    public async Task Every_line_of_a_run_says_which_deployment_stack_step_trace_and_span_it_is_of()
    {
        await using var dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var home = PortalHome.For(dokploy).With("LOG_LEVEL", "debug");
        await home.StartAsync(TestContext.Current.CancellationToken);
        using var person = home.NewPerson();
        var started = await person.StartAsync("design-lab");
        await using (var events = await EventReader.OpenAsync(person, started.Text("deploymentId")))
        {
            Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        }
        var trace = (await person.StatusAsync(started.Text("deploymentId"))).Text("traceId");
        await home.Process.TerminateAsync();

        var lines = home.Process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var ofRun = lines.Where(l => l.TryGetProperty("Run", out _)).ToList();
        Assert.True(ofRun.Count > 10, $"{ofRun.Count} lines");
        foreach (var line in ofRun)
        {
            Assert.Equal(
                (started.Text("deploymentId"), "design-lab", trace, trace),
                (Text(line, "DeploymentId"), Text(line, "StackName"), Text(line, "CorrelationId"), Text(line, "@tr")));
            Assert.Matches("^[0-9a-f]{16}$", Text(line, "@sp"));
            Assert.NotEmpty(Text(line, "Step"));
        }
        var domain = ofRun.Where(l => l.TryGetProperty("Call", out var call) && call.GetString() == "domain.create").ToList();
        Assert.NotEmpty(domain);
        Assert.All(domain, l => Assert.Equal("EnsureDomain", Text(l, "Step")));
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
