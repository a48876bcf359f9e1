using System.Globalization;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>Fixes what a job does at the moment it becomes active. Log texts have the nature of the recorded ones.</summary>
internal sealed class JobPlanner(WorldState state, Timings timings, long nodeMemory, OutcomeBook outcomes)
{
    private const string Closing = "Error occurred ❌, check the logs for details.";

    public JobPlan Plan(DeployJob job, ApplicationRow app, DateTimeOffset start)
    {
        var log = new JobLog(start + timings.Row);
        var image = app.DockerImage ?? "";
        var (outcome, containerLog) = outcomes.Resolve(state, app.AppName, image);
        string? loggedInTo = null;
        log.Write("Initializing deployment");

        if (app.SourceType != "docker")
        {
            var provider = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(app.SourceType);
            return Failed(log, $"Error: ❌ {provider} Provider not found", "");
        }

        if (image.Length == 0)
        {
            return Failed(log, "Docker image not found");
        }

        if (!job.IsRedeploy)
        {
            if (Pull(log, app, image, outcome, out loggedInTo) is { } refused)
            {
                return Failed(log, refused);
            }
        }

        if (Reject(app) is { } reason)
        {
            return Failed(log, reason);
        }

        ServiceSpec spec;
        try
        {
            spec = Spec(app, image);
        }
        catch (DotEnv.UnknownReference e)
        {
            return Failed(log, e.Message);
        }

        if (spec.MemoryReservation > nodeMemory)
        {
            outcome = ImageOutcome.Unschedulable;
        }

        var service = log.At + timings.ServiceCreate;
        return Build(log, succeeds: true, service + timings.RowEnd) with
        {
            ServiceAt = service, Spec = spec, Outcome = outcome, ContainerLog = containerLog, LoggedInTo = loggedInTo,
        };

        JobPlan Failed(JobLog lines, params string[] reasons)
        {
            foreach (var line in reasons.Append(Closing))
            {
                lines.Write(line);
            }

            return Build(lines, succeeds: false, lines.At + timings.RowEnd);
        }

        JobPlan Build(JobLog lines, bool succeeds, DateTimeOffset rowEnds) => new()
        {
            StartedAt = start,
            RowAt = start + timings.Row,
            RowEndsAt = rowEnds,
            EndsAt = rowEnds + timings.ApplicationEnd,
            Succeeds = succeeds,
            AppName = app.AppName,
            LogPath = string.Create(CultureInfo.InvariantCulture,
                $"/etc/dokploy/logs/{app.AppName}/{app.AppName}-{start.UtcDateTime:yyyy-MM-dd:HH:mm:ss}.log"),
            Log = lines.Lines,
        };
    }

    /// <summary>Writes the pull's lines; the text of the refusal, or null when the image is there.</summary>
    private string? Pull(JobLog log, ApplicationRow app, string image, ImageOutcome outcome, out string? loggedInTo)
    {
        var name = ImageName.Parse(image);
        var credentials = !string.IsNullOrEmpty(app.Text("username")) && !string.IsNullOrEmpty(app.Text("password"));
        loggedInTo = null;
        log.After(timings.PullStart).Write($"Pulling {image}");
        if (credentials)
        {
            log.After(timings.Login);
            if (outcome is ImageOutcome.LoginFailed)
            {
                return $"Error response from daemon: login attempt to {name.Api}/ failed with status: 401 Unauthorized\n❌ Login failed\n";
            }

            log.Write("Login Succeeded");
            loggedInTo = name.Registry;
        }

        var mayPull = credentials || state.LoggedInRegistries.Contains(name.Registry);
        switch (outcome)
        {
            case ImageOutcome.MissingImage:
                log.After(timings.PullRefused);
                return $"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown\n❌ Pulling image failed\n";
            case ImageOutcome.PullDenied or ImageOutcome.LoginFailed when !mayPull:
                log.After(timings.PullRefused);
                var denied = name.HasRegistry
                    ? $"Head \"{name.Api}/{name.Repository}/manifests/{name.Tag}\": no basic auth credentials"
                    : $"pull access denied for {name.Repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied";
                return $"Error response from daemon: {denied}\n❌ Pulling image failed\n";
        }

        log.Write($"{name.Tag}: Pulling from {name.Repository}");
        var fresh = outcome is ImageOutcome.SlowPull;
        if (fresh)
        {
            SlowPull(log, image);
        }

        log.After(timings.CachedPull).Write($"Digest: sha256:{Ids.Digest(image)}");
        log.Write($"Status: {(fresh ? "Downloaded newer image" : "Image is up to date")} for {image}");
        log.Write(image);
        log.Write("✅ Pulling image completed.");
        return null;
    }

    private void SlowPull(JobLog log, string image)
    {
        const int Layers = 6;
        for (var layer = 0; layer < Layers; layer++)
        {
            var id = Ids.Digest($"{image}#{layer}")[..12];
            log.Write($"{id}: Pulling fs layer");
            log.After(timings.SlowPull / Layers).Write($"{id}: Pull complete");
        }
    }

    private static string? Reject(ApplicationRow app)
    {
        var reservation = Bytes(app, "memoryReservation");
        var limit = Bytes(app, "memoryLimit");
        var bad = new[] { limit, reservation }.FirstOrDefault(b => b is < 4 * 1024 * 1024);
        return bad is { } bytes ? $"(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = invalid memory value {bytes}: Must be at least 4MiB "
            : app.AppName.Length > 63 ? "(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = name must be 63 characters or fewer "
            : null;
    }

    private ServiceSpec Spec(ApplicationRow app, string image)
    {
        var environment = state.Environment(app.EnvironmentId);
        var project = state.Project(environment?.ProjectId);
        return new ServiceSpec
        {
            Name = app.Name,
            Image = image,
            Env = DotEnv.Resolve(app.Env, project?.Env, environment?.Env),
            Mounts = [.. state.Mounts.Where(m => m.ApplicationId == app.ApplicationId)
                .Select(m => new SpecMount(m.Type == "volume" ? "volume" : "bind", m.VolumeName ?? m.HostPath ?? m.FilePath, m.MountPath))],
            MemoryLimit = Bytes(app, "memoryLimit"),
            MemoryReservation = Bytes(app, "memoryReservation"),
            CpuLimit = Bytes(app, "cpuLimit"),
            CpuReservation = Bytes(app, "cpuReservation"),
            Replicas = app.Replicas,
        };
    }

    /// <summary>The leading digits, as JavaScript's parseInt takes them: "128m" is 128.</summary>
    private static long? Bytes(ApplicationRow app, string column)
    {
        var digits = string.Concat((app.Text(column) ?? "").TakeWhile(char.IsAsciiDigit));
        return long.TryParse(digits, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private sealed class JobLog(DateTimeOffset at)
    {
        public DateTimeOffset At { get; private set; } = at;
        public List<LogLine> Lines { get; } = [];

        public JobLog After(TimeSpan span)
        {
            At += span;
            return this;
        }

        public void Write(string text) => Lines.Add(new LogLine(At, text));
    }
}

/// <summary>An image reference taken apart.</summary>
internal sealed record ImageName(string Registry, bool HasRegistry, string Repository, string Tag)
{
    /// <summary>Root of the registry's v2 API, as the engine names it in its errors.</summary>
    public string Api => $"{(Registry.StartsWith("127.", StringComparison.Ordinal) || Registry.StartsWith("localhost", StringComparison.Ordinal) ? "http" : "https")}://{Registry}/v2";

    public static ImageName Parse(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var head = slash < 0 ? "" : image[..slash];
        var hasRegistry = head == "localhost" || head.AsSpan().IndexOfAny('.', ':') >= 0;
        var rest = hasRegistry ? image[(slash + 1)..] : image;
        rest = rest.Split('@', 2)[0];
        var colon = rest.LastIndexOf(':');
        return colon < 0
            ? new ImageName(hasRegistry ? head : "registry-1.docker.io", hasRegistry, rest, "latest")
            : new ImageName(hasRegistry ? head : "registry-1.docker.io", hasRegistry, rest[..colon], rest[(colon + 1)..]);
    }
}
