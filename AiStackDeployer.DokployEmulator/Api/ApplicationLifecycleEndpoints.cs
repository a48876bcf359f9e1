using System.Globalization;
using System.Text;
using AiStackDeployer.DokployEmulator.Swarm;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>What is done with an application's service.</summary>
internal static class ApplicationLifecycleEndpoints
{
    public static void Map(Router router)
    {
        var run = new Schema(ApplicationEndpoints.Id, new Field("title").Optional(), new Field("description").Optional());
        var only = new Schema(ApplicationEndpoints.Id);
        router.Mutation("application.deploy", run, call => Enqueue(call, isRedeploy: false), 60, ApplicationEndpoints.Foreign);
        router.Mutation("application.redeploy", run, call => Enqueue(call, isRedeploy: true), 60, ApplicationEndpoints.Foreign);
        router.Mutation("application.stop", only, Stop, 90, ApplicationEndpoints.Foreign);
        router.Mutation("application.start", only, Start, 66, ApplicationEndpoints.Foreign);
        router.Mutation("application.delete", only, Delete, 129, ApplicationEndpoints.NoService);
        router.Query("application.readLogs", new Schema(
            ApplicationEndpoints.Id,
            new Field("tail", FieldKind.Number) { Min = 1, Max = 10_000 }.Optional(),
            new Field("since").Optional(),
            new Field("search").Optional()), ReadLogs, 160, ApplicationEndpoints.Foreign);
    }

    /// <summary>200 and nothing more: no id of the job or of the deployment.</summary>
    private static Answer Enqueue(Call call, bool isRedeploy)
    {
        var app = call.Application();
        call.State.Jobs.Add(new DeployJob
        {
            Id = $"job-{call.State.NextJob++}",
            ApplicationId = app.ApplicationId,
            Title = call.In.Text("title") ?? (isRedeploy ? "Rebuild deployment" : "Manual deployment"),
            Description = call.In.Text("description") ?? "",
            IsRedeploy = isRedeploy,
            EnqueuedAt = call.Now,
        });
        return Answer.Empty;
    }

    /// <summary>Blocks until swarm has converged; the row in the answer still has the status before.</summary>
    private static Answer Stop(Call call)
    {
        var app = call.Application();
        var before = Wire.Application(call.State, app, relations: true);
        if (call.State.Service(app.AppName) is not { } service)
        {
            app.Status = "idle";
            return new Answer(before);
        }

        service.Events.Add(new ServiceEvent { At = call.Now, Kind = ServiceEventKind.Scale, Replicas = 0 });
        return new Answer(before) { NotBefore = Later(call, app, call.World.Timings.ScaleToZero, "idle") };
    }

    /// <summary>Blocks until the service runs, for ever when it cannot.</summary>
    private static Answer Start(Call call)
    {
        var app = call.Application();
        var before = Wire.Application(call.State, app, relations: true);
        if (call.State.Service(app.AppName) is not { } service)
        {
            throw ApiError.Internal(
                $"Command execution failed: Command failed: docker service scale {app.AppName}=1 \n{app.AppName}: Error response from daemon: service {app.AppName} not found\n");
        }

        service.Events.Add(new ServiceEvent { At = call.Now, Kind = ServiceEventKind.Scale, Replicas = 1 });
        return call.Timeline(service).Rollouts.CanConverge
            ? new Answer(before) { NotBefore = Later(call, app, call.World.Timings.ScaleToOne, "done") }
            : new Answer(before) { Never = true };
    }

    private static DateTimeOffset Later(Call call, ApplicationRow app, TimeSpan after, string status)
    {
        var at = call.Now + after;
        call.State.Pending.Add(new PendingStatus(at, app.ApplicationId, status));
        return at;
    }

    /// <summary>
    /// Takes rows, service and Traefik file; an active job is not told and makes the service again. The containers end later than that.
    /// </summary>
    private static Answer Delete(Call call)
    {
        var app = call.Application();
        var row = Wire.Application(call.State, app, relations: true);
        foreach (var service in call.State.Services.Where(s => s.Name == app.AppName))
        {
            call.State.Stopping.AddRange(call.Timeline(service).Tasks().Where(t => t.State == "Running").Select(t => new StoppingContainer(
                Ids.Container(t.Id)[..12], $"{service.Name}.1.{t.Id}", t.Since, call.Now + call.World.Timings.StopGrace)));
        }

        call.State.RemoveRows(app);
        call.State.Services.RemoveAll(s => s.Name == app.AppName);
        call.State.Traefik.RemoveAll(t => t.AppName == app.AppName);
        return new Answer(row);
    }

    private static Answer ReadLogs(Call call)
    {
        var app = call.Application();
        var service = call.State.Service(app.AppName);
        if (service is null || call.Timeline(service).Tasks().Count == 0)
        {
            throw ApiError.Internal($"No container or service found for: {app.AppName}");
        }

        var since = Since(call.In.Text("since"), call.Now);
        var search = call.In.Text("search") ?? "";
        var lines = call.Timeline(service).ContainerLog()
            .Where(l => l.At >= since && l.Text.Contains(search, StringComparison.OrdinalIgnoreCase))
            .TakeLast(call.In.Number("tail") ?? 100);
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(Wire.DockerTime(line.At)).Append(' ').Append(line.Text).Append('\n');
        }

        return new Answer(text.ToString());
    }

    /// <summary>"all" or a number with s, m, h or d.</summary>
    private static DateTimeOffset Since(string? since, DateTimeOffset now)
    {
        if (since is not { Length: > 1 } || !double.TryParse(since.AsSpan(0, since.Length - 1), CultureInfo.InvariantCulture, out var number))
        {
            return DateTimeOffset.MinValue;
        }

        return since[^1] switch
        {
            's' => now - TimeSpan.FromSeconds(number),
            'm' => now - TimeSpan.FromMinutes(number),
            'h' => now - TimeSpan.FromHours(number),
            'd' => now - TimeSpan.FromDays(number),
            _ => DateTimeOffset.MinValue,
        };
    }
}
