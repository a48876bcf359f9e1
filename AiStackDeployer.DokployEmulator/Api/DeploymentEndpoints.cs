using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.Api;

internal static class DeploymentEndpoints
{
    public static void Map(Router router)
    {
        router.Query("deployment.all", new Schema(ApplicationEndpoints.Id), All, 30, ApplicationEndpoints.Foreign);
        router.Query("deployment.queueList", new Schema(), Queue, 26);
        router.Query("deployment.readLogs", new Schema(
            new Field("deploymentId") { Min = 1 },
            new Field("tail", FieldKind.Number) { Min = 1, Max = 10_000 }.Optional()), ReadLogs, 58, ApplicationEndpoints.Foreign);
    }

    /// <summary>Newest first; an unknown application is an empty list.</summary>
    private static Answer All(Call call) => new(call.State.Deployments
        .Where(d => d.ApplicationId == call.In.Text("applicationId")).Reverse().Select(Wire.Deployment));

    /// <summary>Newest first. Jobs that are over are not in it.</summary>
    private static Answer Queue(Call call) => new(Enumerable.Reverse(call.State.Jobs).Select(job =>
    {
        var entry = new Dictionary<string, object?>
        {
            ["id"] = job.Id,
            ["name"] = "deployments",
            ["data"] = new
            {
                job.ApplicationId, TitleLog = job.Title, DescriptionLog = job.Description, Type = job.IsRedeploy ? "redeploy" : "deploy",
                ApplicationType = "application", Server = false,
            },
            ["timestamp"] = job.EnqueuedAt.ToUnixTimeMilliseconds(),
        };
        if (job.Plan is { } active)
        {
            entry["processedOn"] = active.StartedAt.ToUnixTimeMilliseconds();
        }

        entry["state"] = job.Plan is null ? "waiting" : "active";
        entry["servicePath"] = ServicePath(call, job);
        return entry;
    }));

    private static object ServicePath(Call call, DeployJob job)
    {
        if (call.State.Application(job.ApplicationId) is not { } app)
        {
            return new { Href = (string?)null, Label = "—" };
        }

        var environment = call.State.Environment(app.EnvironmentId)!;
        return new
        {
            Href = $"/dashboard/project/{environment.ProjectId}/environment/{environment.EnvironmentId}/services/application/{app.ApplicationId}",
            Label = "Application",
        };
    }

    private static Answer ReadLogs(Call call)
    {
        var row = call.State.Deployments.Find(d => d.DeploymentId == call.In.Text("deploymentId")) ?? throw ApiError.NotFound("Deployment");
        var lines = row.Log.Where(l => l.At <= call.Now).SelectMany(l => l.Text.Split('\n')).TakeLast(call.In.Number("tail") ?? 100);
        return new Answer(string.Concat(lines.Select(l => l + "\n")));
    }
}
