using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>What a person would have met at a stack's address.</summary>
public enum SpanKind
{
    /// <summary>An operation had failed, and nobody had looked since.</summary>
    Unknown,
    Answering,
    NotAnswering,

    /// <summary>Something of it was gone in Dokploy.</summary>
    Missing,

    /// <summary>Stopped on purpose.</summary>
    Stopped,

    /// <summary>An operation waited or ran.</summary>
    AtWork,
}

public sealed record HealthSpan(SpanKind Kind, DateTimeOffset From, DateTimeOffset To);

/// <param name="Operations">Newest first.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Health">Without gaps, from when the stack was made if that is later than what was asked for.</param>
public sealed record StackHistory(IReadOnlyList<DeploymentSnapshot> Operations, int Total, IReadOnlyList<HealthSpan> Health);

/// <summary>How a stack was over some hours. Nothing of it is stored: it follows from its operations and from the lines that looks at it wrote.</summary>
public static class HealthSpans
{
    /// <param name="operations">Newest first.</param>
    /// <param name="looks">Oldest first.</param>
    public static IReadOnlyList<HealthSpan> Of(
        IReadOnlyList<DeploymentSnapshot> operations, IReadOnlyList<DeploymentEvent> looks, StackRow now, DateTimeOffset from, DateTimeOffset to)
    {
        var marks = operations.Reverse().SelectMany(MarksOf)
            .Concat(looks.Select(look => (look.At, Kind: KindOf(look.Log))))
            .OrderBy(mark => mark.At).ToList();
        if (marks is [.., (var last, SpanKind.Unknown)] && now.Health is { State: HealthState.Answering, Since: { } since } && since > last)
        {
            // That a stack answers of which nothing was known writes no line.
            marks.Add((since, SpanKind.Answering));
        }
        var spans = new List<HealthSpan>();
        foreach (var (index, (at, kind)) in marks.Index())
        {
            var (begin, end) = (Later(at, from), index + 1 < marks.Count ? marks[index + 1].At : to);
            if (end <= begin)
            {
                continue;
            }
            if (spans is [.., var before] && before.Kind == kind)
            {
                spans[^1] = before with { To = end };
            }
            else
            {
                spans.Add(new HealthSpan(kind, begin, end));
            }
        }
        return spans;
    }

    private static IEnumerable<(DateTimeOffset At, SpanKind Kind)> MarksOf(DeploymentSnapshot operation)
    {
        yield return (operation.CreatedAt, SpanKind.AtWork);
        if (operation.FinishedAt is { } end)
        {
            yield return (end, operation switch
            {
                { Phase: not DeploymentPhase.Completed } => SpanKind.Unknown,
                { Operation.LeavesStopped: true } => SpanKind.Stopped,
                _ => SpanKind.Answering,
            });
        }
    }

    private static SpanKind KindOf(LogCode? look) => look switch
    {
        LogCode.StackSilent => SpanKind.NotAnswering,
        LogCode.StackMissing => SpanKind.Missing,
        _ => SpanKind.Answering,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
