using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>How stacks are made and how patient the portal is. Read from the settings once at start.</summary>
public sealed record ProvisioningOptions
{
    private const int ShortestSecret = 8;

    /// <summary>Deployments at the same time; the others wait in order.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Where the workspace is mounted in the container; null = no volume.</summary>
    public string? WorkspacePath { get; init; } = "/workspace";

    /// <summary>Where the agent keeps its own state (sessions, sign-ins); null = no volume.</summary>
    public string? StatePath { get; init; } = "/home/opencode/.local/share/opencode";

    /// <summary>Environment that every stack gets; the portal's own variables win over it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The portal's own address, to which a stack leads people back; null = not known.</summary>
    public Uri? PortalUrl { get; init; }

    /// <summary>Where a stack sends its log, when the operator runs an ingest.</summary>
    public Uri? LogIngestUrl { get; init; }

    public RegistryLogin? Registry { get; init; }

    /// <summary>
    /// What Dokploy and containers know of these settings and may repeat, longest first, so that of one that holds another nothing is
    /// left. Of the environment only from eight characters on: no key is shorter, and "true" or "3000" would black out half of a log.
    /// </summary>
    internal IReadOnlyList<string> SecretTexts =>
    [
        .. LinesOf(Environment.Values).Append(Registry?.Password).OfType<string>().OrderByDescending(text => text.Length),
    ];

    // They come back line by line.
    private static IEnumerable<string> LinesOf(IEnumerable<string> values) => values
        .SelectMany(value => value.Split(['\r', '\n'], StringSplitOptions.TrimEntries))
        .Where(line => line.Length >= ShortestSecret);

    /// <summary>The same of one stack, which knows its own password, what is derived from it, and its owner's variables.</summary>
    internal IReadOnlyList<string> SecretTextsOf(string protectedPassword, string? protectedEnvironment, ISecretProtector secrets)
    {
        var password = secrets.Unprotect(protectedPassword);
        return [password, StackKeys.IngestToken(password), .. LinesOf(OwnEnvironment.Read(protectedEnvironment, secrets).Values), .. SecretTexts];
    }

    /// <summary>Bytes; null = no limit.</summary>
    public long? MemoryLimit { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Bytes.</summary>
    public long? MemoryReservation { get; init; } = 384L * 1024 * 1024;

    /// <summary>Cores; null = no limit.</summary>
    public decimal? CpuLimit { get; init; }

    /// <summary>What Dokploy should ask Traefik for; none when a wildcard certificate exists.</summary>
    public DokployCertificateType CertificateType { get; init; } = DokployCertificateType.None;

    /// <summary>How long a call that fails is retried within one step while Dokploy answers others.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a step waits for a Dokploy that does not answer at all. An upgrade with migrations takes minutes, and giving up costs
    /// somebody a stack.
    /// </summary>
    public TimeSpan OutageTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a refused key is retried. Short, because only an operator can fix it; not zero, because Dokploy also answers
    /// 401 for transient faults.
    /// </summary>
    public TimeSpan RefusalTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest wait for Dokploy's own queue and deploy job.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>A deploy job that shows neither as a row nor in the queue after this long is lost (a restart of Dokploy).</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A job whose row says running is dead when it is missing in Dokploy's queue on two looks this far apart: Dokploy's database went
    /// away meanwhile. Once is not enough, because a job that ends leaves the queue a moment after the row was read.
    /// </summary>
    public TimeSpan DeadJobLooks { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often a lost deploy job is given again.</summary>
    public int DeployAttempts { get; init; } = 3;

    /// <summary>Longest wait for a running container after Dokploy's "done".</summary>
    public TimeSpan ContainerTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A scheduler's "no suitable node" must last this long: a node that just restarts says it too.</summary>
    public TimeSpan UnschedulableAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a worker waits for another deploy job of an application that it is to remove; then it comes back later.</summary>
    public TimeSpan JobTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Dokploy before v0.28.3 has no queue to look at, and shows a job as running for hours after it died. Past this age the application is removed all the same, and
    /// the proof at the end names what the job may yet make. Well above <see cref="DeployTimeout"/>: the pull for which that was too
    /// short is most likely still alive when the clean-up begins.
    /// </summary>
    public TimeSpan DeadJobAfter => DeployTimeout * 2;

    /// <summary>How long the swarm and the proxy may take to let go of what was removed.</summary>
    public TimeSpan GoneTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public ReadinessOptions Readiness { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    /// <summary>Without its values: an operator's environment and the ingest's address may hold secrets.</summary>
    public override string ToString() => nameof(ProvisioningOptions);

    /// <summary>The longest a step may take, retries included.</summary>
    public TimeSpan TimeoutOf(DeploymentStep step) => step switch
    {
        DeploymentStep.AwaitDokploy => DeployTimeout,
        DeploymentStep.AwaitContainer => ContainerTimeout,
        DeploymentStep.AwaitReadiness => Readiness.Timeout,
        _ => UpstreamTimeout + TimeSpan.FromSeconds(30),
    };
}

/// <summary>The login for a private registry. Dokploy keeps it on its host after the first use.</summary>
public sealed record RegistryLogin(string Url, string UserName, string Password)
{
    public override string ToString() => $"{UserName}@{Url}";
}

/// <summary>What "answers" means.</summary>
public sealed record ReadinessOptions
{
    /// <summary>The JSON member by which OpenCode says that it is healthy; newer versions may have only <c>version</c> instead.</summary>
    public const string OpenCodeMember = "healthy";

    /// <summary>The only path to ask; null = where OpenCode of any version tells its health.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// The JSON member that must be <c>true</c>; null = any 2xx answer will do (another image than OpenCode).
    /// </summary>
    public string? ExpectedTrueMember { get; init; } = OpenCodeMember;

    /// <summary>Good answers in a row.</summary>
    public int Times { get; init; } = 3;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>One request of a probe, all layers together.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an answer that cannot become right by waiting (another program, a refused password) is believed to be a
    /// left-over of the start.
    /// </summary>
    public TimeSpan StubbornAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Where to connect instead of where the name points, as <c>host</c> or <c>host:port</c>: for networks in which the public
    /// name does not route back. Host header and TLS name stay the stack's own.
    /// </summary>
    public string? ConnectAddress { get; init; }

    /// <summary>Whether a stack whose web terminal is silent counts as not ready.</summary>
    public bool TerminalRequired { get; init; }
}
