namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>One version of a service from its first task to its last.</summary>
internal sealed class Generation
{
    public required int Index { get; init; }
    public required ServiceSpec Spec { get; init; }
    public required ImageOutcome Outcome { get; init; }
    public required DateTimeOffset Start { get; init; }
    public required bool First { get; init; }
    public string? ContainerLog { get; init; }
    public DateTimeOffset? End { get; set; }

    /// <summary>Ended by its own failure, after one run, in the monitored part of an update.</summary>
    public bool Failed { get; set; }

    public bool Loops => Outcome is ImageOutcome.CrashLoop or ImageOutcome.OutOfMemory or ImageOutcome.RolledBackUpdate;
    public bool NeverScheduled => Outcome is ImageOutcome.Unschedulable;
    public bool Serves => !Loops && !NeverScheduled;
    public int ExitCode => Outcome is ImageOutcome.OutOfMemory ? 137 : 3;

    public bool EndedBy(DateTimeOffset now) => End is { } end && end <= now;
}

/// <summary>Swarm's word on the last update, as in <c>docker service inspect</c>.</summary>
internal sealed record UpdateStatus(string State, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt, string Message);

/// <summary>A service at one moment: replayed from its events, never stored.</summary>
internal sealed class Rollouts
{
    private readonly Timings _timings;
    private readonly DateTimeOffset _now;
    private readonly List<Generation> _generations = [];

    public Rollouts(SwarmService service, DateTimeOffset now, Timings timings)
    {
        (_timings, _now) = (timings, now);
        var events = service.Events.FindAll(e => e.At <= now);
        for (var i = 0; i < events.Count; i++)
        {
            var next = i + 1 < events.Count ? events[i + 1].At : DateTimeOffset.MaxValue;
            Apply(events[i], next);
        }
    }

    public IReadOnlyList<Generation> Generations => _generations;
    public UpdateStatus? Update { get; private set; }
    public int Replicas { get; private set; }

    /// <summary>The spec swarm keeps for the service: the old one again after a rollback.</summary>
    public ServiceSpec? Spec { get; private set; }
    public ServiceSpec? PreviousSpec { get; private set; }

    /// <summary>The version whose container takes requests now, or null.</summary>
    public Generation? Serving => _generations.FindLast(g => g.Serves && RunningAt(g) <= _now && !g.EndedBy(_now));

    /// <summary>Whether a start of the newest version can ever converge.</summary>
    public bool CanConverge => _generations.LastOrDefault() is { Serves: true };

    public DateTimeOffset RunningAt(Generation g) => g.Start + _timings.Running(g.First);

    private void Apply(ServiceEvent e, DateTimeOffset next)
    {
        if (e.Kind is ServiceEventKind.Scale)
        {
            Scale(e);
            return;
        }

        Replicas = e.Replicas;
        PreviousSpec = Spec;
        Spec = e.Spec!;
        var before = _generations.FindLast(g => g.End is null || g.End > e.At);
        foreach (var stale in _generations.Where(g => g != before && (g.End is null || g.End > e.At)))
        {
            stale.End = e.At;
        }

        if (before is null || Replicas == 0)
        {
            // Nothing to update over, so nothing to roll back to either.
            var outcome = e.Outcome is ImageOutcome.RolledBackUpdate ? ImageOutcome.Runs : e.Outcome;
            if (Replicas > 0)
            {
                Add(e.Spec!, outcome, e.At, e.ContainerLog, first: _generations.Count == 0);
            }

            Update = _generations.Count > 1 ? new UpdateStatus("completed", e.At, e.At, "update completed") : null;
            return;
        }

        var fresh = Add(e.Spec!, e.Outcome, e.At, e.ContainerLog, first: false);
        if (fresh.NeverScheduled)
        {
            Update = new UpdateStatus("updating", e.At, null, "update in progress");
        }
        else if (fresh.Loops)
        {
            RollBack(fresh, before, next);
        }
        else
        {
            // Start first, stop after: the old container serves until the new one runs.
            before.End = RunningAt(fresh);
            var completed = before.End + _timings.UpdateMonitor;
            Update = completed <= _now
                ? new UpdateStatus("completed", e.At, completed, "update completed")
                : new UpdateStatus("updating", e.At, null, "update in progress");
        }
    }

    private void RollBack(Generation fresh, Generation before, DateTimeOffset next)
    {
        var failed = RunningAt(fresh) + _timings.LifeOfFailing;
        if (failed >= next || failed > _now)
        {
            Update = new UpdateStatus("updating", fresh.Start, null, "update in progress");
            return;
        }

        (fresh.End, fresh.Failed) = (failed, true);
        var again = Add(before.Spec, before.Outcome, failed, before.ContainerLog, first: false);
        before.End = RunningAt(again);
        (Spec, PreviousSpec) = (before.Spec, null);
        var completed = failed + _timings.UpdateMonitor;
        Update = completed > _now
            ? new UpdateStatus("rollback_started", fresh.Start, null, "rollback in progress")
            : again.Serves
                ? new UpdateStatus("rollback_completed", fresh.Start, completed, "rollback completed")
                : new UpdateStatus("rollback_paused", fresh.Start, null, "rollback paused due to failure or early termination of task");
    }

    private void Scale(ServiceEvent e)
    {
        Replicas = e.Replicas;
        if (e.Replicas == 0)
        {
            foreach (var g in _generations.Where(g => g.End is null || g.End > e.At))
            {
                g.End = e.At;
            }
        }
        else if (_generations.LastOrDefault() is { } last && last.EndedBy(e.At))
        {
            Add(last.Spec, last.Outcome, e.At, last.ContainerLog, first: false);
        }
    }

    private Generation Add(ServiceSpec spec, ImageOutcome outcome, DateTimeOffset at, string? log, bool first)
    {
        var generation = new Generation
        {
            Index = _generations.Count, Spec = spec, Outcome = outcome, Start = at, ContainerLog = log, First = first,
        };
        _generations.Add(generation);
        return generation;
    }
}
