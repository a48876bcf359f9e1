using System.Globalization;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>Rows in the shapes the API gives them.</summary>
internal static class Wire
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Docker's own times: nanoseconds.</summary>
    public static string DockerTime(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    public static object Project(ProjectRow p) => new { p.ProjectId, p.Name, p.Description, p.CreatedAt, p.OrganizationId, p.Env };

    public static object Environment(EnvironmentRow e) =>
        new { e.EnvironmentId, e.Name, e.Description, e.CreatedAt, e.Env, e.ProjectId, e.IsDefault };

    /// <summary>The services of one kind in an environment. The recorded lists were empty: the members are those every kind shares.</summary>
    public static IEnumerable<object> Others(WorldState state, string environmentId, string kind) => state.OtherServices
        .Where(s => s.EnvironmentId == environmentId && s.Kind == kind)
        .Select(s => new Dictionary<string, object?>
        {
            [kind + "Id"] = s.Id, ["name"] = s.Name, ["description"] = null, ["createdAt"] = Time(s.CreatedAt),
            [kind == "compose" ? "composeStatus" : "applicationStatus"] = "done", ["serverId"] = null,
        });

    public static object Domain(DomainRow d) => d;

    public static object Mount(MountRow m) => new
    {
        m.MountId, m.Type, m.HostPath, m.VolumeName, m.FilePath, m.Content, m.ServiceType, m.MountPath, m.ApplicationId,
        ComposeId = (string?)null, LibsqlId = (string?)null, MariadbId = (string?)null, MongoId = (string?)null,
        MysqlId = (string?)null, PostgresId = (string?)null, RedisId = (string?)null,
    };

    public static object Deployment(DeploymentRow d) => new
    {
        d.DeploymentId, d.Title, d.Description, d.Status, d.LogPath, Pid = (string?)null, d.ApplicationId,
        ComposeId = (string?)null, ServerId = (string?)null, IsPreviewDeployment = false, PreviewDeploymentId = (string?)null,
        d.CreatedAt, StartedAt = d.CreatedAt, d.FinishedAt,
        // Stays null on ordinary failures: the reason is in the log only.
        ErrorMessage = (string?)null,
        ScheduleId = (string?)null, BackupId = (string?)null, RollbackId = (string?)null, VolumeBackupId = (string?)null,
        BuildServerId = (string?)null,
    };

    /// <summary>The full row, with everything that hangs on it when <paramref name="relations"/> is set.</summary>
    public static JsonObject Application(WorldState state, ApplicationRow app, bool relations)
    {
        var json = (JsonObject)app.Columns.DeepClone();
        if (!relations)
        {
            return json;
        }

        var id = app.ApplicationId;
        var environment = state.Environment(app.EnvironmentId)!;
        var env = Node(Environment(environment)).AsObject();
        env["project"] = Node(Project(state.Project(environment.ProjectId)!));
        json["environment"] = env;
        json["domains"] = List(state.Domains.Where(d => d.ApplicationId == id).Select(Domain));
        json["deployments"] = List(state.Deployments.Where(d => d.ApplicationId == id).Select(Deployment));
        json["mounts"] = List(state.Mounts.Where(m => m.ApplicationId == id).Select(Mount));
        foreach (var none in (string[])["redirects", "security", "ports"])
        {
            json[none] = new JsonArray();
        }

        foreach (var none in (string[])["gitlab", "github", "bitbucket", "gitea", "server"])
        {
            json[none] = null;
        }

        json["previewDeployments"] = new JsonArray();
        foreach (var none in (string[])["registry", "buildRegistry", "rollbackRegistry"])
        {
            json[none] = null;
        }

        return json;
    }

    private static JsonArray List(IEnumerable<object> rows) => new([.. rows.Select(Node)]);

    private static JsonNode Node(object row) => JsonNode.Parse(new Answer(row).Serialize())!;
}
