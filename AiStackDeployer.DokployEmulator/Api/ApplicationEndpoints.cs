using System.Text.RegularExpressions;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>An application's row and settings.</summary>
internal static partial class ApplicationEndpoints
{
    private static readonly string[] Words = ["parse", "connect", "index", "copy", "bypass", "array", "firewall", "sensor", "matrix", "pixel"];

    public static readonly Field Id = new("applicationId") { Min = 1 };
    public static readonly ApiError Foreign = ApiError.Denied("You don't have access to this service");
    public static readonly ApiError NoService = ApiError.Denied("unauthorized to access resource \"service\"");

    public static void Map(Router router)
    {
        router.Mutation("application.create", new Schema(
            new Field("name") { Min = 1 },
            new Field("appName")
            {
                Min = 1, Max = 63, Pattern = AppNameForm(),
                PatternMessage = "App name can only contain letters, numbers, dots, underscores and hyphens",
            }.Optional(),
            new Field("description").Optional().OrNull(),
            new Field("environmentId"),
            new Field("serverId").Optional().OrNull(),
            ApplicationColumns.SourceType), Create, 82, NoService);
        router.Query("application.one", new Schema(Id), One, 35, Foreign);
        router.Query("application.search", new Schema(
            new Field("q").Optional(), new Field("name").Optional(), new Field("appName").Optional(), new Field("description").Optional(),
            new Field("projectId").Optional(), new Field("environmentId").Optional(),
            new Field("limit", FieldKind.Number) { Min = 1, Max = 100 }.Optional(),
            new Field("offset", FieldKind.Number) { Min = 0 }.Optional()), Search, 45);
        router.Mutation("application.update", ApplicationColumns.UpdateSchema, Update, 62, Foreign);
        router.Mutation("application.saveDockerProvider", new Schema(
            Id, Key("dockerImage"), Key("username"), Key("password"), Key("registryUrl")), SaveDockerProvider, 63, Foreign);
        router.Mutation("application.saveEnvironment", new Schema(
            Id, Key("env"), Key("buildArgs"), Key("buildSecrets"), new Field("createEnvFile", FieldKind.Boolean).OrNull()), SaveEnvironment, 55, Foreign);

        static Field Key(string name) => new Field(name).OrNull();
    }

    private static Answer Create(Call call)
    {
        var environment = call.Environment();
        if (call.In.Text("serverId") is { Length: > 0 })
        {
            throw ApiError.Denied("You are not authorized to access this server");
        }

        var row = ApplicationColumns.NewRow();
        row["applicationId"] = Ids.Nano();
        row["name"] = call.In.Text("name");
        row["appName"] = (call.In.Text("appName") ?? InventedName()).ToLowerInvariant() + "-" + Ids.AppNameSuffix();
        row["description"] = call.In.Text("description");
        row["sourceType"] = call.In.Text("sourceType") ?? "github";
        row["refreshToken"] = Ids.Nano();
        row["environmentId"] = environment.EnvironmentId;
        row["createdAt"] = Wire.Time(call.Now);
        var app = new ApplicationRow { Columns = row };
        call.State.Applications.Add(app);
        call.State.AccessedServices.Add(app.ApplicationId, call.Now);
        return new Answer(Wire.Application(call.State, app, relations: false));
    }

    private static Answer One(Call call)
    {
        var json = Wire.Application(call.State, call.Application(), relations: true);
        json["hasGitProviderAccess"] = true;
        json["unauthorizedProvider"] = null;
        return new Answer(json);
    }

    /// <summary>Even for an owner it only knows the ids in that user's access list, which loses entries.</summary>
    private static Answer Search(Call call)
    {
        var visible = call.Key.Role == "member" ? [] : call.State.AccessedServices.Ids.ToHashSet();
        var hits = Enumerable.Reverse(call.State.Applications).Where(a => visible.Contains(a.ApplicationId))
            .Where(a => call.In.Text("q") is not { Length: > 0 } q || Has(a.Name, q) || Has(a.AppName, q))
            .Where(a => call.In.Text("name") is not { Length: > 0 } name || Has(a.Name, name))
            .Where(a => call.In.Text("appName") is not { Length: > 0 } appName || Has(a.AppName, appName))
            .Where(a => call.In.Text("description") is not { Length: > 0 } text || Has(a.Text("description"), text))
            .Where(a => call.In.Text("environmentId") is not { Length: > 0 } id || a.EnvironmentId == id)
            .Where(a => call.In.Text("projectId") is not { Length: > 0 } id || call.State.Environment(a.EnvironmentId)?.ProjectId == id)
            .ToList();
        return new Answer(new
        {
            Items = hits.Skip(call.In.Number("offset") ?? 0).Take(call.In.Number("limit") ?? 20).Select(a => new
            {
                a.ApplicationId, a.Name, a.AppName, Description = a.Text("description"), a.EnvironmentId, ApplicationStatus = a.Status,
                a.SourceType, CreatedAt = a.Text("createdAt"),
            }),
            Total = hits.Count,
        });

        static bool Has(string? text, string part) => ProjectEndpoints.Like(text, part);
    }

    private static Answer Update(Call call)
    {
        var values = call.In.Values.Where(v => v.Key != "applicationId").ToList();
        if (values.Count == 0)
        {
            throw ApiError.Internal("No values to set");
        }

        var app = call.State.Application(call.In.Text("applicationId")) ?? throw ApiError.BadRequest("Error updating application");
        if (call.In.HasNul)
        {
            throw ApiError.BadRequest($"Failed query: update \"application\" set \"{values[0].Key}\" = $1 where \"application\".\"applicationId\" = $2\nparams: {values[0].Value},{app.ApplicationId}");
        }

        foreach (var (column, value) in values)
        {
            app.Columns[column] = value?.DeepClone();
        }

        return Answer.True;
    }

    /// <summary>Also sets the status to idle, though the container goes on.</summary>
    private static Answer SaveDockerProvider(Call call)
    {
        var app = call.Application();
        foreach (var column in (string[])["dockerImage", "username", "password", "registryUrl"])
        {
            app.Columns[column] = call.In.Text(column);
        }

        app.Columns["sourceType"] = "docker";
        app.Status = "idle";
        return Answer.True;
    }

    private static Answer SaveEnvironment(Call call)
    {
        var app = call.Application();
        foreach (var column in (string[])["env", "buildArgs", "buildSecrets"])
        {
            app.Columns[column] = call.In.Text(column);
        }

        app.Columns["createEnvFile"] = call.In.Flag("createEnvFile");
        return Answer.True;
    }

    private static string InventedName() =>
        $"app-{System.Security.Cryptography.RandomNumberGenerator.GetItems<string>(Words, 1)[0]}-{System.Security.Cryptography.RandomNumberGenerator.GetItems<string>(Words, 1)[0]}";

    [GeneratedRegex("^[a-zA-Z0-9._-]+$")]
    private static partial Regex AppNameForm();
}
