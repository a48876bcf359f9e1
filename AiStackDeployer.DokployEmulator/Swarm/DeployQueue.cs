using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>
/// Dokploy's queue of one worker. There is no thread behind it: whoever looks at the world first brings the
/// queue up to the present, each step with the time at which it was due.
/// </summary>
internal sealed class DeployQueue(WorldState state, Func<DeployJob, ApplicationRow, DateTimeOffset, JobPlan> plan)
{
    /// <summary>Dokploy keeps about this many rows per application.</summary>
    private const int RowsKept = 10;

    /// <summary>Whether anything changed.</summary>
    public bool Settle(DateTimeOffset now)
    {
        var changed = false;
        foreach (var due in state.Pending.Where(p => p.At <= now).ToList())
        {
            state.Pending.Remove(due);
            state.Application(due.ApplicationId)?.Status = due.Status;
            changed = true;
        }

        while (state.Jobs.FirstOrDefault() is { } job)
        {
            if (job.Plan is null && !Start(job, now))
            {
                break;
            }

            changed = true;
            if (job.Plan is { } active && !Advance(job, active, now))
            {
                break;
            }
        }

        return changed;
    }

    /// <summary>
    /// What Dokploy's database leaves when it goes away in the middle of a job and comes back: the row running and the application
    /// running for good, nothing in the queue, Dokploy's own SQL in the log.
    /// </summary>
    /// <param name="containerMade">The job got as far as the service before.</param>
    public void LoseDatabase(DateTimeOffset now, bool containerMade)
    {
        foreach (var job in state.Jobs.Where(j => j.Plan is not null).ToList())
        {
            var active = job.Plan!;
            if (job.DeploymentId is null)
            {
                AddRow(job, active);
            }

            if (containerMade && !job.ServiceMade)
            {
                Deploy(job, active, now);
            }

            var row = state.Deployments.First(d => d.DeploymentId == job.DeploymentId);
            row.Log.RemoveAll(line => line.At > now);
            row.Log.Add(new LogLine(now,
                "Failed query: update \"deployment\" set \"status\" = $1, \"finishedAt\" = $2 where \"deployment\".\"deploymentId\" = $3"
                + $"\nparams: error,{now:O},{row.DeploymentId}"));
            state.Jobs.Remove(job);
        }

        state.QueueFreeAt = now;
    }

    /// <summary>What a restart of Dokploy leaves: the active row cancelled, its application idle, the waiting ones gone.</summary>
    public static void Abandon(WorldState state, DateTimeOffset now)
    {
        // Also those that no job works on any more.
        foreach (var row in state.Deployments.Where(d => d.Status == "running" && state.Jobs.TrueForAll(j => j.DeploymentId != d.DeploymentId)))
        {
            row.Status = "cancelled";
            if (state.Application(row.ApplicationId) is { Status: "running" } app)
            {
                app.Status = "idle";
            }
        }

        foreach (var job in state.Jobs.Where(j => j.Plan is not null))
        {
            if (state.Deployments.Find(d => d.DeploymentId == job.DeploymentId) is { } row)
            {
                row.Status = "cancelled";
                row.Log.RemoveAll(line => line.At > now);
            }

            state.Application(job.ApplicationId)?.Status = "idle";
        }

        state.Jobs.Clear();
        state.NextJob = 1;
    }

    /// <summary>False when the job's turn has not come; a job whose application is gone is dropped.</summary>
    private bool Start(DeployJob job, DateTimeOffset now)
    {
        var start = job.EnqueuedAt > state.QueueFreeAt ? job.EnqueuedAt : state.QueueFreeAt;
        if (start > now)
        {
            return false;
        }

        if (state.Application(job.ApplicationId) is not { } app)
        {
            state.Jobs.Remove(job);
            return true;
        }

        job.Plan = plan(job, app, start);
        app.Status = "running";
        return true;
    }

    /// <summary>True when the job is over and the next may start.</summary>
    private bool Advance(DeployJob job, JobPlan active, DateTimeOffset now)
    {
        // Without its application the job cannot write a row any more, but its work goes on: that is the orphan.
        var app = state.Application(job.ApplicationId);
        if (job.DeploymentId is null && active.RowAt <= now && app is not null)
        {
            AddRow(job, active);
        }

        if (!job.ServiceMade && active.ServiceAt is { } at && at <= now)
        {
            Deploy(job, active, at);
        }

        var row = state.Deployments.Find(d => d.DeploymentId == job.DeploymentId);
        if (row is not null && row.Status == "running" && active.RowEndsAt <= now)
        {
            row.Status = active.Succeeds ? "done" : "error";
            row.FinishedAt = active.RowEndsAt;
        }

        if (active.EndsAt > now)
        {
            return false;
        }

        app?.Status = active.Succeeds ? "done" : "error";
        state.QueueFreeAt = active.EndsAt;
        state.Jobs.Remove(job);
        return true;
    }

    private void AddRow(DeployJob job, JobPlan active)
    {
        job.DeploymentId = Ids.Nano();
        state.Deployments.Add(new DeploymentRow
        {
            DeploymentId = job.DeploymentId,
            Title = job.Title,
            Description = job.Description,
            LogPath = active.LogPath,
            ApplicationId = job.ApplicationId,
            CreatedAt = active.RowAt,
            Log = active.Log,
        });
        foreach (var old in state.Deployments.Where(d => d.ApplicationId == job.ApplicationId).Reverse().Skip(RowsKept).ToList())
        {
            state.Deployments.Remove(old);
        }
    }

    private void Deploy(DeployJob job, JobPlan active, DateTimeOffset at)
    {
        job.ServiceMade = true;
        if (active.LoggedInTo is { } registry)
        {
            state.LoggedInRegistries.Add(registry);
        }

        var service = state.Service(active.AppName);
        if (service is null)
        {
            service = new SwarmService { Id = Ids.Swarm(), Name = active.AppName, ApplicationId = job.ApplicationId, CreatedAt = at };
            state.Services.Add(service);
        }

        service.Events.Add(new ServiceEvent
        {
            At = at,
            Kind = ServiceEventKind.Deploy,
            Spec = active.Spec,
            Outcome = active.Outcome,
            ContainerLog = active.ContainerLog,
            Replicas = active.Spec!.Replicas,
        });
    }
}
