using System.Diagnostics;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>One trace for each deployment: its runs, their steps, and the calls below them.</summary>
public sealed class DeploymentTraceTests : IDisposable
{
    private readonly SpanBook _spans = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task A_deployment_is_one_trace_with_a_span_for_each_step_and_the_calls_below_it()
    {
        await using var portal = await TestPortal.StartAsync();

        var done = await portal.DeployAsync("design-lab");

        var spans = _spans.Of(done.TraceId);
        var root = DeploymentTraces.RootOf(done.TraceId)!.Value;
        var run = Assert.Single(spans, s => s.DisplayName == "run deploy");
        Assert.Equal((root.SpanId, true), (run.ParentSpanId, run.HasRemoteParent));
        Assert.Equal((done.Id, "design-lab", 1, "completed"), (Tag(run, "aistack.deployment.id"), Tag(run, "aistack.stack.name"), Tag(run, "aistack.run"), Tag(run, "aistack.phase")));
        var steps = spans.Where(s => s.ParentSpanId == run.SpanId).ToList();
        Assert.Equal(
            ["ensure-project", "ensure-application", "configure", "ensure-volumes", "ensure-domain", "trigger-deploy", "await-dokploy", "await-container", "await-readiness"],
            steps.Select(s => s.DisplayName));
        Assert.All(steps, s => Assert.Equal("done", Tag(s, "aistack.outcome")));
        var calls = spans.Where(s => s.Kind == ActivityKind.Client).ToList();
        Assert.True(calls.Count >= 9, $"{calls.Count} calls");
        Assert.All(calls, c => Assert.Contains(c.ParentSpanId, steps.Select(s => s.SpanId)));
        // Probes of the stack's own address are no spans: there may be hundreds, each with the stack's name in its address.
        Assert.All(calls, c => Assert.Equal(portal.Emulator.ApiUrl.Port, Tag(c, "server.port")));
        Assert.DoesNotContain(calls, c => c.Parent!.DisplayName == "await-readiness" && (string?)Tag(c, "http.request.method") != "GET");
    }

    [Fact]
    public async Task The_claim_and_the_request_that_made_it_are_linked_to_each_other()
    {
        await using var portal = await TestPortal.StartAsync();
        using var http = new Activity("POST /api/deploy").Start();

        var claimed = await portal.ClaimAsync("design-lab");

        var accepted = Assert.Single(_spans.Of(claimed.TraceId));
        Assert.Equal(("accept deploy", ActivityKind.Producer), (accepted.DisplayName, accepted.Kind));
        var request = Assert.Single(_spans.Of(http.TraceId.ToHexString()), s => s.DisplayName == "request deploy");
        Assert.Equal(http.SpanId, request.ParentSpanId);
        Assert.Equal(request.Context, Assert.Single(accepted.Links).Context);
        Assert.Equal(accepted.Context, Assert.Single(request.Links).Context);
        Assert.NotEqual(http.TraceId, accepted.TraceId);
    }

    [Fact]
    public async Task A_deletion_is_a_trace_of_its_own_linked_to_what_asked_for_it()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");

        var result = await portal.Deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = made.StackId, ConfirmName = "design-lab", RequestId = "req_delete" }, TestContext.Current.CancellationToken);
        var deletion = Assert.IsType<BeginResult.Started>(result).Deployment;
        await portal.RunAsync(deletion.Id);

        var spans = _spans.Of(deletion.TraceId);
        Assert.NotEqual(made.TraceId, deletion.TraceId);
        Assert.Equal(["accept delete", "run delete"], spans.Where(s => s.HasRemoteParent).Select(s => s.DisplayName));
        Assert.Single(spans[0].Links);
        Assert.Equal("completed", Tag(spans.Single(s => s.DisplayName == "run delete"), "aistack.phase"));
        Assert.Contains("remove-application", spans.Select(s => s.DisplayName));
    }

    [Fact]
    public async Task A_run_in_another_process_is_in_the_same_trace_and_linked_to_the_one_before()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(502, "Bad Gateway") });
        var claimed = await portal.ClaimAsync("design-lab");
        using var stopping = new CancellationTokenSource();
        var first = portal.RunUntilStoppedAsync(claimed.Id, stopping.Token);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitReadiness);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        portal.Emulator.World.Faults.Clear();
        await using var next = await portal.SecondProcessAsync();

        await next.RunAsync(claimed.Id);

        var runs = _spans.Of(claimed.TraceId).Where(s => s.DisplayName == "run deploy").ToList();
        Assert.Equal([1, 2], runs.Select(r => (int)Tag(r, "aistack.run")!));
        Assert.Equal("running", Tag(runs[0], "aistack.phase"));
        Assert.Equal(runs[0].ParentSpanId, runs[1].ParentSpanId);
        Assert.Empty(runs[0].Links);
        Assert.Equal((runs[0].TraceId, runs[0].SpanId), (Assert.Single(runs[1].Links).Context.TraceId, Assert.Single(runs[1].Links).Context.SpanId));
        var step = Assert.Single(_spans.Of(claimed.TraceId), s => s.ParentSpanId == runs[1].SpanId && s.DisplayName == "await-readiness");
        Assert.Equal(2, Tag(step, "aistack.attempt"));
    }

    [Fact]
    public async Task A_failure_marks_its_step_and_its_run_by_the_code_alone()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Equal(FailureCode.ImageNotFound, failed.Failure!.Code);
        var marked = _spans.Of(failed.TraceId).Where(s => s.Status == ActivityStatusCode.Error && s.Kind != ActivityKind.Client).ToList();
        Assert.Equal(["run deploy", failed.Failure.Step == DeploymentStep.AwaitDokploy ? "await-dokploy" : "await-container"], marked.Select(s => s.DisplayName));
        Assert.All(marked, s => Assert.Equal(("image-not-found", "image-not-found"), (Tag(s, "error.type"), s.StatusDescription)));
        Assert.All(marked, s => Assert.DoesNotContain(s.Events, e => e.Name == "exception"));
        Assert.Contains(_spans.Of(failed.TraceId), s => s.DisplayName == "clean-up" && (string?)Tag(s, "aistack.outcome") == "done");
    }

    [Theory]
    [InlineData("not a trace id")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFAB")]
    public void What_is_no_trace_id_makes_no_trace(string traceId) => Assert.Null(DeploymentTraces.RootOf(traceId));

    private static object? Tag(Activity span, string key) => span.GetTagItem(key);
}
