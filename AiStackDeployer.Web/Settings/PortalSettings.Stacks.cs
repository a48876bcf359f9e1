using System.Globalization;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Settings;

/// <summary>What new stacks are made of and how they are deployed.</summary>
public sealed partial record PortalSettings
{
    /// <summary>What happens to stacks that nobody uses.</summary>
    public required LifePolicy LifePolicy { get; init; }

    private static StackDefaults ReadStacks(SettingsReader reader, bool emulated) => new()
    {
        DomainSuffix = reader.Host("STACK_DOMAIN_SUFFIX", emulated ? "ai.localhost" : "ai.flexinit.nl"),
        Image = reader.Image(
            "STACK_IMAGE",
            emulated ? "emulated/opencode-stack:1.18.33" : null,
            "the container image of a stack, with a tag, e.g. registry.example.org/ai-stack:1.18."),
        Port = reader.Int("STACK_PORT", 8080, 1, 65535),
        Scheme = reader.OneOf("STACK_SCHEME", emulated ? "http" : "https", new Dictionary<string, string> { ["https"] = "https", ["http"] = "http" }),
        PublicPort = reader.OptionalInt("STACK_PUBLIC_PORT", 1, 65535),
        TerminalPath = reader.ContainerPath("STACK_TERMINAL_PATH", "/terminal/"),
        UndoWindow = TimeSpan.FromHours(reader.Int("DELETE_UNDO_HOURS", 24, 1, 720)),
    };

    private static LifePolicy ReadLifePolicy(SettingsReader reader) => new(
        reader.OptionalInt("IDLE_STOP_HOURS", 1, 8760) is { } hours ? TimeSpan.FromHours(hours) : null,
        reader.OptionalInt("UNUSED_DELETE_DAYS", 1, 3650) is { } days ? TimeSpan.FromDays(days) : null);

    private static ProvisioningOptions ReadProvisioning(SettingsReader reader, StackDefaults stacks, Uri? publicUrl)
    {
        var defaults = new ProvisioningOptions();
        var memoryLimit = reader.Bytes("STACK_MEMORY_LIMIT", defaults.MemoryLimit);
        var memoryReservation = reader.Bytes("STACK_MEMORY_RESERVATION", defaults.MemoryReservation);
        if (memoryReservation > memoryLimit)
        {
            // The swarm would refuse each task, after everything else was made.
            reader.Fault("STACK_MEMORY_RESERVATION", "must not be more than STACK_MEMORY_LIMIT.");
        }
        return defaults with
        {
            Parallel = reader.Int("MAX_PARALLEL_DEPLOYMENTS", defaults.Parallel, 1, 64),
            WorkspacePath = reader.ContainerPath("STACK_WORKSPACE_PATH", defaults.WorkspacePath),
            StatePath = reader.ContainerPath("STACK_STATE_PATH", defaults.StatePath),
            MemoryLimit = memoryLimit,
            MemoryReservation = memoryReservation,
            CpuLimit = (decimal?)reader.OptionalNumber("STACK_CPU_LIMIT", 0.01, 256),
            CertificateType = reader.OneOf("STACK_CERTIFICATE", defaults.CertificateType, new Dictionary<string, DokployCertificateType>
            {
                ["none"] = DokployCertificateType.None, ["letsencrypt"] = DokployCertificateType.LetsEncrypt,
            }),
            Registry = ReadRegistry(reader),
            Environment = ReadEnvironment(reader),
            PortalUrl = publicUrl,
            LogIngestUrl = reader.Address("LOG_INGEST_URL"),
            Health = defaults.Health with
            {
                Interval = reader.Seconds("HEALTH_INTERVAL", defaults.Health.Interval, 30, 86_400),
                PerSecond = reader.Int("HEALTH_RATE", defaults.Health.PerSecond, 1, 1000),
            },
            DeployTimeout = reader.Seconds("DEPLOY_TIMEOUT", defaults.DeployTimeout, 10, 86_400),
            OutageTimeout = reader.Seconds("OUTAGE_TIMEOUT", defaults.OutageTimeout, 10, 86_400),
            Readiness = defaults.Readiness with
            {
                Path = reader.ContainerPath("STACK_HEALTH_PATH", defaults.Readiness.Path),
                ExpectedTrueMember = reader.IsOff("STACK_HEALTH_MEMBER") ? null : reader.Text("STACK_HEALTH_MEMBER", defaults.Readiness.ExpectedTrueMember!),
                Timeout = reader.Seconds("READY_TIMEOUT", defaults.Readiness.Timeout, 5, 86_400),
                ConnectAddress = ReadConnectAddress(reader),
                TerminalRequired = stacks.TerminalPath is not null && reader.Flag("STACK_TERMINAL_REQUIRED", false),
            },
        };
    }

    private static string? ReadConnectAddress(SettingsReader reader)
    {
        var text = reader.Text("TRAEFIK_IP");
        if (text is not null && !IsConnectAddress(text))
        {
            reader.Fault("TRAEFIK_IP", "must be an address such as 10.0.0.5 or 10.0.0.5:443.");
        }
        return text;
    }

    private static bool IsConnectAddress(string text)
    {
        if (System.Net.IPEndPoint.TryParse(text, out _))
        {
            return true;
        }
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return Uri.CheckHostName(host) == UriHostNameType.Dns
            && (colon < 0 || (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0));
    }

    private static RegistryLogin? ReadRegistry(SettingsReader reader)
    {
        string[] keys = ["STACK_REGISTRY_URL", "STACK_REGISTRY_USERNAME", "STACK_REGISTRY_PASSWORD"];
        var values = keys.Select(reader.Text).ToList();
        if (values.All(v => v is null))
        {
            return null;
        }
        foreach (var missing in keys.Where((_, i) => values[i] is null))
        {
            reader.Fault(missing, "is not set, but the other two of the registry's login are.");
        }
        return new RegistryLogin(values[0] ?? "", values[1] ?? "", values[2] ?? "");
    }

    private static IReadOnlyDictionary<string, string> ReadEnvironment(SettingsReader reader)
    {
        var environment = reader.Section("STACK_ENV");
        foreach (var name in environment.Keys.Where(StackEnvironment.Names.Contains))
        {
            reader.Fault($"STACK_ENV__{name}", "is set by the portal itself for every stack.");
        }
        foreach (var (name, value) in environment)
        {
            try
            {
                DotEnv.Format([new(name, value)]);
            }
            catch (DotEnvException e)
            {
                reader.Fault($"STACK_ENV__{name}", $"cannot be given to a stack: {e.Message}");
            }
        }
        return environment;
    }
}
