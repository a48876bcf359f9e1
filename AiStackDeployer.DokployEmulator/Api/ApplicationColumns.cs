using System.Text.Json.Nodes;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>The columns of an application: order, type and value at birth as recorded.</summary>
internal static class ApplicationColumns
{
    private static readonly string[] Sources = ["github", "docker", "git", "gitlab", "bitbucket", "gitea", "drop"];
    private static readonly string[] Statuses = ["idle", "running", "done", "error"];
    private static readonly string[] Builds =
        ["dockerfile", "heroku_buildpacks", "paketo_buildpacks", "nixpacks", "static", "railpack"];
    private static readonly string[] Triggers = ["push", "tag"];
    private static readonly string[] Certificates = ["letsencrypt", "none", "custom"];

    /// <summary>Given at birth, never taken by application.update: the call ignores or does not know them.</summary>
    private static readonly string[] Fixed = ["applicationId", "appName", "createdAt", "serverId", "refreshToken"];

    private static readonly (Field Field, JsonNode? Default)[] All = Build();

    public static Schema UpdateSchema { get; } = new(
        [new Field("applicationId") { Min = 1 }, .. All.Where(c => !Fixed.Contains(c.Field.Name)).Select(c => c.Field.Optional())]);

    public static Field SourceType { get; } = new("sourceType", FieldKind.Choice) { Choices = Sources, Required = false };

    public static JsonObject NewRow()
    {
        var row = new JsonObject();
        foreach (var (field, value) in All)
        {
            row[field.Name] = value?.DeepClone();
        }

        return row;
    }

    private static (Field, JsonNode?)[] Build() =>
    [
        Text("applicationId"), Name("name"), Text("appName"), .. Texts("description env previewEnv"), Json("watchPaths"),
        .. Texts("previewBuildArgs previewBuildSecrets"), Json("previewLabels"), .. Texts("previewWildcard"), Number("previewPort", 3000),
        Flag("previewHttps", false), Text("previewPath", "/"), Choice("previewCertificateType", "none", Certificates),
        Text("previewCustomCertResolver"), Number("previewLimit", 3), Flag("isPreviewDeploymentsActive", false),
        Flag("previewRequireCollaboratorPermissions", true), Flag("rollbackActive", false),
        .. Texts("buildArgs buildSecrets memoryReservation memoryLimit cpuReservation cpuLimit title"),
        Flag("enabled", null), .. Texts("subtitle command"), Json("args"), .. Texts("icon refreshToken"),
        Choice("sourceType", "github", Sources), Flag("cleanCache", false), .. Texts("repository owner branch"), Text("buildPath", "/"),
        Choice("triggerType", "push", Triggers), Flag("autoDeploy", true), Number("gitlabProjectId", null),
        .. Texts("gitlabRepository gitlabOwner gitlabBranch"), Text("gitlabBuildPath", "/"), .. Texts("gitlabPathNamespace giteaRepository giteaOwner giteaBranch"),
        Text("giteaBuildPath", "/"), .. Texts("bitbucketRepository bitbucketRepositorySlug bitbucketOwner bitbucketBranch"),
        Text("bitbucketBuildPath", "/"), .. Texts("username password dockerImage registryUrl customGitUrl customGitBranch customGitBuildPath customGitSSHKeyId"),
        Flag("enableSubmodules", false), Text("dockerfile", "Dockerfile"), .. Texts("dockerContextPath dockerBuildStage dropBuildPath"),
        Json("healthCheckSwarm"), Json("restartPolicySwarm"), Json("placementSwarm"), Json("updateConfigSwarm"), Json("rollbackConfigSwarm"),
        Json("modeSwarm"), Json("labelsSwarm"), Json("networkSwarm"), Json("stopGracePeriodSwarm"), Json("endpointSpecSwarm"), Json("ulimitsSwarm"),
        Number("replicas", 1), Choice("applicationStatus", "idle", Statuses), Choice("buildType", "nixpacks", Builds),
        Text("railpackVersion", "0.15.4"), Text("herokuVersion", "24"), Text("publishDirectory"), Flag("isStaticSpa", null),
        Flag("createEnvFile", true), .. Texts("createdAt registryId rollbackRegistryId environmentId githubId gitlabId giteaId bitbucketId serverId buildServerId buildRegistryId"),
        Json("networkIds", new JsonArray()), Flag("detachDokployNetwork", false),
    ];

    private static (Field, JsonNode?) Name(string name) => (new Field(name) { Min = 1 }, null);

    private static (Field, JsonNode?) Text(string name, string? value = null) =>
        (new Field(name).OrNull(), value is null ? null : JsonValue.Create(value));

    private static IEnumerable<(Field, JsonNode?)> Texts(string names) => names.Split(' ').Select(n => Text(n));

    private static (Field, JsonNode?) Number(string name, int? value) =>
        (new Field(name, FieldKind.Number).OrNull(), value is null ? null : JsonValue.Create(value.Value));

    private static (Field, JsonNode?) Flag(string name, bool? value) =>
        (new Field(name, FieldKind.Boolean).OrNull(), value is null ? null : JsonValue.Create(value.Value));

    private static (Field, JsonNode?) Choice(string name, string value, string[] choices) =>
        (new Field(name, FieldKind.Choice) { Choices = choices }, JsonValue.Create(value));

    private static (Field, JsonNode?) Json(string name, JsonNode? value = null) => (new Field(name, FieldKind.Anything).OrNull(), value);
}
