using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Web.Composition;
using AiStackDeployer.Web.Settings;
using Serilog.Events;

namespace AiStackDeployer.Tests.Settings;

public sealed class PortalSettingsTests
{
    [Fact]
    public void Development_with_nothing_set_listens_on_this_machine_and_emulates_dokploy()
    {
        var settings = SettingsBench.Development();

        Assert.Equal(("localhost", 3000), (settings.Host, settings.Port));
        Assert.Null(settings.Dokploy);
        Assert.Equal(("ai.localhost", "http", 8080), (settings.Stacks.DomainSuffix, settings.Stacks.Scheme, settings.Stacks.Port));
        Assert.Equal(Path.GetFullPath("data"), settings.DataDirectory);
        Assert.Equal(new EmulatorSettings(3100, 3101, 1), settings.Emulator);
        Assert.Empty(settings.CorsOrigins);
        Assert.Equal(LogEventLevel.Information, settings.LogLevel);
        Assert.Equal("http://localhost:3000", Listening.AddressOf(settings.Host, settings.Port));
    }

    [Fact]
    public void Production_listens_everywhere_and_its_stacks_are_https()
    {
        var settings = SettingsBench.Production();

        Assert.Equal(("*", 3000), (settings.Host, settings.Port));
        Assert.Equal(new Uri("https://dokploy.test"), settings.Dokploy!.Url);
        Assert.Equal(SettingsBench.Token, settings.Dokploy.ApiToken);
        Assert.Equal(("ai.flexinit.nl", "https"), (settings.Stacks.DomainSuffix, settings.Stacks.Scheme));
        Assert.Equal("https://jan.ai.flexinit.nl", settings.Stacks.UrlOf("jan"));
        Assert.Equal(DokployCertificateType.None, settings.Provisioning.CertificateType);
        Assert.Null(settings.Provisioning.Readiness.ConnectAddress);
    }

    [Fact]
    public void Development_with_a_dokploy_uses_it()
    {
        var settings = SettingsBench.Development(
            ("DOKPLOY_URL", "http://10.0.0.5:3000/"), ("DOKPLOY_API_TOKEN", "abc"), ("STACK_IMAGE", "registry.test/stack:1"));

        Assert.Equal("abc", settings.Dokploy!.ApiToken);
        Assert.Equal("https", settings.Stacks.Scheme);
    }

    [Fact]
    public void Proxies_are_named_by_address_or_network()
    {
        var settings = SettingsBench.Production(("TRUSTED_PROXIES", "10.0.0.5, 172.16.0.0/12,fd00::1"));

        Assert.Equal(["10.0.0.5/32", "172.16.0.0/12", "fd00::1/128"], settings.TrustedProxies.Select(n => n.ToString()));
        Assert.Empty(SettingsBench.Production().TrustedProxies);
    }

    [Theory]
    [InlineData("traefik")]
    [InlineData("10.0.0.5/33")]
    [InlineData("10.0.0.5;10.0.0.6")]
    public void A_proxy_that_is_neither_is_a_fault_of_its_key(string value) => Assert.StartsWith(
        "TRUSTED_PROXIES must be",
        Assert.Single(Assert.Throws<SettingsException>(() => SettingsBench.Production(("TRUSTED_PROXIES", value))).Faults),
        StringComparison.Ordinal);

    [Fact]
    public void Every_setting_arrives()
    {
        var settings = SettingsBench.Production(
            ("HOST", "127.0.0.1"), ("PORT", "8081"), ("PATH_BASE", "/portal"), ("DATA_DIR", "/tmp/portal-data"), ("LOG_LEVEL", "Debug"),
            ("RESERVED_NAMES", "one, Two"), ("CORS_ORIGINS", "https://a.example.org, http://b.example.org:81"),
            ("MAX_PARALLEL_DEPLOYMENTS", "7"), ("STACK_DOMAIN_SUFFIX", ".AI.Example.org."), ("STACK_IMAGE", "img:2"), ("STACK_PORT", "4096"),
            ("STACK_SCHEME", "http"), ("STACK_PUBLIC_PORT", "8443"), ("STACK_TERMINAL_PATH", "/shell/"), ("STACK_TERMINAL_REQUIRED", "yes"),
            ("STACK_CERTIFICATE", "letsencrypt"), ("STACK_WORKSPACE_PATH", "/work"), ("STACK_STATE_PATH", "none"), ("STACK_MEMORY_LIMIT", "3g"),
            ("STACK_MEMORY_RESERVATION", "512m"), ("STACK_CPU_LIMIT", "1.5"), ("STACK_REGISTRY_URL", "registry.test"),
            ("STACK_REGISTRY_USERNAME", "puller"), ("STACK_REGISTRY_PASSWORD", "pull-secret"), ("STACK_ENV__API_KEY", "env-secret"),
            ("STACK_ENV__NPM__TOKEN", "two levels"), ("LOG_INGEST_URL", "https://logs.test/in"), ("LOG_INGEST_KEY", "key-of-the-ingest-0123456789abcdef"), ("STACK_HEALTH_PATH", "/up"),
            ("STACK_HEALTH_MEMBER", "ok"), ("READY_TIMEOUT", "60"), ("DEPLOY_TIMEOUT", "600"), ("OUTAGE_TIMEOUT", "700"), ("TRAEFIK_IP", "10.0.0.9:8443"),
            ("EMULATOR_API_PORT", "0"), ("EMULATOR_STACKS_PORT", "1"), ("EMULATOR_PACE", "0.5"),
            ("HETZNER_API_TOKEN", "dns-secret"), ("HETZNER_ZONE_ID", "Example.org."), ("HETZNER_API_URL", "https://proxy.test/hetzner/v1"));

        Assert.Equal(("127.0.0.1", 8081, "/tmp/portal-data"), (settings.Host, settings.Port, settings.DataDirectory));
        Assert.Equal((LogEventLevel.Debug, "/portal"), (settings.LogLevel, settings.PathBase));
        Assert.True(settings.ReservedNames.Contains("two"));
        Assert.False(settings.ReservedNames.Contains("admin"));
        Assert.Equal(["https://a.example.org", "http://b.example.org:81"], settings.CorsOrigins);
        Assert.Equal(("ai.example.org", "img:2", 4096), (settings.Stacks.DomainSuffix, settings.Stacks.Image, settings.Stacks.Port));
        Assert.Equal("http://jan.ai.example.org:8443", settings.Stacks.UrlOf("jan"));
        Assert.Equal("/shell/", settings.Stacks.TerminalPath);
        var provisioning = settings.Provisioning;
        Assert.Equal(7, provisioning.Parallel);
        Assert.Equal(DokployCertificateType.LetsEncrypt, provisioning.CertificateType);
        Assert.Equal(("/work", null), (provisioning.WorkspacePath, provisioning.StatePath));
        Assert.Equal((3L << 30, 512L << 20, 1.5m), (provisioning.MemoryLimit, provisioning.MemoryReservation, provisioning.CpuLimit));
        Assert.Equal(("registry.test", "puller", "pull-secret"), (provisioning.Registry!.Url, provisioning.Registry.UserName, provisioning.Registry.Password));
        Assert.Equal("env-secret", provisioning.Environment["API_KEY"]);
        Assert.Equal("two levels", provisioning.Environment["NPM__TOKEN"]);
        Assert.Equal(2, provisioning.Environment.Count);
        Assert.Equal((new Uri("https://logs.test/in"), settings.PublicUrl), (provisioning.LogIngestUrl, provisioning.PortalUrl));
        Assert.Equal("key-of-the-ingest-0123456789abcdef", settings.LogIngestKey);
        Assert.Equal(("/up", "ok", true), (provisioning.Readiness.Path, provisioning.Readiness.ExpectedTrueMember, provisioning.Readiness.TerminalRequired));
        Assert.Equal(
            (60, 600, 700),
            (provisioning.Readiness.Timeout.TotalSeconds, provisioning.DeployTimeout.TotalSeconds, provisioning.OutageTimeout.TotalSeconds));
        Assert.Equal("10.0.0.9:8443", provisioning.Readiness.ConnectAddress);
        Assert.Equal(new EmulatorSettings(0, 1, 0.5), settings.Emulator);
        Assert.Equal(
            new HetznerOptions { ApiToken = "dns-secret", ZoneIdOrName = "example.org", Url = new Uri("https://proxy.test/hetzner/v1") }, settings.Hetzner);
    }

    [Theory]
    [InlineData("https://portal.example.org", null, "")]
    [InlineData("https://example.org/tools/portal/", null, "/tools/portal")]
    [InlineData("https://example.org/portal", "/other", "/other")]
    [InlineData("https://example.org/portal", "/", "")]
    public void The_path_of_the_portals_address_is_where_it_is_shown_unless_another_is_set(string address, string? set, string pathBase)
    {
        var settings = SettingsBench.Production(("PUBLIC_URL", address), ("PATH_BASE", set), ("RESERVED_NAMES", ","), ("STACK_DOMAIN_SUFFIX", "example.org"));

        Assert.Equal((new Uri(address), pathBase), (settings.PublicUrl, settings.PathBase));
        Assert.Equal(address.Contains("portal.example", StringComparison.Ordinal), settings.ReservedNames.Contains("portal"));
    }

    [Theory]
    [InlineData("Production", "http://localhost:3000")]
    [InlineData("Production", "http://portal.localhost")]
    [InlineData("Production", "http://127.0.0.1:3000")]
    [InlineData("Development", "http://portal.example.org:3000")]
    public void Plain_http_is_for_this_machine_and_for_developers(string environment, string address) =>
        Assert.Equal(new Uri(address), SettingsBench.Read(
            environment, ("DOKPLOY_URL", "https://dokploy.test"), ("DOKPLOY_API_TOKEN", "key"), ("STACK_IMAGE", "img:1"), ("AUTH", "none"), ("PUBLIC_URL", address)).PublicUrl);

    [Theory]
    [InlineData("helpdesk@example.org", "mailto:helpdesk@example.org")]
    [InlineData("https://help.example.org/new", "https://help.example.org/new")]
    public void An_administrator_is_reached_by_mail_or_on_a_page(string value, string address) =>
        Assert.Equal(new Uri(address), SettingsBench.Production(("SUPPORT_CONTACT", value)).SupportContact);

    [Fact]
    public void What_can_be_switched_off_is_off_with_none_or_nothing()
    {
        foreach (var off in new[] { "none", "" })
        {
            var settings = SettingsBench.Production(
                ("STACK_WORKSPACE_PATH", off), ("STACK_STATE_PATH", off), ("STACK_MEMORY_LIMIT", off), ("STACK_MEMORY_RESERVATION", off),
                ("STACK_CPU_LIMIT", off), ("STACK_TERMINAL_PATH", off), ("STACK_HEALTH_MEMBER", off), ("STACK_TERMINAL_REQUIRED", "true"));

            Assert.Null(settings.Provisioning.WorkspacePath);
            Assert.Null(settings.Provisioning.StatePath);
            Assert.Null(settings.Provisioning.MemoryLimit);
            Assert.Null(settings.Provisioning.MemoryReservation);
            Assert.Null(settings.Provisioning.CpuLimit);
            Assert.Null(settings.Stacks.TerminalPath);
            Assert.Null(settings.Provisioning.Readiness.ExpectedTrueMember);
            Assert.False(settings.Provisioning.Readiness.TerminalRequired);
        }
    }

    [Fact]
    public void Production_with_nothing_set_names_all_that_it_needs_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => SettingsBench.Read("Production"));

        Assert.Equal(["DOKPLOY_URL", "DOKPLOY_API_TOKEN", "STACK_IMAGE", "PUBLIC_URL", "OIDC_AUTHORITY"], error.Faults.Select(f => f.Split(' ')[0]));
        Assert.All(error.Faults, fault => Assert.Contains(fault, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DOKPLOY_URL", "DOKPLOY_API_TOKEN")]
    [InlineData("DOKPLOY_API_TOKEN", "DOKPLOY_URL")]
    public void In_development_one_half_of_dokploy_is_a_slip_and_not_the_emulator(string set, string missing)
    {
        var error = Assert.Throws<SettingsException>(() => SettingsBench.Development((set, "https://dokploy.test"), ("STACK_IMAGE", "img:1")));

        Assert.StartsWith(missing + " ", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOKPLOY_URL", "dokploy.test")]
    [InlineData("DOKPLOY_URL", "ftp://dokploy.test")]
    [InlineData("DOKPLOY_API_TOKEN", "two words")]
    [InlineData("DOKPLOY_API_TOKEN", "“quoted”")]
    [InlineData("HOST", "http://localhost")]
    [InlineData("HOST", "localhost:3000")]
    [InlineData("HOST", "portal.internal")]
    [InlineData("HOST", "[::1]:3000")]
    [InlineData("PORT", "65536")]
    [InlineData("PORT", "-1")]
    [InlineData("PORT", "3000 and more")]
    [InlineData("LOG_LEVEL", "loud")]
    [InlineData("PATH_BASE", "tools")]
    [InlineData("PATH_BASE", "//evil.example.org")]
    [InlineData("PATH_BASE", "/a b")]
    [InlineData("CORS_ORIGINS", "https://a.example.org/path")]
    [InlineData("CORS_ORIGINS", "*")]
    [InlineData("CORS_ORIGINS", "file:///tmp")]
    [InlineData("PUBLIC_URL", "portal.example.org")]
    [InlineData("PUBLIC_URL", "ftp://portal.example.org")]
    [InlineData("PUBLIC_URL", "http://portal.example.org")]
    [InlineData("PUBLIC_URL", "https://ann@portal.example.org")]
    [InlineData("PUBLIC_URL", "https://portal.example.org/?from=mail")]
    [InlineData("PUBLIC_URL", "https://portal.example.org/#top")]
    [InlineData("PUBLIC_URL", "https://portal.example.org/a b")]
    [InlineData("TRUSTED_PROXIES", "0.0.0.0/0")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.5,128.0.0.0/1")]
    [InlineData("TRUSTED_PROXIES", "::/0")]
    [InlineData("TRUSTED_PROXIES", "::/64")]
    [InlineData("TRUSTED_PROXIES", "::ffff:0:0/96")]
    [InlineData("ALLOWED_HOSTS", "https://portal.example.org")]
    [InlineData("ALLOWED_HOSTS", "portal.example.org:8443")]
    [InlineData("ALLOWED_HOSTS", "*.example.org")]
    [InlineData("ALLOWED_HOSTS", "*")]
    [InlineData("MAX_PARALLEL_DEPLOYMENTS", "0")]
    [InlineData("STACK_DOMAIN_SUFFIX", "https://ai.example.org")]
    [InlineData("STACK_DOMAIN_SUFFIX", "*.example.org")]
    [InlineData("STACK_IMAGE", "image with spaces")]
    [InlineData("STACK_IMAGE", "https://registry.test/image:1")]
    [InlineData("STACK_IMAGE", "image")]
    [InlineData("STACK_IMAGE", "registry.test:5000/image")]
    [InlineData("STACK_IMAGE", "registry.test/image:")]
    [InlineData("STACK_IMAGE", "image@sha256:123")]
    [InlineData("STACK_PORT", "0")]
    [InlineData("STACK_SCHEME", "ftp")]
    [InlineData("STACK_PUBLIC_PORT", "0")]
    [InlineData("STACK_CERTIFICATE", "custom")]
    [InlineData("STACK_WORKSPACE_PATH", "relative")]
    [InlineData("STACK_STATE_PATH", "/a/../b")]
    [InlineData("STACK_MEMORY_LIMIT", "much")]
    [InlineData("STACK_MEMORY_LIMIT", "0")]
    [InlineData("STACK_MEMORY_LIMIT", "99999999999999g")]
    [InlineData("STACK_MEMORY_RESERVATION", "3g")]
    [InlineData("STACK_CPU_LIMIT", "1,5")]
    [InlineData("STACK_CPU_LIMIT", "0")]
    [InlineData("STACK_TERMINAL_PATH", "terminal")]
    [InlineData("STACK_TERMINAL_REQUIRED", "perhaps")]
    [InlineData("STACK_HEALTH_PATH", "health")]
    [InlineData("READY_TIMEOUT", "4")]
    [InlineData("DEPLOY_TIMEOUT", "ten")]
    [InlineData("LOG_INGEST_URL", "logs.test")]
    [InlineData("TRAEFIK_IP", "10.0.0.5:web")]
    [InlineData("TRAEFIK_IP", "10.0.0.5:0x50")]
    [InlineData("TRAEFIK_IP", "http://10.0.0.5")]
    [InlineData("SUPPORT_CONTACT", "the help desk")]
    [InlineData("SUPPORT_CONTACT", "http://help.example.org")]
    [InlineData("HETZNER_API_TOKEN", "two words")]
    [InlineData("HETZNER_API_URL", "api.hetzner.cloud/v1")]
    [InlineData("EMULATOR_API_PORT", "65536")]
    [InlineData("EMULATOR_STACKS_PORT", "x")]
    [InlineData("EMULATOR_PACE", "-1")]
    [InlineData("STACK_ENV__OPENCODE_SERVER_PASSWORD", "mine")]
    [InlineData("STACK_ENV__LOG_INGEST_TOKEN", "of my own")]
    [InlineData("LOG_INGEST_KEY", "one-of-thirty-one-characters-xx")]
    [InlineData("STACK_ENV__HAS SPACE", "x")]
    [InlineData("STACK_ENV__REFERENCE", "${{project.SECRET}}")]
    public void A_value_that_cannot_be_is_a_fault_that_names_its_key_and_not_the_value(string key, string value)
    {
        var fault = Assert.Single(SettingsBench.Faults((key, value)));

        Assert.StartsWith(key + " ", fault, StringComparison.Ordinal);
        if (value.Length > 4)
        {
            Assert.DoesNotContain(value, fault.Replace("${{", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("INFO", LogEventLevel.Information)]
    [InlineData("Warn", LogEventLevel.Warning)]
    [InlineData("trace", LogEventLevel.Debug)]
    [InlineData("fatal", LogEventLevel.Error)]
    public void A_level_may_be_spelled_as_other_programs_spell_it(string level, LogEventLevel read) =>
        Assert.Equal(read, SettingsBench.Production(("LOG_LEVEL", level)).LogLevel);

    [Theory]
    [InlineData("/portal", "/portal")]
    [InlineData("/a/b/", "/a/b")]
    [InlineData("/", "")]
    [InlineData("", "")]
    public void A_path_below_the_host_ends_without_a_slash(string setting, string read) =>
        Assert.Equal(read, SettingsBench.Production(("PATH_BASE", setting)).PathBase);

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.5:443")]
    [InlineData("[fd00::5]:443")]
    [InlineData("fd00::5")]
    [InlineData("traefik.internal:443")]
    public void An_address_to_connect_to_may_have_a_port(string address) =>
        Assert.Equal(address, SettingsBench.Production(("TRAEFIK_IP", address)).Provisioning.Readiness.ConnectAddress);

    [Theory]
    [InlineData("*", "http://*:3000")]
    [InlineData("+", "http://+:3000")]
    [InlineData("::", "http://[::]:3000")]
    [InlineData("[::1]", "http://[::1]:3000")]
    [InlineData("10.1.2.3", "http://10.1.2.3:3000")]
    [InlineData("localhost", "http://localhost:3000")]
    public void Each_way_to_name_an_address_of_this_machine_can_be_listened_at(string host, string address) =>
        Assert.Equal(address, AddressOf(SettingsBench.Production(("HOST", host))));

    [Fact]
    public void Localhost_on_any_free_port_is_one_address() =>
        Assert.Equal("http://127.0.0.1:0", AddressOf(SettingsBench.Development(("PORT", "0"))));

    [Fact]
    public void Without_a_token_there_is_no_Hetzner()
    {
        Assert.Null(SettingsBench.Production().Hetzner);
        Assert.Null(SettingsBench.Production(("HETZNER_API_TOKEN", " "), ("HETZNER_API_URL", "https://proxy.test/v1")).Hetzner);
    }

    [Fact]
    public void A_token_alone_asks_Hetzners_own_address_and_finds_the_zone_by_the_suffix() => Assert.Equal(
        new HetznerOptions { ApiToken = "dns-secret", ZoneIdOrName = null, Url = new Uri("https://api.hetzner.cloud/v1") },
        SettingsBench.Production(("HETZNER_API_TOKEN", "dns-secret")).Hetzner);

    [Fact]
    public void A_zone_may_be_a_number() =>
        Assert.Equal("4711", SettingsBench.Production(("HETZNER_API_TOKEN", "dns-secret"), ("HETZNER_ZONE_ID", "4711")).Hetzner!.ZoneIdOrName);

    [Theory]
    [InlineData("https://example.org")]
    [InlineData("*.example.org")]
    [InlineData("example.org/42")]
    public void A_zone_that_is_neither_number_nor_name_is_a_fault(string zone)
    {
        var fault = Assert.Single(SettingsBench.Faults(("HETZNER_API_TOKEN", "dns-secret"), ("HETZNER_ZONE_ID", zone)));

        Assert.StartsWith("HETZNER_ZONE_ID ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(zone, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zone_without_a_token_names_the_token() =>
        Assert.Equal("HETZNER_API_TOKEN is not set, but HETZNER_ZONE_ID is.", Assert.Single(SettingsBench.Faults(("HETZNER_ZONE_ID", "42"))));

    [Fact]
    public void Two_thirds_of_a_registry_login_name_the_missing_one()
    {
        var faults = SettingsBench.Faults(("STACK_REGISTRY_URL", "registry.test"), ("STACK_REGISTRY_PASSWORD", "pull-secret"));

        Assert.StartsWith("STACK_REGISTRY_USERNAME ", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_faults_come_at_once_and_no_secret_with_them()
    {
        var error = Assert.Throws<SettingsException>(() => SettingsBench.Read(
            "Production",
            ("DOKPLOY_URL", "https://user:url-secret@"), ("DOKPLOY_API_TOKEN", "token secret"), ("PORT", "x"), ("STACK_REGISTRY_PASSWORD", "pull-secret"),
            ("STACK_ENV__KEY", "env-secret\0"), ("LOG_INGEST_URL", "log-secret"), ("ALLOWED_HOSTS", "https://secret"), ("PUBLIC_URL", "http://secret")));

        Assert.Equal(11, error.Faults.Count);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_written_to_a_log_by_mistake_tell_no_secret()
    {
        var settings = SettingsBench.Production(
            ("STACK_REGISTRY_URL", "registry.test"), ("STACK_REGISTRY_USERNAME", "puller"), ("STACK_REGISTRY_PASSWORD", "pull-secret"),
            ("STACK_ENV__KEY", "env-secret"), ("LOG_INGEST_URL", "https://x:log-secret@logs.test"), ("HETZNER_API_TOKEN", "dns-secret"),
            ("LOG_INGEST_KEY", "the-secret-of-the-ingest-and-the-portal"), ("HETZNER_API_URL", "https://x:url-secret@proxy.test/v1"));

        foreach (var text in new[]
        {
            settings.ToString(), settings.Dokploy!.ToString(), settings.Hetzner!.ToString(), settings.Provisioning.Registry!.ToString(),
        })
        {
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain(SettingsBench.Token, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_lone_comma_reserves_no_name() =>
        Assert.False(SettingsBench.Production(("RESERVED_NAMES", ",")).ReservedNames.Contains("admin"));

    [Fact]
    public void A_blank_list_of_reserved_names_leaves_the_default() =>
        Assert.True(SettingsBench.Production(("RESERVED_NAMES", " ")).ReservedNames.Contains("admin"));

    [Theory]
    [InlineData("ALLOWED_HOSTS", "stacks.ai.corp.test,localhost", "stacks")]
    [InlineData("DOKPLOY_URL", "https://dokploy.ai.corp.test:8443/api", "dokploy")]
    [InlineData("LOG_INGEST_URL", "https://in.logs.ai.corp.test/push", "logs")]
    [InlineData("CORS_ORIGINS", "https://intranet.ai.corp.test:81", "intranet")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel.ai.corp.test:4317", "otel")]
    [InlineData("STACK_IMAGE", "registry.ai.corp.test:5000/team/stack:1", "registry")]
    public void A_host_that_a_setting_names_below_the_suffix_is_a_reserved_name(string key, string value, string name)
    {
        var reserved = SettingsBench.Production(("STACK_DOMAIN_SUFFIX", "ai.corp.test"), ("RESERVED_NAMES", ","), (key, value)).ReservedNames;

        Assert.True(reserved.Contains(name));
    }

    private static string AddressOf(PortalSettings settings) => Listening.AddressOf(settings.Host, settings.Port);
}
