using System.Diagnostics;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// One trace for each deployment, over all its runs and restarts: the trace id made at the claim and shown on the page is the
/// trace's own. Its root is a span that nobody exports, with an id that follows from the trace id, so that runs of different
/// processes hang side by side under it. A process that is killed never exports the span it was in; the spans that had ended
/// are there, and the next run links to the one before. Which spans are kept is up to the listener; without one nothing is made.
/// </summary>
internal static class DeploymentTraces
{
    public const string Name = "AiStackDeployer.Deployments";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>
    /// The acceptance, from its begin to its commit. It is linked to the request that made it, and that request to it: the one belongs to
    /// the caller's trace, the other to the deployment's.
    /// </summary>
    public static void Accepted(Deployment deployment, DateTimeOffset begun)
    {
        var request = Activity.Current;
        if (RootOf(deployment.TraceId) is not { } root)
        {
            return;
        }
        using var span = Source.StartActivity(
            ActivityKind.Producer, root, Facts(deployment), request is null ? null : [new ActivityLink(request.Context)], begun, $"accept {deployment.Operation.Name}");
        if (span is not null)
        {
            request?.AddLink(new ActivityLink(span.Context));
        }
    }

    /// <summary>Linked to the run before, where that one was traced.</summary>
    public static Activity? StartRun(Deployment deployment, int run)
    {
        if (RootOf(deployment.TraceId) is not { } root)
        {
            return null;
        }
        var span = Source.StartActivity(
            ActivityKind.Consumer, root, Facts(deployment), Before(deployment, root), name: $"run {deployment.Operation.Name}");
        return span?.SetTag("aistack.run", run);
    }

    /// <summary>With the phase it leaves behind: one that is not terminal says that the run was stopped, or comes back later.</summary>
    public static void EndRun(Activity? span, Deployment deployment)
    {
        span?.SetTag("aistack.phase", Label.Of(deployment.Phase));
        Fail(span, deployment.Failure);
    }

    public static Activity? StartStep(Deployment deployment, DeploymentStep step) => Source.StartActivity(Label.Of(step))
        ?.SetTag("aistack.step", Label.Of(step)).SetTag("aistack.attempt", RecordOf(deployment, step).Attempts);

    public static void EndStep(Activity? span, Deployment deployment, DeploymentStep step)
    {
        var outcome = RecordOf(deployment, step).Outcome;
        span?.SetTag("aistack.outcome", Label.Of(outcome));
        if (outcome == StepOutcome.Failed)
        {
            Fail(span, deployment.Failure);
        }
    }

    /// <summary>What a run notes while it waits, by its code: the details are for people and may hold lines of a container.</summary>
    public static void Note(LogCode code) => Activity.Current?.AddEvent(new ActivityEvent(Label.Of(code)));

    /// <summary>The root's id is the first half of the trace's: fixed, and never zero where the trace's is not by chance.</summary>
    internal static ActivityContext? RootOf(string traceId) =>
        IsHex(traceId, 32) ? Context(ActivityTraceId.CreateFromString(traceId), traceId[..16]) : null;

    // Recorded: deployments are few and each is worth a trace; a sampler that must not follow its parent is asked all the same.
    private static ActivityContext Context(ActivityTraceId trace, string spanId) =>
        new(trace, ActivitySpanId.CreateFromString(spanId), ActivityTraceFlags.Recorded, isRemote: true);

    private static DeploymentStepRecord RecordOf(Deployment deployment, DeploymentStep step) => deployment.Steps.Where(s => s.Step == step).MaxBy(s => s.Index)!;

    private static ActivityLink[]? Before(Deployment deployment, ActivityContext root) =>
        deployment.RunSpan is { } span && IsHex(span, 16) ? [new ActivityLink(Context(root.TraceId, span))] : null;

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    private static KeyValuePair<string, object?>[] Facts(Deployment deployment) =>
    [
        new("aistack.kind", deployment.Operation.Name), new("aistack.deployment.id", deployment.Id), new("aistack.stack.name", deployment.Name.Value),
    ];

    private static void Fail(Activity? span, DeploymentFailure? failure)
    {
        if (span is not null && failure is not null)
        {
            // The code alone: raw lines stay on the page.
            span.SetTag("error.type", failure.Code.ToWire());
            span.SetStatus(ActivityStatusCode.Error, failure.Code.ToWire());
        }
    }
}
