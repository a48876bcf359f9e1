using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using Serilog.Events;

namespace AiStackDeployer.Web.Settings;

/// <summary>
/// All of the operator's settings, read once at start. Every setting has one name, the same in the environment, in
/// <c>.env</c> and in <c>appsettings.json</c>; <c>.env.example</c> explains each.
/// </summary>
public sealed partial record PortalSettings
{
    internal const int DefaultPort = 3000;

    /// <summary>The value of ALLOWED_HOSTS that lets every name pass.</summary>
    internal const string AnyHost = "any";

    /// <summary>On a developer's machine, over plain http. Whatever is not Development is Production.</summary>
    public required bool IsDevelopment { get; init; }

    public required string Host { get; init; }

    /// <summary>0 = any free port.</summary>
    public required int Port { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The database server; null = a SQLite file in the data folder.</summary>
    public required PostgresOptions? Postgres { get; init; }

    /// <summary>The first encrypts new keys of the ring that portals on one PostgreSQL share, all open keys; none = it is stored as it is.</summary>
    public required IReadOnlyList<X509Certificate2> KeyRingCertificates { get; init; }

    /// <summary>The path below which a proxy shows the portal, such as <c>/portal</c>; empty = none.</summary>
    public required string PathBase { get; init; }

    /// <summary>What does not keep the portal from starting, but is hardly meant: settings that nobody reads.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Null in Development without one: the emulator takes its place.</summary>
    public required DokployOptions? Dokploy { get; init; }

    /// <summary>Null without a token: then the wildcard record is looked at from outside only.</summary>
    public required HetznerOptions? Hetzner { get; init; }

    public required EmulatorSettings Emulator { get; init; }

    public required StackDefaults Stacks { get; init; }

    public required ReservedNames ReservedNames { get; init; }

    public required ProvisioningOptions Provisioning { get; init; }

    /// <summary>Reverse proxies whose word about the caller is trusted, beside this machine's own.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Origins whose pages may call the API from a browser; none by default.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>The portal's own address, as people's browsers know it; in Production there is one. It may have a path, without a slash at its end.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>Names that the portal is reached by, beside that of its own address and this machine's.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>Where people reach an administrator: <c>mailto:</c> or a page; null = nowhere told.</summary>
    public required Uri? SupportContact { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    /// <summary>How long a line of the audit log is kept.</summary>
    public required TimeSpan AuditKept { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    public DataFolder Data => new(DataDirectory);

    public string DatabaseFile => Data.Database;

    public EngineStore EngineStore => Postgres is null ? EngineStore.InFile(Data.Engine) : EngineStore.InPostgres(Postgres.ConnectionString);

    public string KeysDirectory => Data.Keys;

    public string EmulatorFile => Data.Emulator;

    private static readonly Dictionary<string, LogEventLevel> LogLevels = new()
    {
        ["debug"] = LogEventLevel.Debug,
        ["information"] = LogEventLevel.Information,
        ["warning"] = LogEventLevel.Warning,
        ["error"] = LogEventLevel.Error,
        // As other programs spell them.
        ["info"] = LogEventLevel.Information,
        ["warn"] = LogEventLevel.Warning,
        ["err"] = LogEventLevel.Error,
        ["trace"] = LogEventLevel.Debug,
        ["verbose"] = LogEventLevel.Debug,
        ["critical"] = LogEventLevel.Error,
        ["fatal"] = LogEventLevel.Error,
    };

    private static readonly Lazy<IReadOnlySet<string>> AllNames = new(() =>
    {
        var reader = new SettingsReader(new ConfigurationManager());
        Read(reader, development: true);
        return reader.Names;
    });

    /// <summary>Of every setting that is read.</summary>
    internal static IReadOnlySet<string> Names => AllNames.Value;

    /// <exception cref="SettingsException">With all faults, each naming its key.</exception>
    public static PortalSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var (settings, faults) = ReadTolerantly(configuration, environment);
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    /// <summary>
    /// For callers that report faults instead of stopping: a setting with a fault has its default, or something that leads nowhere.
    /// </summary>
    internal static (PortalSettings Settings, IReadOnlyList<string> Faults) ReadTolerantly(IConfiguration configuration, IHostEnvironment environment)
    {
        var reader = new SettingsReader(configuration);
        var settings = Read(reader, environment.IsDevelopment());
        return (configuration is IConfigurationRoot root ? settings with { Warnings = WarningsOf(root) } : settings, reader.Faults);
    }

    private static PortalSettings Read(SettingsReader reader, bool development)
    {
        var dokploy = ReadDokploy(reader, development);
        var emulated = dokploy is null;
        var stacks = ReadStacks(reader, emulated);
        var port = reader.Int("PORT", DefaultPort, 0, 65535);
        var publicUrl = ReadPublicUrl(reader, development);
        var settings = new PortalSettings
        {
            IsDevelopment = development,
            Host = reader.ListenAddress("HOST", development ? "localhost" : "*"),
            Port = port,
            PublicUrl = publicUrl,
            PathBase = reader.PathBase("PATH_BASE", publicUrl?.AbsolutePath.TrimEnd('/') ?? ""),
            DataDirectory = ReadDataDirectory(reader),
            Postgres = ReadPostgres(reader),
            KeyRingCertificates = ReadKeyRingCertificates(reader),
            Dokploy = dokploy,
            Hetzner = ReadHetzner(reader),
            Emulator = new EmulatorSettings(
                reader.Int("EMULATOR_API_PORT", 3100, 0, 65535),
                reader.Int("EMULATOR_STACKS_PORT", 3101, 0, 65535),
                reader.Number("EMULATOR_PACE", 1, 0, 1000)),
            Stacks = stacks,
            ReservedNames = reader.Text("RESERVED_NAMES") is { } reserved ? ReservedNames.Parse(reserved) : ReservedNames.Default,
            Provisioning = ReadProvisioning(reader, stacks, publicUrl),
            LifePolicy = ReadLifePolicy(reader),
            LogIngestKey = ReadLogIngestKey(reader),
            Gitea = ReadGitea(reader),
            Mail = ReadMail(reader, development),
            TrustedProxies = reader.Networks("TRUSTED_PROXIES"),
            CorsOrigins = ReadOrigins(reader),
            AllowedHosts = ReadHosts(reader),
            SignIn = ReadSignIn(reader, development),
            SupportContact = reader.Contact("SUPPORT_CONTACT"),
            Quota = ReadQuota(reader),
            LimitFactor = ReadLimitFactor(reader),
            AuditKept = TimeSpan.FromDays(reader.Int("AUDIT_DAYS", 365, 30, 36_500)),
            LogLevel = reader.OneOf("LOG_LEVEL", LogEventLevel.Information, LogLevels),
            Telemetry = TelemetrySettings.Read(reader, port),
        };
        return settings with { ReservedNames = settings.ReservedNames.WithHosts(HostsOf(settings, reader), stacks.DomainSuffix) };
    }

    private static IReadOnlyList<string> WarningsOf(IConfigurationRoot configuration) =>
        [.. configuration.Providers.OfType<SpelledVariables>().SelectMany(spelled => spelled.Warnings), .. UnreadSettings.Of(configuration, Names)];

    internal static string ReadDataDirectory(SettingsReader reader) => Path.GetFullPath(reader.Text("DATA_DIR", "data"));

    /// <summary>Where, never with what: among the members are a key and passwords.</summary>
    public override string ToString() => $"PortalSettings {{ {Host}:{Port}, {Dokploy}, data in {Postgres?.ToString() ?? DataDirectory} }}";

    /// <summary>Every host that a setting names: a stack must not take the place of one.</summary>
    private static IEnumerable<string> HostsOf(PortalSettings settings, SettingsReader reader) =>
    [
        .. reader.Hosts, .. settings.AllowedHosts, HostIn(settings.Stacks.Image), HostIn(settings.Provisioning.Registry?.Url ?? ""), settings.SupportContact?.Host ?? "", settings.Mail?.Host ?? "",
        settings.Postgres?.Host ?? "", .. settings.CorsOrigins.Select(HostIn),
    ];

    /// <summary>Of an address, an image or a registry; an image without a registry gives a word that is no host.</summary>
    private static string HostIn(string text) => text[(text.IndexOf("//", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 2 : 0)..].Split('/', ':')[0];

    private static DokployOptions? ReadDokploy(SettingsReader reader, bool development)
    {
        var url = reader.Address("DOKPLOY_URL");
        var token = reader.Text("DOKPLOY_API_TOKEN");
        if (development && reader.Text("DOKPLOY_URL") is null && token is null)
        {
            return null;
        }
        if (reader.Text("DOKPLOY_URL") is null)
        {
            reader.Fault("DOKPLOY_URL", "is not set: the address of your Dokploy, e.g. https://dokploy.example.org.");
        }
        if (token is null)
        {
            reader.Fault("DOKPLOY_API_TOKEN", "is not set: make one in Dokploy under Settings, Profile, API/CLI Keys.");
        }
        CheckToken(reader, "DOKPLOY_API_TOKEN", token);
        return new DokployOptions { Url = url ?? new Uri("http://unset.invalid"), ApiToken = token ?? "" };
    }

    private static HetznerOptions? ReadHetzner(SettingsReader reader)
    {
        var token = reader.Text("HETZNER_API_TOKEN");
        var zone = reader.ZoneIdOrName("HETZNER_ZONE_ID");
        var url = reader.Address("HETZNER_API_URL");
        CheckToken(reader, "HETZNER_API_TOKEN", token);
        if (token is null && zone is not null)
        {
            reader.Fault("HETZNER_API_TOKEN", "is not set, but HETZNER_ZONE_ID is.");
        }
        return token is null ? null : new HetznerOptions { ApiToken = token, ZoneIdOrName = zone, Url = url ?? HetznerOptions.Cloud };
    }

    private static void CheckToken(SettingsReader reader, string key, string? token)
    {
        if (token is not null && token.Any(c => c is <= ' ' or > '~'))
        {
            reader.Fault(key, "holds a character that no key has (a space, a quote mark of a word processor?).");
        }
    }

    private static Uri? ReadPublicUrl(SettingsReader reader, bool development)
    {
        const string key = "PUBLIC_URL";
        if (reader.Text(key) is null && !development)
        {
            reader.Fault(key, "is not set: the address that people open the portal at, e.g. https://portal.example.org.");
        }
        if (reader.Address(key) is not { } address)
        {
            return null;
        }
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            || (address.AbsolutePath != "/" && !SettingsReader.UrlPath().IsMatch(address.AbsolutePath)))
        {
            reader.Fault(key, "must be an address such as https://portal.example.org or https://example.org/portal, and nothing behind that.");
        }
        // Its cookies are kept over https alone; browsers treat this machine's own names as they treat https.
        if (address.Scheme == Uri.UriSchemeHttp && !development && !Gate.IsThisMachine(address.Host))
        {
            reader.Fault(key, "must begin with https:// in Production.");
        }
        return address;
    }

    private static string[] ReadHosts(SettingsReader reader)
    {
        var hosts = reader.List("ALLOWED_HOSTS");
        if (hosts.Any(host => Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4)))
        {
            reader.Fault("ALLOWED_HOSTS", "must be host names such as portal.example.org, separated by commas, without scheme or port.");
        }
        return hosts;
    }

    private static string[] ReadOrigins(SettingsReader reader)
    {
        var origins = reader.List("CORS_ORIGINS");
        if (!origins.All(IsOrigin))
        {
            reader.Fault("CORS_ORIGINS", "must be origins such as https://intranet.example.org, separated by commas, without paths.");
        }
        return origins;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}

/// <param name="Pace">1 = as slow as a real Dokploy was recorded, 0 = at once.</param>
public sealed record EmulatorSettings(int ApiPort, int StacksPort, double Pace);

/// <summary>The portal cannot start with these settings.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"The portal cannot start, {faults.Count} setting(s) are wrong:\n{string.Join('\n', faults.Select(f => "  - " + f))}\nEach is explained in docs/reference-settings.md."))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
