using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using static AiStackDeployer.Core.Diagnoses.EvidenceSource;
using static AiStackDeployer.Tests.Diagnoses.SomeEvidence;

namespace AiStackDeployer.Tests.Diagnoses;

/// <summary>What each known cause looks like, and what looks nearly like it. The texts have the shape of those that Docker, Dokploy and OpenCode write.</summary>
internal static class SignatureRows
{
    private static readonly ApplicationFacts Whole = new(Exists: true, ProjectExists: true) { Image = "registry.test/stack:1", Replicas = 1, HasRoute = true, RoutePort = 8080, WantedPort = 8080 };

    /// <summary>Evidence of which this is the cause.</summary>
    public static readonly (string Code, Evidence Evidence)[] Match =
    [
        ("keys-lost", Broken() with { Looks = [new SourceLook(Container, LookEnd.Unreadable, null, TimeSpan.Zero)] }),
        ("stopped-idle", Stopped(OperationCatalog.Stop, OperationCause.Idle)),
        ("to-be-deleted", Stopped(OperationCatalog.ScheduleDeletion, OperationCause.Expired, StackState.ToBeDeleted)),
        ("stopped", Stopped(OperationCatalog.Stop, OperationCause.Person)),
        ("left-behind", Of(StackState.DeleteFailed, Completed() with { Phase = DeploymentPhase.Failed, Failure = new(FailureCode.StillThere, DeploymentStep.ProveGone) { LeftBehind = ["service x"] } })),
        ("disk-full", Broken().Says(DeployLog, "Pulling registry.test/stack:1", "write /var/lib/docker/tmp/GetImageBlob1: no space left on device", "❌ Pulling image failed")),
        ("registry-rate-limit", Failed(FailureCode.ImagePullFailed, DeploymentStep.AwaitDokploy, "toomanyrequests: You have reached your unauthenticated pull rate limit.", "❌ Pulling image failed")),
        ("image-other-architecture", Broken().Says(DeployLog, "no matching manifest for linux/arm64/v8 in the manifest list entries")),
        ("image-other-architecture", Broken().Has(Waits("no suitable node (unsupported platform on 2 nodes)"))),
        ("exec-format", Broken().Says(Container, "exec /usr/local/bin/gate: exec format error")),
        ("registry-login-failed", Broken().Says(DeployLog, "Error response from daemon: login attempt to https://registry.test/v2/ failed with status: 401 Unauthorized", "❌ Login failed")),
        ("image-pull-denied", Failed(FailureCode.ImagePullDenied, DeploymentStep.AwaitDokploy, "Head \"https://registry.test/v2/stack/manifests/1\": no basic auth credentials")),
        ("image-pull-denied", Broken().Says(DeployLog, "pull access denied for stack, repository does not exist or may require 'docker login': denied: requested access to the resource is denied")),
        ("image-not-found", Broken().Says(DeployLog, "manifest for registry.test/stack:9 not found: manifest unknown: manifest unknown", "❌ Pulling image failed")),
        ("image-not-found", Broken().Has(Ended("No such image: registry.test/stack:9", TaskStage.Rejected))),
        ("registry-certificate", Broken().Says(DeployLog, "Get \"https://registry.test/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority")),
        ("registry-away", Broken().Says(DeployLog, "Get \"https://registry.test/v2/\": dial tcp: lookup registry.test on 127.0.0.53:53: no such host")),
        ("bad-environment", Broken().Says(DeployLog, "✅ Pulling image completed.", "Invalid project environment variable: project.MISSING")),
        ("settings-refused", Broken().Says(DeployLog, "(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = invalid memory value 128: Must be at least 4MiB")),
        ("network-missing", Broken().Has(Ended("could not find network dokploy-network", TaskStage.Rejected))),
        ("port-in-use", Broken().Says(Container, "Error: listen EADDRINUSE: address already in use 0.0.0.0:8080")),
        ("mount-failed", Broken().Has(Ended("invalid mount config for type \"bind\": bind source path does not exist: /srv/x", TaskStage.Rejected))),
        ("entrypoint-missing", Broken().Has(Ended("starting container failed: failed to create task for container: OCI runtime create failed: exec: \"/run.sh\": permission denied"))),
        ("entrypoint-missing", Broken().Has(Ended("task: non-zero exit (127)"), Ended("task: non-zero exit (127)"))),
        ("volume-permission", Broken().Says(Container, "opencode: cannot open /home/opencode/.local/share/opencode/opencode.db: permission denied")),
        ("opencode-config-invalid", Broken().Says(Container, "ConfigInvalidError: Configuration is invalid at /workspace/opencode.json", "↳ Unrecognized key: \"modle\"")),
        ("opencode-database-newer", Broken().Says(Container, "SqliteError: no such column: session.workspace_id")),
        ("opencode-database-damaged", Broken().Says(Container, "SqliteError: database disk image is malformed")),
        ("opencode-database-locked", Broken().Says(Container, "SQLiteError: database is locked, errno 5 (SQLITE_BUSY)")),
        ("gate-not-configured", Broken().Says(Container, "gate: OPENCODE_SERVER_PASSWORD is not set. It is the stack's password.")),
        ("gate-cannot-start", Broken().Says(Container, "OpenCode failed 5 times in a row. The gate ends, and the container with it.")),
        ("out-of-memory", Broken().Has(Ended("task: non-zero exit (137)"), Ended("task: non-zero exit (137)"))),
        ("out-of-memory", Failed(FailureCode.OutOfMemory)),
        ("project-gone", Broken() with { Application = new(Exists: false, ProjectExists: false) }),
        ("application-gone", Broken() with { Application = new(Exists: false, ProjectExists: true) }),
        ("scaled-to-nothing", Broken() with { Application = Whole with { Replicas = 0 } }),
        ("service-gone", Broken() with { Application = Whole, Service = new ServiceFacts(Exists: false) }),
        ("route-missing", Ready(new(AddressLayer.Http, 404, false)) with { Application = Whole with { HasRoute = false } }),
        ("route-port-differs", Broken().Has(Runs()) with { Application = Whole with { RoutePort = 3000 } }),
        ("changed-by-hand", Broken().Has(Runs()) with { Application = Whole with { Image = "registry.test/other:2" } }),
        ("wildcard-missing", Ready(new(AddressLayer.Dns, null, false)).Checked(ConnectionCause.WildcardUnresolved)),
        ("wildcard-elsewhere", Ready(new(AddressLayer.WrongProgram, 200, false)).Checked(ConnectionCause.WildcardPointsElsewhere)),
        ("name-unresolved", Ready(new(AddressLayer.Dns, null, false)).Checked(ConnectionCause.WildcardResolves)),
        ("clock-wrong", Ready(new(AddressLayer.Tls, null, false)) with { Certificate = ConnectionCause.CertificateNotYetValid }),
        ("certificate-expired", Ready(new(AddressLayer.Tls, null, false)) with { Certificate = ConnectionCause.CertificateExpired }),
        ("certificate-limit", Ready(new(AddressLayer.Tls, null, HasOwnCertificate: true)) with { Certificate = ConnectionCause.CertificateTraefikDefault }),
        ("certificate-not-yet", Ready(new(AddressLayer.Tls, null, HasOwnCertificate: true)) with { Certificate = ConnectionCause.CertificateTraefikDefault, At = Now.AddMinutes(-55) }),
        ("certificate-default", Ready(new(AddressLayer.Tls, null, false)) with { Certificate = ConnectionCause.CertificateTraefikDefault }),
        ("certificate-wrong-name", Ready(new(AddressLayer.Tls, null, false)) with { Certificate = ConnectionCause.CertificateWrongName }),
        ("certificate-untrusted", Ready(new(AddressLayer.Tls, null, false)).Checked(ConnectionCause.CertificateUntrusted)),
        ("proxy-away", Ready(new(AddressLayer.Tcp, null, false))),
        ("route-not-loaded", Ready(new(AddressLayer.Http, 404, false)).Has(Runs()) with { Application = Whole }),
        ("dokploy-key-refused", Broken().Refuses(Tasks, FailureCode.DokployKeyRefused)),
        ("dokploy-right-missing", Broken().Refuses(Tasks, FailureCode.DokployPermissionDenied)),
        ("dokploy-database-down", Failed(FailureCode.DeployFailed, DeploymentStep.AwaitDokploy, "Dokploy could not use its database.")),
        ("dokploy-queue-wedged", Of(StackState.Creating, Completed() with { Phase = DeploymentPhase.Running, StackState = StackState.Creating })
            with { Servers = new ServerReport(Now, new DokployLine(3, null, Now.AddMinutes(-11)), [], null, null) }),
        ("dokploy-queue-wedged", Broken().Checked(ConnectionCause.QueueBlocked)),
        ("dokploy-job-dead", Broken().Has(Runs()) with { Application = Whole with { DeadJobSince = Now.AddMinutes(-2) } }),
        ("dokploy-away", Broken().Checked(ConnectionCause.DokploySilent)),
        ("larger-than-any-server", Broken().Has(Waits("no suitable node (insufficient resources on 1 node)")) with { Servers = new ServerReport(Now, null, [2L << 30], 4L << 30, null) }),
        ("server-away", Broken().Has(Waits()) with { Servers = new ServerReport(Now, null, [], null, null) { ServersAway = 1 } }),
        ("swarm-wedged", Broken().Has(Waits("no suitable node (insufficient resources on 1 node)"), Runs(), Runs(), Runs(), Runs())),
        ("no-room", Broken().Has(Waits("no suitable node (insufficient resources on 1 node)"))),
        ("no-suitable-server", Broken().Has(Waits("no suitable node (scheduling constraints not satisfied on 3 nodes)"))),
        ("unhealthy", Broken().Has(Ended("task: non-zero exit (143): dockerexec: unhealthy container"))),
        ("rolled-back", Broken().Has(Runs()) with { Service = new ServiceFacts(true, IsRolledBack: true, "rollback completed") }),
        ("ends-at-once", Broken().Has(new TaskFacts(false, TaskStage.Completed, "Complete 3 seconds ago", null), new TaskFacts(false, TaskStage.Completed, "Complete 12 seconds ago", null))),
        ("crash-loop", Broken().Has(Ended("task: non-zero exit (3)"), Ended("task: non-zero exit (3)"))),
        ("crash-loop", Failed(FailureCode.CrashLoop)),
        ("crash-loop", Failed(FailureCode.CrashLoop, DeploymentStep.AwaitReadiness, "task: non-zero exit (3)", "boom")),
        ("container-rejected", Broken().Has(Ended("node is shutting down", TaskStage.Rejected))),
        ("still-preparing", Broken().Has(new TaskFacts(true, TaskStage.Preparing, "Preparing 40 seconds ago", null))),
        ("port-silent", Broken().Has(Runs()) with { Application = Whole }),
        ("container-away", Broken().Has() with { Application = Whole }),
        ("password-refused", Ready(new(AddressLayer.Password, 401, false)).Has(Runs())),
        ("wrong-program", Ready(new(AddressLayer.WrongProgram, 200, false)).Has(Runs())),
        ("http-error", Ready(new(AddressLayer.Http, 500, false)).Has(Runs())),
        ("memory-nearly-full", Told(0) with { Address = null }),
        ("provider-key-refused", Of(StackState.Ready, Completed()).Says(Container, "APICallError: invalid x-api-key")),
        ("outside-unreachable", Of(StackState.Ready, Completed()).Says(Container, "TypeError: fetch failed: getaddrinfo EAI_AGAIN models.dev")),
    ];

    /// <summary>Evidence that looks nearly like it.</summary>
    public static readonly (string NotCode, Evidence Evidence)[] Miss =
    [
        ("image-not-found", Broken().Says(DeployLog, "no matching manifest for linux/arm64/v8 in the manifest list entries")),
        ("image-pull-denied", Broken().Says(DeployLog, "login attempt to https://registry.test/v2/ failed", "unauthorized: incorrect username or password")),
        ("image-pull-denied", Broken().Says(Container, "unauthorized: the model provider wants a key")),
        ("entrypoint-missing", Broken().Has(Ended("OCI runtime create failed: exec format error"))),
        ("volume-permission", Ready(new(AddressLayer.Dns, null, false)).Says(Container, "open /workspace/.git: permission denied")),
        ("opencode-database-locked", Well().Says(Container, "database is locked")),
        ("port-in-use", Ready(new(AddressLayer.Http, 404, false)).Says(Container, "address already in use")),
        ("out-of-memory", Broken().Has(Ended("task: non-zero exit (13)"), Ended("task: non-zero exit (7)"))),
        ("out-of-memory", Broken().Says(Container, "listening on port 1379 (137)")),
        ("crash-loop", Broken().Has(Runs(), Ended("task: non-zero exit (3)"))),
        ("no-room", Broken().Has(Waits("no suitable node (scheduling constraints not satisfied on 3 nodes)"))),
        ("larger-than-any-server", Broken().Has(Waits("no suitable node (insufficient resources on 1 node)")) with { Servers = new ServerReport(Now, null, [8L << 30], 4L << 30, null) }),
        ("server-away", Broken().Has(Runs()) with { Servers = new ServerReport(Now, null, [], null, null) { ServersAway = 1 } }),
        ("swarm-wedged", Broken().Has(Runs(), Runs())),
        ("ends-at-once", Broken().Has(Runs(), new TaskFacts(false, TaskStage.Completed, "Complete 3 seconds ago", null))),
        ("dokploy-queue-wedged", Broken() with { Servers = new ServerReport(Now, new DokployLine(3, null, Now.AddMinutes(-9)), [], null, null) }),
        ("dokploy-job-dead", Broken() with { Application = Whole with { DeadJobSince = Now.AddSeconds(-20) } }),
        ("certificate-default", Ready(new(AddressLayer.Tls, null, HasOwnCertificate: true)) with { Certificate = ConnectionCause.CertificateTraefikDefault }),
        ("wildcard-missing", Ready(new(AddressLayer.Tcp, null, false)).Checked(ConnectionCause.WildcardUnresolved)),
        ("clock-wrong", Told(59)),
        ("changed-by-hand", Broken() with { Application = Whole }),
        ("route-missing", Stopped(OperationCatalog.Stop, OperationCause.Person) with { Application = Whole with { HasRoute = false } }),
        ("stopped", Stopped(OperationCatalog.Stop, OperationCause.Idle)),
        ("port-silent", Broken().Has(Ended("task: non-zero exit (3)"))),
        ("container-away", Broken().Has(Runs())),
        ("still-preparing", Broken().Has(new TaskFacts(true, TaskStage.Preparing, "Preparing", null), Ended("task: non-zero exit (1)"))),
        ("http-error", Broken()),
    ];

    /// <summary>A stack that answers, whose gate tells of memory at its limit and of a clock of its own.</summary>
    private static Evidence Told(int skewSeconds) => Well() with
    {
        Gate = new StackActivity("1", Now.AddSeconds(skewSeconds), Now, null, null, 0, 0, null, 950L << 20, 1000L << 20, null) { ToldAt = Now },
    };
}
