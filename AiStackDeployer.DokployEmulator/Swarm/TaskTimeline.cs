using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>A swarm task at one moment.</summary>
/// <param name="Desired">running, ready or shutdown.</param>
/// <param name="State">Pending, Preparing, Starting, Running, Ready, Failed or Shutdown.</param>
/// <param name="Since">When it entered that state.</param>
/// <param name="Error">What swarm says went wrong, or null.</param>
internal sealed record SwarmTask(
    string Id, string Desired, string State, DateTimeOffset Since, string? Error, int? ExitCode, ServiceSpec Spec, DateTimeOffset CreatedAt);

/// <summary>The tasks and container output of a service: pure functions of its events and the clock.</summary>
internal sealed class TaskTimeline(SwarmService service, DateTimeOffset now, Timings timings)
{
    /// <summary>Swarm keeps the current task of a slot and four before it.</summary>
    private const int History = 5;

    private const string NoNode = "no suitable node (insufficient resources on 1 node)";

    public Rollouts Rollouts { get; } = new(service, now, timings);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SwarmTask> Tasks() =>
        [.. Rollouts.Generations.SelectMany(OfGeneration).Reverse().OrderBy(t => t.Desired == "shutdown").Take(History)];

    /// <summary>What the containers wrote so far, as Docker tells it: container by container, the newest first.</summary>
    public IReadOnlyList<LogLine> ContainerLog()
    {
        var lines = new List<LogLine>();
        foreach (var g in Rollouts.Generations.Reverse())
        {
            if (g.Serves)
            {
                var up = Rollouts.RunningAt(g);
                lines.Add(new LogLine(up, "starting opencode serve --hostname 0.0.0.0"));
                lines.Add(new LogLine(up + timings.Boot, g.Outcome is ImageOutcome.NeverHealthy
                    ? "upstream is not ready, answering 503"
                    : "opencode server listening on http://0.0.0.0"));
            }
            else if (g.Loops)
            {
                var text = g.ContainerLog ?? (g.Outcome is ImageOutcome.OutOfMemory
                    ? "Killed"
                    : "opencode: cannot open /home/agent/.local/share/opencode/opencode.db: permission denied");
                lines.AddRange(Runs(g).Reverse().Select(run => new LogLine(run.Running, text)));
            }
        }

        return [.. lines.Where(l => l.At <= now)];
    }

    private IEnumerable<SwarmTask> OfGeneration(Generation g)
    {
        if (g.NeverScheduled)
        {
            var ended = g.EndedBy(now);
            yield return new SwarmTask(Id(g, 0), ended ? "shutdown" : "running", ended ? "Shutdown" : "Pending", ended ? g.End!.Value : g.Start,
                NoNode, null, g.Spec, g.Start);
        }
        else if (g.Serves)
        {
            yield return Serving(g);
        }
        else
        {
            foreach (var task in Looping(g))
            {
                yield return task;
            }
        }
    }

    private SwarmTask Serving(Generation g)
    {
        var (state, since) = Progress(g.Start, g.First);
        if (!g.EndedBy(now))
        {
            return new SwarmTask(Id(g, 0), "running", state, since, null, null, g.Spec, g.Start);
        }

        var end = g.End!.Value;
        var stopped = end + timings.ContainerStop;
        return stopped <= now
            ? new SwarmTask(Id(g, 0), "shutdown", "Shutdown", stopped, null, 137, g.Spec, g.Start)
            : new SwarmTask(Id(g, 0), "shutdown", "Running", since, null, null, g.Spec, g.Start);
    }

    private (string State, DateTimeOffset Since) Progress(DateTimeOffset start, bool first)
    {
        var (preparing, starting, running) = (start + timings.Preparing(first), start + timings.Starting(first), start + timings.Running(first));
        return now >= running ? ("Running", running)
            : now >= starting ? ("Starting", starting)
            : now >= preparing ? ("Preparing", preparing)
            : ("Pending", start);
    }

    private IEnumerable<SwarmTask> Looping(Generation g)
    {
        var error = $"task: non-zero exit ({g.ExitCode})";
        foreach (var run in Runs(g))
        {
            if (run.Failed <= now)
            {
                yield return new SwarmTask(Id(g, run.Number), "shutdown", "Failed", run.Failed, error, g.ExitCode, g.Spec, run.Created);
            }
            else if (g.EndedBy(now))
            {
                yield return new SwarmTask(Id(g, run.Number), "shutdown", "Shutdown", g.End!.Value, null, 137, g.Spec, run.Created);
            }
            else if (run.Start > now)
            {
                yield return new SwarmTask(Id(g, run.Number), "ready", "Ready", run.Created, null, null, g.Spec, run.Created);
            }
            else
            {
                var (state, since) = Progress(run.Start, run.First);
                yield return new SwarmTask(Id(g, run.Number), "running", state, since, null, null, g.Spec, run.Created);
            }
        }
    }

    /// <summary>The last few runs of a failing container that were created by now.</summary>
    private IEnumerable<Run> Runs(Generation g)
    {
        var until = g.End is { } end && end < now ? end : now;
        var firstFail = g.Start + timings.Running(g.First) + timings.LifeOfFailing;
        var cycle = timings.RestartDelay + timings.Running(first: false) + timings.LifeOfFailing;

        // At pace 0 a loop has no length: show it as one that has turned often enough.
        var newest = g.Failed ? 0
            : until < firstFail ? 0
            : cycle == TimeSpan.Zero ? History - 1
            : 1 + (int)Math.Min(int.MaxValue - 1, (until - firstFail) / cycle);
        for (var n = Math.Max(0, newest - History + 1); n <= newest; n++)
        {
            var created = n == 0 ? g.Start : firstFail + ((n - 1) * cycle);
            var start = n == 0 ? g.Start : created + timings.RestartDelay;
            var running = start + timings.Running(n == 0 && g.First);
            var failed = cycle == TimeSpan.Zero && n == newest && !g.Failed ? DateTimeOffset.MaxValue : running + timings.LifeOfFailing;
            if (g.End is { } stop && failed > stop)
            {
                failed = DateTimeOffset.MaxValue;
            }

            yield return new Run(n, n == 0 && g.First, created, cycle == TimeSpan.Zero && n == newest && n > 0 ? DateTimeOffset.MaxValue : start, running, failed);
        }
    }

    private string Id(Generation g, int run) => Ids.Task(service.Id, g.Index, run);

    private sealed record Run(int Number, bool First, DateTimeOffset Created, DateTimeOffset Start, DateTimeOffset Running, DateTimeOffset Failed);
}
