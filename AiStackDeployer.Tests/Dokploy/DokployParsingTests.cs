using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>Answers as v0.30.2 gives them, cut down to the members that matter, and what other versions leave out.</summary>
public sealed class DokployParsingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_project_comes_with_its_default_environment()
    {
        var made = await AskAsync(
            "project.create",
            """
            {"project":{"projectId":"-Sm","name":"shop","description":null,"createdAt":"2026-11-23T09:14:24.947Z","organizationId":"o","env":""},
             "environment":{"environmentId":"cB2","name":"production","description":"x","createdAt":"2026-11-23T09:14:24.951Z","projectId":"-Sm","isDefault":true}}
            """,
            client => client.CreateProjectAsync("shop", null, Stop));

        Assert.Equal(("-Sm", "cB2", true), (made.Project.ProjectId, made.Environment.EnvironmentId, made.Environment.IsDefault));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 14, 24, 947, TimeSpan.Zero), made.Project.CreatedAt);
    }

    [Fact]
    public async Task A_project_lists_the_applications_of_all_its_environments()
    {
        var project = await AskAsync(
            "project.one",
            """
            {"projectId":"p","name":"shop","description":"dep_1","environments":[
              {"environmentId":"e1","name":"staging","isDefault":false,"applications":[],"compose":[]},
              {"environmentId":"e2","name":"production","isDefault":true,"applications":[
                {"name":"web","description":"d","appName":"shop-web-daydbu","applicationStatus":"done","applicationId":"a1","icon":null,"server":null},
                {"name":"old","applicationStatus":"from-a-later-version","applicationId":"a2"}]}]}
            """,
            client => client.GetProjectAsync("p", Stop));

        Assert.Equal("e2", project!.DefaultEnvironment!.EnvironmentId);
        Assert.Equal(
            [("a1", "shop-web-daydbu", DokployApplicationStatus.Done), ("a2", null, DokployApplicationStatus.Unknown)],
            project.Applications.Select(application => (application.ApplicationId, application.AppName, application.ApplicationStatus)));
    }

    [Fact]
    public async Task A_project_without_the_members_of_later_versions_is_empty()
    {
        var project = await AskAsync("project.one", """{"projectId":"p","name":"n"}""", client => client.GetProjectAsync("p", Stop));
        var nulls = await AskAsync("project.one", """{"projectId":"p","name":"n","environments":null}""", client => client.GetProjectAsync("p", Stop));

        Assert.Empty(project!.Environments);
        Assert.Null(project.DefaultEnvironment);
        Assert.Empty(nulls!.Environments);
    }

    [Fact]
    public async Task Whatever_stands_in_a_project_beside_its_default_environment_is_seen_also_what_we_do_not_know()
    {
        var project = await AskAsync(
            "project.one",
            """
            {"projectId":"p","name":"shop","environments":[
              {"environmentId":"e1","name":"production","isDefault":true,"env":"","description":null,"applications":[
                 {"name":"web","applicationId":"a1"}],
               "compose":[],"mysql":null,"postgres":[{"postgresId":"g1","name":"orders"}],"from-a-later-version":[{"id":1},"odd"]},
              {"environmentId":"e2","name":"staging","isDefault":false,"applications":[],"redis":[{"name":"cache"}]}]}
            """,
            client => client.GetProjectAsync("p", Stop));

        Assert.False(project!.IsEmpty);
        Assert.Equal(
            ["web (application)", "orders (postgres)", "? (from-a-later-version)", "? (from-a-later-version)", "cache (redis)", "staging (environment)"],
            project.Contents.Select(c => c.ToString()));
    }

    [Fact]
    public async Task A_project_is_empty_only_when_its_environment_can_be_seen_and_holds_nothing()
    {
        var empty = await AskAsync(
            "project.one",
            """
            {"projectId":"p","name":"n","environments":[{"environmentId":"e","name":"production","isDefault":true,"applications":[],"compose":[],
             "libsql":[],"mariadb":[],"mongo":[],"mysql":[],"postgres":[],"redis":[]}],"projectTags":[]}
            """,
            client => client.GetProjectAsync("p", Stop));
        var unseen = await AskAsync("project.one", """{"projectId":"p","name":"n","environments":[]}""", client => client.GetProjectAsync("p", Stop));

        Assert.Equal((true, false), (empty!.IsEmpty, unseen!.IsEmpty));
    }

    [Fact]
    public async Task An_application_brings_status_runs_domains_and_mounts_but_no_secret()
    {
        var application = await AskAsync(
            "application.one",
            """
            {"applicationId":"a","name":"web","appName":"shop-web-daydbu","description":"d","env":"PASSWORD=hidden","username":"u","password":"hidden",
             "memoryLimit":"134217728","sourceType":"docker","dockerImage":"127.0.0.1:5000/hello:1","replicas":1,"applicationStatus":"running",
             "environmentId":"e","environment":{"environmentId":"e","project":{"projectId":"p"}},
             "domains":[{"domainId":"d1","host":"shop.test","https":true,"port":8080,"path":"/","certificateType":"letsencrypt","applicationId":"a","enabled":true}],
             "deployments":[{"deploymentId":"r1","title":"dep_1","description":"x","status":"cancelled","createdAt":"2026-11-23T09:17:10.860Z","startedAt":"2026-11-23T09:17:10.860Z","finishedAt":null,"errorMessage":null}],
             "mounts":[{"mountId":"m1","type":"volume","hostPath":null,"volumeName":"v","mountPath":"/data","applicationId":"a"}]}
            """,
            client => client.GetApplicationAsync("a", Stop));

        Assert.Equal(
            ("shop-web-daydbu", DokployApplicationStatus.Running, "127.0.0.1:5000/hello:1", "e"),
            (application!.AppName, application.ApplicationStatus, application.DockerImage, application.EnvironmentId));
        var run = Assert.Single(application.Deployments);
        Assert.Equal(("dep_1", DokployDeploymentStatus.Cancelled, null), (run.Title, run.Status, run.FinishedAt));
        Assert.Equal(("shop.test", 8080, DokployCertificateType.LetsEncrypt), (application.Domains[0].Host, application.Domains[0].Port, application.Domains[0].CertificateType));
        Assert.Equal(("v", "/data", DokployMountType.Volume), (application.Mounts[0].VolumeName, application.Mounts[0].MountPath, application.Mounts[0].Type));
        Assert.DoesNotContain("hidden", application.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_just_created_application_has_no_runs_yet()
    {
        var application = await AskAsync(
            "application.create",
            """{"applicationId":"a","name":"web","appName":"web-x1vxgi","env":null,"applicationStatus":"idle","sourceType":"docker","replicas":1}""",
            client => client.CreateApplicationAsync("web", "web", null, "e", Stop));

        Assert.Equal(("web-x1vxgi", DokployApplicationStatus.Idle), (application.AppName, application.ApplicationStatus));
        Assert.Empty(application.Deployments);
    }

    [Fact]
    public async Task The_queue_is_told_in_the_order_jobs_were_queued()
    {
        var queue = await AskAsync(
            "deployment.queueList",
            """
            [{"id":"job-5","name":"deployments","data":{"applicationId":"a1","titleLog":"third","descriptionLog":"","type":"deploy"},"timestamp":1795425502251,"state":"waiting","servicePath":{"href":"/x"}},
             {"id":"job-4","data":{"composeId":"c"},"timestamp":1795425501850,"state":"waiting"},
             {"id":3,"data":{"applicationId":"a1","titleLog":"first"},"timestamp":1795425501850,"processedOn":1795425501852,"state":"active"}]
            """,
            client => client.GetQueueAsync(Stop));

        Assert.Equal(
            [("a1", "first", DokployQueueState.Active), (null, null, DokployQueueState.Waiting), ("a1", "third", DokployQueueState.Waiting)],
            queue!.Select(entry => (entry.ApplicationId, entry.Title, entry.State)));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795425501852), queue![0].StartedAt);
        Assert.Null(queue[1].StartedAt);
    }

    [Fact]
    public async Task Calls_that_a_version_lacks_read_as_null()
    {
        await using var dokploy = await DokployBench.StartAsync();

        Assert.Null(await dokploy.Client.GetQueueAsync(Stop));
        Assert.Null(await dokploy.Client.ReadDeploymentLogAsync("d", 10, Stop));
        Assert.Null(await dokploy.Client.ReadApplicationLogAsync("a", 10, Stop));
    }

    [Fact]
    public async Task A_log_of_an_unknown_run_is_not_taken_for_a_missing_call()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("deployment.readLogs", Replies.Error(404, "NOT_FOUND", "Deployment not found", "deployment.readLogs"));

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.ReadDeploymentLogAsync("d", 10, Stop));

        Assert.Equal(DokployFault.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_delete_that_the_version_lacks_is_no_removal()
    {
        await using var dokploy = await DokployBench.StartAsync();

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.RemoveMountAsync("m", Stop));
        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetProjectAsync("p", Stop));
    }

    [Fact]
    public async Task A_log_comes_as_text_even_compressed()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("deployment.readLogs", Replies.Gzip("\"Pulling\\n\\u2705 done\\n\""));

        Assert.Equal("Pulling\n\u2705 done\n", await dokploy.Client.ReadDeploymentLogAsync("d", 10, Stop));
    }

    [Theory]
    [InlineData("running", "Running 2 minutes ago", "", SwarmTaskState.Running, SwarmTaskState.Running, null)]
    [InlineData("running", "Running less than a second ago", "Error:", SwarmTaskState.Running, SwarmTaskState.Running, null)]
    [InlineData("shutdown", "Failed 3 seconds ago", "\\\"task: non-zero exit (3)\\\"", SwarmTaskState.Shutdown, SwarmTaskState.Failed, "task: non-zero exit (3)")]
    [InlineData("running", "Pending 34 seconds ago", "\\\"no suitable node (insufficient resources on 1 node)\\\"", SwarmTaskState.Running, SwarmTaskState.Pending, "no suitable node (insufficient resources on 1 node)")]
    [InlineData("ready", "Ready 3 seconds ago", "Error: \\\"No such image: x\\\"", SwarmTaskState.Ready, SwarmTaskState.Ready, "No such image: x")]
    [InlineData("paused-some-day", "Thinking 3 seconds ago", "\\\"", SwarmTaskState.Unknown, SwarmTaskState.Unknown, "\"")]
    public async Task A_task_tells_wanted_and_current_state_and_a_clean_error(
        string state, string currentState, string error, SwarmTaskState desired, SwarmTaskState current, string? cleanError)
    {
        var tasks = await AskAsync(
            "docker.getServiceContainersByAppName",
            $$"""[{"containerId":"t","name":"shop.1","state":"{{state}}","currentState":"{{currentState}}","node":"","error":"{{error}}"}]""",
            client => client.GetTasksAsync("shop", Stop));

        var task = Assert.Single(tasks);
        Assert.Equal((desired, current, currentState, cleanError), (task.DesiredState, task.CurrentState, task.CurrentStateText, task.Error));
    }

    [Fact]
    public async Task Containers_of_another_service_whose_name_begins_alike_are_left_out()
    {
        var containers = await AskAsync(
            "docker.getContainersByAppNameMatch",
            """
            [{"containerId":"c1","name":"shop-x1.1.zlm","state":"running","status":"Up 2 minutes"},
             {"containerId":"c2","name":"shop-x1b.1.abc","state":"exited","status":"Exited (137) 2 minutes ago"},
             {"containerId":"c3","name":"shop-x1.1.w2l","state":"unheard-of","status":"?"}]
            """,
            client => client.GetContainersAsync("shop-x1", Stop));

        Assert.Equal(
            [("c1", DockerContainerState.Running), ("c3", DockerContainerState.Unknown)],
            containers.Select(container => (container.ContainerId, container.State)));
    }

    [Theory]
    [InlineData(""","UpdateStatus":{"State":"rollback_completed","Message":"rollback completed"}""", SwarmUpdateState.RollbackCompleted, "rollback completed")]
    [InlineData(""","UpdateStatus":{"State":"completed","Message":"update completed"}""", SwarmUpdateState.Completed, "update completed")]
    [InlineData(""","UpdateStatus":{"State":"odd"}""", SwarmUpdateState.Unknown, null)]
    [InlineData("", null, null)]
    public async Task A_service_tells_how_its_update_went(string status, SwarmUpdateState? state, string? message)
    {
        var service = await AskAsync(
            "docker.getConfig",
            $$$"""{"ID":"s","Spec":{"Name":"shop-x1","TaskTemplate":{"ContainerSpec":{"Image":"hello:2","Env":["SECRET=1"]} } }{{{status}}} }""",
            client => client.GetServiceAsync("shop-x1", Stop));

        Assert.Equal((state, message), (service!.UpdateState, service.UpdateMessage));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"ID":"s","Spec":{"Name":"shop-x1-other"}}""")]
    [InlineData("""{"ID":"t","Spec":{"ContainerSpec":{"Image":"big:1"}},"ServiceID":"s","Status":{"State":"running"}}""")]
    public async Task An_answer_about_no_service_or_another_one_reads_as_no_service(string answer)
    {
        Assert.Null(await AskAsync("docker.getConfig", answer, client => client.GetServiceAsync("shop-x1", Stop)));
    }

    [Theory]
    [InlineData("owner", false, DokployRole.Owner)]
    [InlineData("member", true, DokployRole.Member)]
    [InlineData("emperor", false, DokployRole.Unknown)]
    public async Task The_keys_owner_has_a_role_and_flags(string role, bool flag, DokployRole expected)
    {
        var identity = await AskAsync(
            "user.get",
            $$"""{"id":"m","organizationId":"o","userId":"u","role":"{{role}}","canAccessToDocker":{{(flag ? "true" : "false")}},"user":{"apiKeys":[]} }""",
            client => client.GetWhoAmIAsync(Stop));

        Assert.Equal((expected, flag), (identity.Role, identity.CanAccessToDocker));
    }

    [Fact]
    public async Task Domains_and_mounts_of_versions_without_newer_members_are_read()
    {
        var domains = await AskAsync(
            "domain.byApplicationId", """[{"domainId":"d","host":"h","https":false,"port":null,"path":null,"certificateType":null}]""",
            client => client.ListDomainsAsync("a", Stop));
        var mounts = await AskAsync(
            "mounts.listByServiceId", """[{"mountId":"m","type":"tmpfs","mountPath":"/x","volumeName":null}]""",
            client => client.ListMountsAsync("a", Stop));

        Assert.Equal((null, null, DokployCertificateType.Unknown), (domains[0].Port, domains[0].Enabled, domains[0].CertificateType));
        Assert.Equal(DokployMountType.Unknown, mounts[0].Type);
    }

    [Fact]
    public async Task A_time_in_no_known_form_is_no_time()
    {
        var runs = await AskAsync(
            "deployment.queueList",
            """[{"id":"1","timestamp":"yesterday","processedOn":{"x":1}},{"id":"2","timestamp":99999999999999999}]""",
            client => client.GetQueueAsync(Stop));

        Assert.All(runs!, run => Assert.Equal((null, null), (run.QueuedAt, run.StartedAt)));
    }

    private static async Task<T> AskAsync<T>(string call, string answer, Func<DokployClient, Task<T>> ask)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(call, Replies.Json(200, answer));
        return await ask(dokploy.Client);
    }
}
