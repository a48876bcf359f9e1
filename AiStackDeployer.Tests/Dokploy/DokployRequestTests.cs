using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>What goes over the wire: members, JSON kinds, addresses.</summary>
public sealed class DokployRequestTests
{
    private const string Row = """{"applicationId":"a","name":"n","appName":"n-x1y2z3"}""";
    private const string DomainRow = """{"domainId":"d","host":"h.test","https":true,"port":8080,"path":"/","certificateType":"none"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, Func<DokployClient, Task>> Posts => new()
    {
        {
            "project.create", """{"project":{"projectId":"p","name":"n"},"environment":{"environmentId":"e","name":"production","isDefault":true}}""",
            """{"name":"ai-stack-jan","description":"dep_1"}""",
            client => client.CreateProjectAsync("ai-stack-jan", "dep_1", Stop)
        },
        { "project.remove", "{}", """{"projectId":"-p_1"}""", client => client.RemoveProjectAsync("-p_1", Stop) },
        {
            "application.create", Row,
            """{"name":"opencode","appName":"jan","description":null,"environmentId":"e","sourceType":"docker"}""",
            client => client.CreateApplicationAsync("opencode", "jan", null, "e", Stop)
        },
        {
            "application.update", "true",
            """{"applicationId":"a","sourceType":"docker","dockerImage":"127.0.0.1:5000/i:1","username":"u","password":"s","registryUrl":"r.test","env":"K=\u0027v\u0027","memoryLimit":"134217728","memoryReservation":"67108864","cpuLimit":"500000000","cpuReservation":"100000000","replicas":2}""",
            client => client.UpdateApplicationAsync("a", new ApplicationSettings
            {
                Image = "127.0.0.1:5000/i:1", RegistryUrl = "r.test", RegistryUsername = "u", RegistryPassword = "s",
                Env = DotEnv.Format([new("K", "v")]), MemoryLimit = 134217728, MemoryReservation = 67108864,
                CpuLimit = 0.5m, CpuReservation = 0.1m, Replicas = 2,
            }, Stop)
        },
        {
            "application.update", "true",
            """{"applicationId":"a","sourceType":"docker","dockerImage":"i:1","username":null,"password":null,"registryUrl":null,"env":"","memoryLimit":null,"memoryReservation":null,"cpuLimit":null,"cpuReservation":null,"replicas":1}""",
            client => client.UpdateApplicationAsync("a", new ApplicationSettings { Image = "i:1" }, Stop)
        },
        {
            "application.deploy", "", """{"applicationId":"a","title":"dep_1","description":"first"}""",
            client => client.DeployApplicationAsync("a", "dep_1", "first", Stop)
        },
        { "application.delete", Row, """{"applicationId":"a"}""", client => client.DeleteApplicationAsync("a", Stop) },
        {
            "domain.create", DomainRow,
            """{"host":"h.test","applicationId":"a","domainType":"application","port":8080,"path":"/","https":true,"certificateType":"none"}""",
            client => client.CreateDomainAsync("a", new DomainSettings { Host = "h.test", Port = 8080, Https = true }, Stop)
        },
        {
            "domain.update", DomainRow,
            """{"domainId":"d","host":"h.test","port":81,"path":"/x","https":false,"certificateType":"letsencrypt"}""",
            client => client.UpdateDomainAsync("d", new DomainSettings
            {
                Host = "h.test", Port = 81, Https = false, Path = "/x", CertificateType = DokployCertificateType.LetsEncrypt,
            }, Stop)
        },
        { "domain.delete", DomainRow, """{"domainId":"d"}""", client => client.DeleteDomainAsync("d", Stop) },
        {
            "mounts.create", """{"mountId":"m","type":"volume","volumeName":"v","mountPath":"/work","applicationId":"a"}""",
            """{"type":"volume","volumeName":"v","mountPath":"/work","serviceType":"application","serviceId":"a"}""",
            client => client.CreateVolumeMountAsync("a", "v", "/work", Stop)
        },
        { "mounts.remove", "{}", """{"mountId":"m"}""", client => client.RemoveMountAsync("m", Stop) },
    };

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_change_is_posted_with_exactly_these_members(string call, string answer, string body, Func<DokployClient, Task> change)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(call, Replies.Json(200, answer));

        await change(dokploy.Client);

        Assert.Equal(
            new ReceivedCall("POST", call, "", DokployBench.Token, "application/json", body),
            Assert.Single(dokploy.Server.Received));
    }

    public static TheoryData<string, string, string, Func<DokployClient, Task>> Gets => new()
    {
        { "project.one", """{"projectId":"p","name":"n"}""", "?projectId=-p_%26%3D1", client => client.GetProjectAsync("-p_&=1", Stop) },
        { "application.one", Row, "?applicationId=a", client => client.GetApplicationAsync("a", Stop) },
        { "deployment.queueList", "[]", "", client => client.GetQueueAsync(Stop) },
        { "deployment.readLogs", "\"\"", "?deploymentId=d&tail=10000", client => client.ReadDeploymentLogAsync("d", 99999, Stop) },
        { "application.readLogs", "\"\"", "?applicationId=a&tail=1", client => client.ReadApplicationLogAsync("a", 0, Stop) },
        { "domain.byApplicationId", "[]", "?applicationId=a", client => client.ListDomainsAsync("a", Stop) },
        { "mounts.listByServiceId", "[]", "?serviceType=application&serviceId=a", client => client.ListMountsAsync("a", Stop) },
        { "docker.getServiceContainersByAppName", "[]", "?appName=n-x1", client => client.GetTasksAsync("n-x1", Stop) },
        { "docker.getContainersByAppNameMatch", "[]", "?appName=n-x1", client => client.GetContainersAsync("n-x1", Stop) },
        { "docker.getConfig", "", "?containerId=n-x1", client => client.GetServiceAsync("n-x1", Stop) },
        { "user.get", "{}", "", client => client.GetWhoAmIAsync(Stop) },
        { "settings.getDokployVersion", "\"v1\"", "", client => client.GetVersionAsync(Stop) },
    };

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task A_question_goes_into_the_query(string call, string answer, string query, Func<DokployClient, Task> ask)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(call, Replies.Json(200, answer));

        await ask(dokploy.Client);

        Assert.Equal(
            new ReceivedCall("GET", call, query, DokployBench.Token, null, ""),
            Assert.Single(dokploy.Server.Received));
    }

    [Fact]
    public async Task A_search_reads_every_page_and_lists_a_project_once()
    {
        await using var dokploy = await DokployBench.StartAsync();
        static string Page(int total, params int[] ids) =>
            $$"""{"items":[{{string.Join(',', ids.Select(id => $$"""{"projectId":"p{{id}}","name":"n{{id}}"}"""))}}],"total":{{total}}}""";
        dokploy.Server.On(
            "project.search",
            Replies.Json(200, Page(5, 1, 2)), Replies.Json(200, Page(6, 2, 3)), Replies.Json(200, Page(6, 4, 5)), Replies.UnknownCall);

        var hits = await dokploy.Client.SearchProjectsAsync("n", Stop);

        Assert.Equal(["p1", "p2", "p3", "p4", "p5"], hits.Select(hit => hit.ProjectId));
        Assert.Equal(
            ["?name=n&limit=100&offset=0", "?name=n&limit=100&offset=2", "?name=n&limit=100&offset=4"],
            dokploy.Server.Received.Select(received => received.Query));
    }

    [Fact]
    public async Task A_search_that_never_fills_its_total_ends_with_an_empty_page()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("project.search", Replies.Json(200, """{"items":[],"total":7}"""));

        Assert.Empty(await dokploy.Client.SearchProjectsAsync("n", Stop));
    }

    [Fact]
    public async Task A_name_is_found_exactly_and_whatever_its_case_oldest_first()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("project.search", Replies.Json(200, """
            {"items":[
              {"projectId":"p4","name":"Ai-Stack-Jan","createdAt":"2026-11-23T09:14:25.025Z"},
              {"projectId":"p3","name":"ai-stack-jan2","createdAt":"2026-11-23T09:14:25.000Z"},
              {"projectId":"p2","name":"ai-stackxjan","createdAt":"2026-11-23T09:14:24.990Z"},
              {"projectId":"p1","name":"ai-stack-jan","createdAt":"2026-11-23T09:14:24.947Z"}],"total":4}
            """));

        var found = await dokploy.Client.FindProjectsAsync("ai-stack-jan", Stop);

        Assert.Equal(["p1", "p4"], found.Select(hit => hit.ProjectId));
    }

    [Fact]
    public async Task Without_a_search_all_projects_are_read_and_the_search_is_not_tried_again()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("project.all", Replies.Json(200, """
            [{"projectId":"p2","name":"other"},{"projectId":"p1","name":"My-Shop","description":"m","environments":[]}]
            """));

        var first = await dokploy.Client.SearchProjectsAsync("shop", Stop);
        await dokploy.Client.SearchProjectsAsync("shop", Stop);

        Assert.Equal(("p1", "m"), (Assert.Single(first).ProjectId, first[0].Description));
        Assert.Equal(["project.search", "project.all", "project.all"], dokploy.Server.Received.Select(received => received.Call));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://127.0.0.1:{0}/api")]
    [InlineData("http://127.0.0.1:{0}/api/?x=1")]
    public async Task The_address_may_end_in_a_slash_or_api(string template)
    {
        await using var target = await ScriptedDokploy.StartAsync(Stop);
        target.On("settings.getDokployVersion", Replies.Json(200, "\"v1\""));
        var url = template.Replace("{0}", target.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await using var dokploy = await DokployBench.StartAsync(options => options with { Url = new Uri(url) });

        Assert.Equal("v1", await dokploy.Client.GetVersionAsync(Stop));
    }

    [Fact]
    public async Task An_appName_too_long_for_the_swarm_is_refused_before_it_is_sent()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("application.create", Replies.Json(200, Row));

        await dokploy.Client.CreateApplicationAsync("n", new string('a', 56), null, "e", Stop);
        await Assert.ThrowsAsync<ArgumentException>(() => dokploy.Client.CreateApplicationAsync("n", new string('a', 57), null, "e", Stop));

        Assert.Single(dokploy.Server.Received);
    }
}
