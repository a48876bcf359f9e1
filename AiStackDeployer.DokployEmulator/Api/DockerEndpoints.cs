using System.Globalization;
using AiStackDeployer.DokployEmulator.Swarm;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>What Docker says, as Dokploy passes it on.</summary>
internal static class DockerEndpoints
{
    public static void Map(Router router)
    {
        var noDocker = ApiError.Denied("unauthorized to access resource \"docker\"");
        var appName = new Schema(new Field("appName") { Min = 1 });
        router.Query("docker.getServiceContainersByAppName", appName, ServiceTasks, 72, noDocker);
        router.Query("docker.getContainersByAppNameMatch", appName, Containers, 98, noDocker);
        router.Query("cluster.getNodes", new Schema(), Nodes, 50, ApiError.Denied("You don't have access to this server"));
        router.Query("docker.getConfig", new Schema(new Field("containerId") { Min = 1 }), Config, 65, noDocker);
    }

    private static Answer ServiceTasks(Call call)
    {
        if (call.State.Service(call.In.Text("appName")!) is not { } service)
        {
            return new Answer(Array.Empty<object>());
        }

        return new Answer(call.Timeline(service).Tasks().Select(task => new
        {
            ContainerId = task.Id,
            Name = $"{service.Name}.1",
            State = task.Desired,
            CurrentState = $"{task.State} {Ago(call.Now - task.Since).ToLowerInvariant()} ago",
            Node = task.State == "Pending" && task.Error is not null ? "" : "emulator",
            Error = task.Error is { } error ? $"\"{error}\"" : NoError(task),
        }));
    }

    /// <summary>Where there is no error Dokploy's parsing gives "" or, as often, the word "Error:".</summary>
    private static string NoError(SwarmTask task) => task.Id[0] % 2 == 0 ? "" : "Error:";

    private static Answer Containers(Call call)
    {
        var part = call.In.Text("appName")!;
        var stopping = call.State.Stopping.Where(c => c.Until > call.Now && c.Name.Contains(part, StringComparison.Ordinal))
            .Select(c => new { c.ContainerId, c.Name, State = "running", Status = $"Up {Ago(call.Now - c.Since)}" });
        return new Answer(call.State.Services.Where(s => s.Name.Contains(part, StringComparison.Ordinal))
            .SelectMany(s => call.Timeline(s).Tasks().Where(t => t.State is not ("Pending" or "Preparing")).Select(t =>
            {
                var age = Ago(call.Now - t.Since);
                var (state, status) = t.State switch
                {
                    "Running" => ("running", $"Up {age}"),
                    "Failed" or "Shutdown" => ("exited", $"Exited ({t.ExitCode ?? 137}) {age} ago"),
                    _ => ("created", "Created"),
                };
                return new { ContainerId = Ids.Container(t.Id)[..12], Name = $"{s.Name}.1.{t.Id}", State = state, Status = status };
            })).Concat(stopping));
    }

    /// <summary>As Docker lists nodes; read in Dokploy's source, not recorded.</summary>
    private static Answer Nodes(Call call) => new(new object[]
    {
        new Dictionary<string, object?>
        {
            ["ID"] = "emulator",
            ["Description"] = new Dictionary<string, object?>
            {
                ["Resources"] = new Dictionary<string, object?> { ["NanoCPUs"] = 2_000_000_000L, ["MemoryBytes"] = call.World.Options.NodeMemoryBytes },
            },
        },
    });

    /// <summary>docker inspect: a name must fit whole, an id by its beginning, so a short word may hit anything.</summary>
    private static Answer Config(Call call)
    {
        var id = call.In.Text("containerId")!;
        if (call.State.Services.Find(s => s.Name == id || s.Id.StartsWith(id, StringComparison.Ordinal)) is { } service)
        {
            return new Answer(Inspect(service, call.Timeline(service).Rollouts));
        }

        foreach (var other in call.State.Services)
        {
            if (call.Timeline(other).Tasks().FirstOrDefault(t => t.Id.StartsWith(id, StringComparison.Ordinal)) is { } task)
            {
                return new Answer(Inspect(other, task));
            }
        }

        return Answer.Empty;
    }

    private static Dictionary<string, object?> Inspect(SwarmService service, Rollouts rollouts)
    {
        var json = new Dictionary<string, object?>
        {
            ["ID"] = service.Id,
            ["Version"] = Index(service.Events.Count),
            ["CreatedAt"] = Wire.DockerTime(service.CreatedAt),
            ["UpdatedAt"] = Wire.DockerTime(service.Events[^1].At),
            ["Spec"] = ServiceSpec(service.Name, rollouts.Spec!, rollouts.Replicas),
        };
        if (rollouts.PreviousSpec is { } previous)
        {
            json["PreviousSpec"] = ServiceSpec(service.Name, previous, previous.Replicas);
        }

        json["Endpoint"] = new Dictionary<string, object?> { ["Spec"] = new Dictionary<string, object?> { ["Mode"] = "vip" } };
        if (rollouts.Update is { } update)
        {
            var status = new Dictionary<string, object?> { ["State"] = update.State, ["StartedAt"] = Wire.DockerTime(update.StartedAt) };
            if (update.CompletedAt is { } completed)
            {
                status["CompletedAt"] = Wire.DockerTime(completed);
            }

            status["Message"] = update.Message;
            json["UpdateStatus"] = status;
        }

        return json;
    }

    private static Dictionary<string, object?> Inspect(SwarmService service, SwarmTask task) => new()
    {
        ["ID"] = task.Id,
        ["Version"] = Index(1),
        ["CreatedAt"] = Wire.DockerTime(task.CreatedAt),
        ["UpdatedAt"] = Wire.DockerTime(task.Since),
        ["Labels"] = new Dictionary<string, object?>(),
        ["Spec"] = TaskTemplate(task.Spec),
        ["ServiceID"] = service.Id,
        ["Slot"] = 1,
        ["Status"] = new Dictionary<string, object?> { ["Timestamp"] = Wire.DockerTime(task.Since), ["State"] = task.State.ToLowerInvariant() },
        ["DesiredState"] = task.Desired,
    };

    private static Dictionary<string, object?> ServiceSpec(string name, ServiceSpec spec, int replicas) => new()
    {
        ["Name"] = name,
        ["Labels"] = new Dictionary<string, object?>(),
        ["TaskTemplate"] = TaskTemplate(spec),
        ["Mode"] = new Dictionary<string, object?> { ["Replicated"] = new Dictionary<string, object?> { ["Replicas"] = replicas } },
        ["UpdateConfig"] = Policy("rollback"),
        ["RollbackConfig"] = Policy("pause"),
        ["EndpointSpec"] = new Dictionary<string, object?> { ["Mode"] = "vip" },
    };

    private static Dictionary<string, object?> TaskTemplate(ServiceSpec spec)
    {
        var container = new Dictionary<string, object?> { ["Image"] = spec.Image, ["Env"] = spec.Env };
        if (spec.Mounts.Count > 0)
        {
            container["Mounts"] = spec.Mounts.ConvertAll(m => new Dictionary<string, object?> { ["Type"] = m.Type, ["Source"] = m.Source, ["Target"] = m.Target });
        }

        return new Dictionary<string, object?>
        {
            ["ContainerSpec"] = container,
            ["Resources"] = new Dictionary<string, object?>
            {
                ["Limits"] = Resources(spec.CpuLimit, spec.MemoryLimit),
                ["Reservations"] = Resources(spec.CpuReservation, spec.MemoryReservation),
            },
            ["Runtime"] = "container",
        };
    }

    private static Dictionary<string, object?> Resources(long? cpu, long? memory)
    {
        var json = new Dictionary<string, object?>();
        if (cpu is not null)
        {
            json["NanoCPUs"] = cpu;
        }

        if (memory is not null)
        {
            json["MemoryBytes"] = memory;
        }

        return json;
    }

    private static Dictionary<string, object?> Policy(string onFailure) => new()
    {
        ["Parallelism"] = 1, ["FailureAction"] = onFailure, ["Monitor"] = 5_000_000_000, ["MaxFailureRatio"] = 0, ["Order"] = "start-first",
    };

    private static Dictionary<string, object?> Index(int index) => new() { ["Index"] = index };

    /// <summary>A span in Docker's words.</summary>
    internal static string Ago(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => "Less than a second",
        < 2 => "1 second",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} seconds"),
        < 120 => "About a minute",
        < 46 * 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} minutes"),
        < 120 * 60 => "About an hour",
        < 48 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
    };
}
