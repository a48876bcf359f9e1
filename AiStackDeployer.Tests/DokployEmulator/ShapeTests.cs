using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>
/// Members of the answers in their order, each with its kind (s text, n number, b boolean, a array, o object, 0 null), as
/// Dokploy v0.30.2 gave them. An application and a domain as they are right after their creation.
/// </summary>
public sealed class ShapeTests
{
    private const string Project = "projectId:s name:s description:0 createdAt:s organizationId:s env:s";
    private const string Services = "mariadb:a mongo:a mysql:a postgres:a redis:a compose:a libsql:a";
    private const string Domain =
        "domainId:s host:s https:b port:n customEntrypoint:0 path:s serviceName:0 domainType:s uniqueConfigKey:n createdAt:s composeId:0 " +
        "customCertResolver:0 applicationId:s previewDeploymentId:0 certificateType:s internalPath:s stripPath:b middlewares:a " +
        "forwardAuthEnabled:b enabled:b";

    private const string Application =
        "applicationId:s name:s appName:s description:0 env:0 previewEnv:0 watchPaths:0 previewBuildArgs:0 previewBuildSecrets:0 previewLabels:0 " +
        "previewWildcard:0 previewPort:n previewHttps:b previewPath:s previewCertificateType:s previewCustomCertResolver:0 previewLimit:n " +
        "isPreviewDeploymentsActive:b previewRequireCollaboratorPermissions:b rollbackActive:b buildArgs:0 buildSecrets:0 memoryReservation:0 " +
        "memoryLimit:0 cpuReservation:0 cpuLimit:0 title:0 enabled:0 subtitle:0 command:0 args:0 icon:0 refreshToken:s sourceType:s cleanCache:b " +
        "repository:0 owner:0 branch:0 buildPath:s triggerType:s autoDeploy:b gitlabProjectId:0 gitlabRepository:0 gitlabOwner:0 gitlabBranch:0 " +
        "gitlabBuildPath:s gitlabPathNamespace:0 giteaRepository:0 giteaOwner:0 giteaBranch:0 giteaBuildPath:s bitbucketRepository:0 " +
        "bitbucketRepositorySlug:0 bitbucketOwner:0 bitbucketBranch:0 bitbucketBuildPath:s username:0 password:0 dockerImage:0 registryUrl:0 " +
        "customGitUrl:0 customGitBranch:0 customGitBuildPath:0 customGitSSHKeyId:0 enableSubmodules:b dockerfile:s dockerContextPath:0 " +
        "dockerBuildStage:0 dropBuildPath:0 healthCheckSwarm:0 restartPolicySwarm:0 placementSwarm:0 updateConfigSwarm:0 rollbackConfigSwarm:0 " +
        "modeSwarm:0 labelsSwarm:0 networkSwarm:0 stopGracePeriodSwarm:0 endpointSpecSwarm:0 ulimitsSwarm:0 replicas:n applicationStatus:s " +
        "buildType:s railpackVersion:s herokuVersion:s publishDirectory:0 isStaticSpa:0 createEnvFile:b createdAt:s registryId:0 " +
        "rollbackRegistryId:0 environmentId:s githubId:0 gitlabId:0 giteaId:0 bitbucketId:0 serverId:0 buildServerId:0 buildRegistryId:0 " +
        "networkIds:a detachDokployNetwork:b";

    private const string Relations =
        " environment:o domains:a deployments:a mounts:a redirects:a security:a ports:a gitlab:0 github:0 bitbucket:0 gitea:0 server:0 " +
        "previewDeployments:a registry:0 buildRegistry:0 rollbackRegistry:0";

    private const string Deployment =
        "deploymentId:s title:s description:s status:s logPath:s pid:0 applicationId:s composeId:0 serverId:0 isPreviewDeployment:b " +
        "previewDeploymentId:0 createdAt:s startedAt:s finishedAt:s errorMessage:0 scheduleId:0 backupId:0 rollbackId:0 volumeBackupId:0 " +
        "buildServerId:0";

    private const string Mount =
        "mountId:s type:s hostPath:0 volumeName:s filePath:0 content:0 serviceType:s mountPath:s applicationId:s composeId:0 libsqlId:0 " +
        "mariadbId:0 mongoId:0 mysqlId:0 postgresId:0 redisId:0";

    private const string User =
        "id:s organizationId:s userId:s role:s createdAt:s teamId:0 isDefault:b canCreateProjects:b canAccessToSSHKeys:b canCreateServices:b " +
        "canDeleteProjects:b canDeleteServices:b canAccessToDocker:b canAccessToAPI:b canAccessToGitProviders:b canAccessToTraefikFiles:b " +
        "canDeleteEnvironments:b canCreateEnvironments:b accessedProjects:a accessedEnvironments:a accessedServices:a accessedGitProviders:a " +
        "accessedServers:a user:o";

    /// <summary>Call, member of the answer to look at, its shape. {P} {E} {A} {N} stand for the project, environment, application and appName.</summary>
    public static TheoryData<string, string, string> Queries => new()
    {
        { "project.all", "0", Project + " environments:a projectTags:a" },
        { "project.all", "0/environments/0", "name:s environmentId:s isDefault:b applications:a " + Services },
        { "project.all", "0/environments/0/applications/0", "applicationId:s name:s applicationStatus:s" },
        { "project.search?name=jan", "", "items:a total:n" },
        { "project.search?name=jan", "items/0", Project },
        { "project.one?projectId={P}", "", Project + " environments:a projectTags:a" },
        {
            "project.one?projectId={P}", "environments/0",
            "environmentId:s name:s description:s createdAt:s env:s projectId:s isDefault:b applications:a compose:a libsql:a mariadb:a mongo:a mysql:a postgres:a redis:a"
        },
        {
            "project.one?projectId={P}", "environments/0/applications/0",
            "name:s description:0 appName:s createdAt:s serverId:0 applicationStatus:s applicationId:s icon:0 server:0"
        },
        { "environment.one?environmentId={E}", "", "name:s description:s environmentId:s isDefault:b projectId:s env:s applications:a " + Services + " project:o" },
        {
            "environment.one?environmentId={E}", "applications/0",
            "name:s applicationId:s createdAt:s applicationStatus:s description:0 serverId:0 icon:0 server:0"
        },
        { "environment.byProjectId?projectId={P}", "0", "name:s description:s environmentId:s isDefault:b applications:a " + Services + " project:o" },
        { "application.one?applicationId={A}", "environment/project", Project },
        { "application.one?applicationId={A}", "deployments/0", Deployment },
        { "application.one?applicationId={A}", "domains/0", Domain },
        { "application.one?applicationId={A}", "mounts/0", Mount },
        {
            "application.search?name=jan", "items/0",
            "applicationId:s name:s appName:s description:0 environmentId:s applicationStatus:s sourceType:s createdAt:s"
        },
        { "deployment.all?applicationId={A}", "0", Deployment },
        { "domain.byApplicationId?applicationId={A}", "0", Domain + " application:o" },
        { "domain.byApplicationId?applicationId={A}", "0/application", "applicationId:s appName:s name:s" },
        { "mounts.listByServiceId?serviceType=application&serviceId={A}", "0", Mount },
        { "docker.getServiceContainersByAppName?appName={N}", "0", "containerId:s name:s state:s currentState:s node:s error:s" },
        { "docker.getContainersByAppNameMatch?appName={N}", "0", "containerId:s name:s state:s status:s" },
        { "docker.getConfig?containerId={N}", "", "ID:s Version:o CreatedAt:s UpdatedAt:s Spec:o Endpoint:o" },
        { "docker.getConfig?containerId={N}", "Spec", "Name:s Labels:o TaskTemplate:o Mode:o UpdateConfig:o RollbackConfig:o EndpointSpec:o" },
        { "user.get", "", User },
        { "user.get", "user/apiKeys/0", "id:s name:s prefix:0 enabled:b expiresAt:0 createdAt:s" },
        { "settings.health", "", "status:s" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_answers_in_the_recorded_shape(string call, string member, string shape)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();
        await emulator.PostAsync("mounts.create", new JsonObject
        {
            ["type"] = "volume", ["volumeName"] = "v", ["mountPath"] = "/data", ["serviceType"] = "application", ["serviceId"] = app.Id,
        });
        await emulator.DeployAsync(app);
        emulator.Advance(10);

        var answer = await emulator.GetAsync(call
            .Replace("{P}", app.ProjectId, StringComparison.Ordinal).Replace("{E}", app.EnvironmentId, StringComparison.Ordinal)
            .Replace("{A}", app.Id, StringComparison.Ordinal).Replace("{N}", app.AppName, StringComparison.Ordinal));

        Assert.Equal(200, answer.Status);
        Assert.Equal(shape, Shape(At(answer.Json, member)));
    }

    [Fact]
    public async Task Creating_answers_in_the_recorded_shapes()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var project = (await emulator.PostAsync("project.create", """{"name":"jan"}""")).Json;
        var environmentId = project["environment"]!["environmentId"];
        var app = (await emulator.PostAsync("application.create", $$"""{"name":"jan","environmentId":"{{environmentId}}"}""")).Json;
        var id = app["applicationId"];
        var one = (await emulator.GetAsync($"application.one?applicationId={id}")).Json;
        var domain = (await emulator.PostAsync("domain.create", $$"""{"host":"a.test","applicationId":"{{id}}"}""")).Json;
        var deleted = (await emulator.PostAsync("application.delete", $$"""{"applicationId":"{{id}}"}""")).Json;

        Assert.Equal("project:o environment:o", Shape(project));
        Assert.Equal("environmentId:s name:s description:s createdAt:s env:s projectId:s isDefault:b", Shape(project["environment"]!));
        Assert.Equal(Application, Shape(app));
        Assert.Equal(Application + Relations + " hasGitProviderAccess:b unauthorizedProvider:0", Shape(one));
        Assert.Equal(Domain, Shape(domain));
        Assert.Equal(Application + Relations, Shape(deleted));
        Assert.Equal("github", app["sourceType"]!.GetValue<string>());
        Assert.Equal(3000, domain["port"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_new_key_answers_in_the_recorded_shape_and_is_limited_to_ten_checks_a_day_unless_told_otherwise()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var organization = (await emulator.GetAsync("user.get")).Json["organizationId"];

        var key = (await emulator.PostAsync("user.createApiKey", $$$"""{"name":"k","metadata":{"organizationId":"{{{organization}}}"}}""")).Json;

        Assert.Equal(
            "configId:s name:s start:s referenceId:s prefix:0 key:s refillInterval:0 refillAmount:0 lastRefillAt:0 enabled:b rateLimitEnabled:b " +
            "rateLimitTimeWindow:n rateLimitMax:n requestCount:n remaining:0 lastRequest:0 expiresAt:0 createdAt:s updatedAt:s permissions:0 metadata:0 id:s",
            Shape(key));
        Assert.True(key["rateLimitEnabled"]!.GetValue<bool>());
        Assert.Equal(10, key["rateLimitMax"]!.GetValue<int>());
        Assert.Equal(86_400_000, key["rateLimitTimeWindow"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_waiting_job_has_no_processedOn_and_the_newest_comes_first()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();
        await emulator.DeployAsync(app, "first");
        await emulator.DeployAsync(app, "second");

        var queue = (await emulator.GetAsync("deployment.queueList")).Json;

        Assert.Equal("id:s name:s data:o timestamp:n state:s servicePath:o", Shape(queue[0]!));
        Assert.Equal("id:s name:s data:o timestamp:n processedOn:n state:s servicePath:o", Shape(queue[1]!));
        Assert.Equal("applicationId:s titleLog:s descriptionLog:s type:s applicationType:s server:b", Shape(queue[0]!["data"]!));
        Assert.Equal("href:s label:s", Shape(queue[0]!["servicePath"]!));
        Assert.Equal("second", queue[0]!["data"]!["titleLog"]!.GetValue<string>());
    }

    private static JsonNode At(JsonNode node, string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(node, (n, part) => int.TryParse(part, out var i) ? n[i]! : n[part]!);

    private static string Shape(JsonNode node) => string.Join(' ', node.AsObject().Select(m => m.Key + ":" + (m.Value?.GetValueKind() switch
    {
        null => "0",
        JsonValueKind.String => "s",
        JsonValueKind.Number => "n",
        JsonValueKind.True or JsonValueKind.False => "b",
        JsonValueKind.Array => "a",
        _ => "o",
    })));
}
