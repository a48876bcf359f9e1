using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

internal static class EnvironmentEndpoints
{
    public static void Map(Router router)
    {
        router.Query("environment.byProjectId", new Schema(new Field("projectId") { Min = 1 }), ByProject, 55);
        router.Query("environment.one", new Schema(new Field("environmentId") { Min = 1 }), One, 50,
            new ApiError(403, "FORBIDDEN", "You are not allowed to access this environment"));
    }

    /// <summary>An unknown project is an empty list, not an error.</summary>
    private static Answer ByProject(Call call) => new(call.State.Environments
        .Where(e => e.ProjectId == call.In.Text("projectId")).Select(e => new
        {
            e.Name, e.Description, e.EnvironmentId, e.IsDefault,
            Applications = Applications(call, e.EnvironmentId),
            Mariadb = Others(call, e, "mariadb"), Mongo = Others(call, e, "mongo"), Mysql = Others(call, e, "mysql"), Postgres = Others(call, e, "postgres"), Redis = Others(call, e, "redis"), Compose = Others(call, e, "compose"), Libsql = Others(call, e, "libsql"),
            Project = Wire.Project(call.State.Project(e.ProjectId)!),
        }));

    private static Answer One(Call call)
    {
        var e = call.Environment();
        return new Answer(new
        {
            e.Name, e.Description, e.EnvironmentId, e.IsDefault, e.ProjectId, e.Env,
            Applications = Applications(call, e.EnvironmentId),
            Mariadb = Others(call, e, "mariadb"), Mongo = Others(call, e, "mongo"), Mysql = Others(call, e, "mysql"), Postgres = Others(call, e, "postgres"), Redis = Others(call, e, "redis"), Compose = Others(call, e, "compose"), Libsql = Others(call, e, "libsql"),
            Project = Wire.Project(call.State.Project(e.ProjectId)!),
        });
    }

    private static IEnumerable<object> Others(Call call, EnvironmentRow e, string kind) => Wire.Others(call.State, e.EnvironmentId, kind);

    /// <summary>Without appName: that needs application.one.</summary>
    private static IEnumerable<object> Applications(Call call, string environmentId) => call.State.Applications
        .Where(a => a.EnvironmentId == environmentId).Select(a => new
        {
            a.Name, a.ApplicationId, CreatedAt = a.Text("createdAt"), ApplicationStatus = a.Status, Description = a.Text("description"),
            ServerId = (string?)null, Icon = (string?)null, Server = (string?)null,
        });
}
