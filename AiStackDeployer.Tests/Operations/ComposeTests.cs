using AiStackDeployer.Web.Settings;
using YamlDotNet.Serialization;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What <c>docker compose up</c> starts.</summary>
public sealed class ComposeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Dockerfile.Root, "compose.yaml"));

    private static readonly Dictionary<object, object> Compose = (Dictionary<object, object>)new DeserializerBuilder()
        .WithAttemptingUnquotedStringTypeDeserialization().Build()
        .Deserialize(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Text))))!;

    private static Dictionary<object, object> Services => (Dictionary<object, object>)Compose["services"];

    public static TheoryData<string> Names => [.. Services.Keys.Cast<string>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_service_has_a_pinned_image_limits_a_bounded_log_and_comes_back(string name)
    {
        var service = Service(name);

        // PostgreSQL's versions have two numbers.
        Assert.Matches(@":v?\d+\.\d+[^:]*$", ((string)service["image"]).TrimEnd('}'));
        Assert.Equal("unless-stopped", service["restart"]);
        Assert.Equal(true, service["read_only"]);
        Assert.Equal(["ALL"], Strings(service["cap_drop"]));
        Assert.Contains("no-new-privileges:true", Strings(service["security_opt"]));
        Assert.NotNull(Map(Map(service["logging"])["options"])["max-size"]);
        Assert.NotNull(Map(Map(Map(service["deploy"])["resources"])["limits"])["memory"]);
        Assert.DoesNotContain("privileged", service.Keys);
        Assert.Equal(512, Convert.ToInt32(service["pids_limit"], System.Globalization.CultureInfo.InvariantCulture));
        // PostgreSQL's image begins as root and would need capabilities to become its own user.
        Assert.Equal(name == "postgres", service.ContainsKey("user"));
    }

    /// <summary>The engine refuses a limit of more processors than the machine has, and the guide says that one is enough.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_service_asks_for_more_processors_than_the_smallest_machine_has(string name) => Assert.InRange(
        double.Parse((string)Map(Map(Map(Service(name)["deploy"])["resources"])["limits"])["cpus"], System.Globalization.CultureInfo.InvariantCulture), 0.1, 1);

    [Fact]
    public void Portal_and_ingest_start_by_default_and_the_rest_with_a_profile()
    {
        string[] always = ["portal", "ingest"];
        string[] replicas = ["portal-1", "portal-2", "postgres", "traefik"];

        Assert.All(always, name => Assert.DoesNotContain("profiles", Service(name).Keys));
        Assert.All(
            Names.Where(n => !always.Contains(n.Data)),
            n => Assert.Equal([replicas.Contains(n.Data) ? "replicas" : "observability"], Strings(Service(n.Data)["profiles"])));
    }

    [Fact]
    public void Each_of_two_portals_is_as_the_one_but_without_a_volume_and_waits_for_the_database()
    {
        foreach (var replica in new[] { Service("portal-1"), Service("portal-2") })
        {
            foreach (var same in new[] { "image", "env_file", "stop_grace_period", "healthcheck", "deploy", "tmpfs" })
            {
                Assert.Equivalent(Service("portal")[same], replica[same], strict: true);
            }
            Assert.Equal(["./secrets:/run/secrets:ro"], Strings(replica["volumes"]));
            Assert.Equal("service_healthy", Map(Map(replica["depends_on"])["postgres"])["condition"]);
            Assert.DoesNotContain("ports", replica.Keys);
        }
        var balanced = File.ReadAllText(Path.Combine(Dockerfile.Root, "ops", "traefik", "replicas.yaml"));
        Assert.All(["http://portal-1:3000", "http://portal-2:3000", "sticky:", "path: /health/ready"], part => Assert.Contains(part, balanced, StringComparison.Ordinal));
    }

    [Fact]
    public void The_portal_keeps_its_data_on_a_volume_and_has_time_to_stop()
    {
        var portal = Service("portal");

        Assert.Contains("portal-data:/data", Strings(portal["volumes"]));
        Assert.Contains("portal-data", Map(Compose["volumes"]).Keys);
        // The host waits 30 s for its services; the container must not be killed before that.
        Assert.True(int.Parse(((string)portal["stop_grace_period"]).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) > 30);
    }

    /// <summary>Made by the ingest at its first start, so that logs need no setting: the portal reads it and waits for that.</summary>
    [Fact]
    public void Portal_and_ingest_share_a_key_that_nobody_had_to_make()
    {
        var (portal, ingest) = (Service("portal"), Service("ingest"));

        Assert.Equal(Map(ingest["environment"])["LOG_INGEST_KEY_FILE"], Map(portal["environment"])["LOG_INGEST_KEY_FILE"]);
        Assert.Contains("ingest-key:/run/ingest", Strings(ingest["volumes"]));
        Assert.Contains("ingest-key:/run/ingest:ro", Strings(portal["volumes"]));
        Assert.Equal("service_healthy", Map(Map(portal["depends_on"])["ingest"])["condition"]);
        Assert.Equal("http://portal:3000", Map(ingest["environment"])["PORTAL_URL"]);
        Assert.DoesNotContain("ports", ingest.Keys);
    }

    [Fact]
    public void The_proxy_on_this_machine_is_believed_and_no_other_container_is()
    {
        var subnet = Map(((List<object>)Map(Map(Map(Compose["networks"])["default"])["ipam"])["config"])[0])["subnet"];
        var trusted = Map(Service("portal")["environment"])["TRUSTED_PROXIES"];

        // What Docker gives its bridge, by which everything from outside comes in.
        Assert.Equal(("${PORTAL_SUBNET:-172.30.83.0/24}", "${TRUSTED_PROXIES:-172.30.83.1}"), ((string)subnet, (string)trusted));
    }

    [Fact]
    public void Up_waits_until_the_portal_is_ready_and_what_watches_it_does_not()
    {
        Assert.Equal(["CMD", "/app/AiStackDeployer.Web", "--health", "ready"], Strings(Map(Service("portal")["healthcheck"])["test"]));
        Assert.DoesNotContain("depends_on", Service("prometheus").Keys);
    }

    [Fact]
    public void Nothing_is_published_to_the_network_unless_an_operator_says_so() => Assert.All(
        Services.Values.Select(Map).Where(s => s.ContainsKey("ports")).SelectMany(s => Strings(s["ports"])),
        port => Assert.Matches(@"^\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$", port));

    /// <summary>A closed network has the base images under names of its own.</summary>
    [Fact]
    public void Each_base_image_of_the_dockerfile_can_be_another_and_is_the_dockerfiles_own_unless_told()
    {
        var args = Map(Map(Service("portal")["build"])["args"]);

        Assert.All(
            Dockerfile.Read().TakeWhile(l => l.Instruction == "ARG").Select(l => l.Argument.Split('=')[0]).Where(a => a.EndsWith("_IMAGE", StringComparison.Ordinal)),
            name => Assert.Null(args[name]));
    }

    [Fact]
    public void The_portals_settings_in_it_are_known_to_the_program()
    {
        var known = DotEnvFile.Parse(File.ReadLines(Path.Combine(Dockerfile.Root, ".env.example"))
            .Where(l => l.Length > 1 && l[0] == '#' && l[1] != ' ').Select(l => l[1..])).Keys;

        Assert.All(Map(Service("portal")["environment"]).Keys, key => Assert.Contains(((string)key).Replace("_FILE", "", StringComparison.Ordinal), known));
    }

    [Fact]
    public void Every_file_that_is_mounted_exists()
    {
        var mounted = Services.Values.Select(Map).Where(s => s.ContainsKey("volumes")).SelectMany(s => Strings(s["volumes"]))
            .Where(v => v.StartsWith("./", StringComparison.Ordinal)).Select(v => v.Split(':')[0]).ToList();

        Assert.NotEmpty(mounted);
        // The secrets are the operator's.
        Assert.All(mounted.Where(m => !m.StartsWith("./secrets", StringComparison.Ordinal)), m => Assert.True(Path.Exists(Path.Combine(Dockerfile.Root, m)), m));
    }

    [Fact]
    public void A_service_that_waits_for_a_healthy_one_waits_for_one_that_is_checked()
    {
        foreach (var service in Services.Values.Select(Map).Where(s => s.ContainsKey("depends_on")))
        {
            foreach (var (other, how) in Map(service["depends_on"]).Select(d => (Service((string)d.Key), (string)Map(d.Value)["condition"])))
            {
                Assert.True(how == "service_started" || other.ContainsKey("healthcheck"));
            }
        }
    }

    private static Dictionary<object, object> Service(string name) => Map(Services[name]);

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private static IReadOnlyList<string> Strings(object value) => [.. ((List<object>)value).Cast<string>()];
}
