using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// One run of one deployment: the newest facts, the fencing number that every write needs, and the ways to wait that a wish to
/// cancel ends at once. A run that died is followed by another one with a higher number.
/// </summary>
internal sealed class DeploymentRun(
    Deployment deployment, int number, IDeploymentStore store, TimeProvider time, CancellationToken cancelWish)
{
    /// <summary>A wish to cancel that another process wrote is noticed this late at most.</summary>
    private static readonly TimeSpan LookForWish = TimeSpan.FromSeconds(5);

    private long _lastLook = time.GetTimestamp();

    /// <summary>As last read or written; nobody else changes this copy.</summary>
    public Deployment Deployment { get; private set; } = deployment;

    public Stack Stack => Deployment.Stack;

    public int Number { get; } = number;

    /// <summary>The id of the span it is traced under; null = it is not.</summary>
    public string? Span { get; set; }

    public TimeProvider Time { get; } = time;

    /// <summary>
    /// This very run made the project a moment ago, so it is known to be empty and need not be searched. Lost with the run, as
    /// it must be: the next one looks.
    /// </summary>
    public bool MadeProject { get; set; }

    /// <inheritdoc cref="MadeProject"/>
    public bool MadeApplication { get; set; }

    /// <summary>
    /// A call that makes something was sent, by this run or one before it, and nobody has its answer: what it makes may come to be
    /// after a look that did not find it.
    /// </summary>
    public bool MayShowLate { get; set; } = deployment.TouchedDokploy;

    /// <summary>What stands in the way right now: when the step's time ends, this is the reason, not the clock. Null = none known.</summary>
    public StepFailedException? ReasonWhenTimeEnds { get; set; }

    /// <summary>The applications that this run removed, by id, with the names of their services.</summary>
    public Dictionary<string, string> Removed { get; } = [];

    /// <summary>The log already says that the run is waiting for a Dokploy job.</summary>
    public bool IsWaitLogged { get; set; }

    /// <summary>The log already says that this key may not see containers.</summary>
    public bool IsBlindLogged { get; set; }

    /// <summary>Something may have happened without our knowing: look before making anything.</summary>
    public void Doubt() => MadeProject = MadeApplication = false;

    /// <summary>Cancelled when somebody wishes the deployment to stop. For waiting and reading, never for a call that makes something.</summary>
    public CancellationToken CancelWish { get; } = cancelWish;

    public bool IsCancelWished => Deployment.CancelRequestedAt is not null || CancelWish.IsCancellationRequested;

    /// <summary>One transaction: the change and its log lines, refused when a newer run exists.</summary>
    public async Task WriteAsync(Action<Deployment, DateTimeOffset> change, CancellationToken cancellationToken)
    {
        Deployment = await store.ChangeAsync(
            Deployment.Id,
            fresh =>
            {
                change(fresh, Time.GetUtcNow());
                if (Span is { } span)
                {
                    fresh.TraceRun(Number, span);
                }
                return fresh;
            },
            cancellationToken) ?? throw new StaleRunException(Deployment.Id, Number, -1);
        _lastLook = Time.GetTimestamp();
    }

    public Task NoteAsync(LogCode code, string? detail, CancellationToken cancellationToken)
    {
        DeploymentTraces.Note(code);
        return WriteAsync((d, now) => d.Note(Number, code, detail, now), cancellationToken);
    }

    /// <summary>Several lines in one transaction.</summary>
    public Task NoteAsync(IReadOnlyList<string> rawLines, CancellationToken cancellationToken) => rawLines.Count == 0
        ? Task.CompletedTask
        : WriteAsync(
            (d, now) =>
            {
                foreach (var line in rawLines)
                {
                    d.Note(Number, LogCode.Raw, line, now);
                }
            },
            cancellationToken);

    /// <summary>Called before anything is created in Dokploy: a run that has been superseded stops here.</summary>
    public Task IntendToCreateAsync(CancellationToken cancellationToken) => WriteAsync((d, _) => d.IntendToCreate(Number), cancellationToken);

    /// <summary>Waits; a wish to cancel ends it with <see cref="OperationCanceledException"/>.</summary>
    public async Task PauseAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancelWish);
        await Task.Delay(length, Time, either.Token);
        if (Time.GetElapsedTime(_lastLook) >= LookForWish)
        {
            _lastLook = Time.GetTimestamp();
            Deployment = await store.FindAsync(Deployment.Id, cancellationToken) ?? Deployment;
        }
        if (Deployment.CancelRequestedAt is not null)
        {
            throw new OperationCanceledException("Somebody wishes the deployment to stop.");
        }
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Tight at first, because a deployment takes seconds; then slower, because a queue can take minutes.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Next => Elapsed.TotalSeconds switch
    {
        < 3 => TimeSpan.FromMilliseconds(100),
        < 10 => TimeSpan.FromMilliseconds(250),
        < 60 => TimeSpan.FromMilliseconds(750),
        _ => TimeSpan.FromSeconds(2),
    };

    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
