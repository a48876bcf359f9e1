using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

internal static class MountEndpoints
{
    private static readonly string[] Columns =
    [
        "mountId", "type", "volumeName", "serviceType", "mountPath", "applicationId", "hostPath", "filePath", "content", "composeId",
        "libsqlId", "mariadbId", "mongoId", "mysqlId", "postgresId", "redisId",
    ];

    private static readonly string[] Services = ["application", "compose", "libsql", "mariadb", "mongo", "mysql", "postgres", "redis"];

    public static void Map(Router router)
    {
        router.Mutation("mounts.create", new Schema(
            new Field("type", FieldKind.Choice) { Choices = ["bind", "volume", "file"] },
            new Field("hostPath").Optional().OrNull(),
            new Field("volumeName").Optional().OrNull(),
            new Field("content").Optional().OrNull(),
            new Field("mountPath") { Min = 1 },
            new Field("serviceType", FieldKind.Choice) { Choices = Services }.Optional(),
            new Field("filePath").Optional().OrNull(),
            new Field("serviceId") { Min = 1 }), Create, 87, ApplicationEndpoints.Foreign);
        router.Query("mounts.listByServiceId", new Schema(
            new Field("serviceType", FieldKind.Choice) { Choices = Services },
            new Field("serviceId") { Min = 1 }), List, 100, ApplicationEndpoints.Foreign);
        router.Mutation("mounts.remove", new Schema(new Field("mountId")), Remove, 100, ApplicationEndpoints.Foreign);
    }

    private static Answer Create(Call call)
    {
        // Without serviceType the row is made and attached to nothing.
        var applicationId = call.In.Text("serviceType") == "application" ? call.In.Text("serviceId") : null;
        var mount = new MountRow
        {
            MountId = Ids.Nano(),
            Type = call.In.Text("type")!,
            HostPath = call.In.Text("hostPath"),
            VolumeName = call.In.Text("volumeName"),
            FilePath = call.In.Text("filePath"),
            Content = call.In.Text("content"),
            MountPath = call.In.Text("mountPath")!,
            ApplicationId = applicationId,
        };
        if (applicationId is not null && call.State.Application(applicationId) is null)
        {
            throw ApiError.Sql("Error ", "mount", Columns, mount.MountId, mount.Type, mount.VolumeName, "application", mount.MountPath, applicationId);
        }

        call.State.Mounts.Add(mount);
        return new Answer(Wire.Mount(mount));
    }

    private static Answer List(Call call) => new(call.State.Mounts
        .Where(m => call.In.Text("serviceType") == "application" && m.ApplicationId == call.In.Text("serviceId")).Select(Wire.Mount));

    private static Answer Remove(Call call)
    {
        var mount = call.State.Mounts.Find(m => m.MountId == call.In.Text("mountId")) ?? throw ApiError.NotFound("Mount");
        call.State.Mounts.Remove(mount);
        return new Answer(Wire.Mount(mount));
    }
}
