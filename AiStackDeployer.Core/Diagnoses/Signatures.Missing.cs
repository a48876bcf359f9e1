using System.Globalization;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>What Dokploy has, and what the portal made.</content>
public static partial class Signatures
{
    private static IReadOnlyList<Signature> Missing =>
    [
        new("project-gone", CureBy.Owner, e => e is { IsReady: true, Application: { Exists: false, ProjectExists: false } } ? Fact(EvidenceSource.Application, e.Row.Stack.ProjectId ?? "-") : null)
        {
            Acts = Repair,
        },
        new("application-gone", CureBy.Owner, e => e is { IsReady: true, Application: { Exists: false, ProjectExists: true } } ? Fact(EvidenceSource.Application, e.Row.Stack.ApplicationId ?? "-") : null)
        {
            Acts = Repair,
        },
        new("scaled-to-nothing", CureBy.Owner, e => e is { IsReady: true, Application.Replicas: 0 } ? Fact(EvidenceSource.Application, "replicas: 0") : null) { Acts = [OperationCatalog.Restart, .. Repair] },
        new("service-gone", CureBy.Owner, e => e is { IsReady: true, Application.Exists: true, Service.Exists: false } ? Fact(EvidenceSource.Service, e.Row.Stack.AppName ?? "-") : Failed(e, FailureCode.ContainerGone))
        {
            Acts = Repair,
        },
        new("route-missing", CureBy.Owner, e => e is { IsReady: true, Application: { Exists: true, HasRoute: false } } ? Fact(EvidenceSource.Application, new Uri(e.Row.Stack.Url).Host) : null) { Acts = Repair },
        new("route-port-differs", CureBy.Owner, e => e is { IsReady: true, Application: { HasRoute: true, RoutePort: { } port, WantedPort: { } wanted } } && port != wanted
            ? Fact(EvidenceSource.Application, $"port: {port} != {wanted}", port.ToString(CultureInfo.InvariantCulture)) : null) { Acts = Repair, MattersWhenWell = true },
        new("changed-by-hand", CureBy.Owner, e => e is { IsReady: true, Last.IsTerminal: true, Application: { Exists: true, Image: var image } } && image != e.Row.Stack.Image
            ? Fact(EvidenceSource.Application, $"image: {image ?? "-"} != {e.Row.Stack.Image}") : null) { Acts = Repair, MattersWhenWell = true },
    ];

    private static IReadOnlyList<Signature> Dokploys =>
    [
        new("dokploy-key-refused", CureBy.Operator, e => Check(e, ConnectionCause.KeyRefused, ConnectionCause.RateLimitLikely)
            ?? Refused(e, FailureCode.DokployKeyRefused) ?? Failed(e, FailureCode.DokployKeyRefused)) { MattersWhenWell = true },
        new("dokploy-right-missing", CureBy.Operator, e => Check(e, ConnectionCause.MemberMayNotDeploy)
            ?? Refused(e, FailureCode.DokployPermissionDenied) ?? Failed(e, FailureCode.DokployPermissionDenied)) { MattersWhenWell = true },
        new("dokploy-database-down", CureBy.Operator, e => Check(e, ConnectionCause.DokployDatabaseDown)
            ?? (e.Find([EvidenceSource.DeployLog, EvidenceSource.Operation], ["could not use its database"]) is { } line ? new Sign(line) : null))
        {
            MattersWhenWell = true, Command = "docker service logs --tail 50 dokploy-postgres",
        },
        new("dokploy-queue-wedged", CureBy.Operator, e => e is { State: not StackState.Stopped, Servers.Queue.BusySince: { } since } && e.At - since > DokployWait.LongJob
            ? Fact(EvidenceSource.Servers, Moment(since), Moment(since)) : Check(e, ConnectionCause.QueueBlocked) ?? Failed(e, FailureCode.DokployBusy))
        {
            Command = "docker service update --force dokploy",
        },
        new("dokploy-job-dead", CureBy.Operator, e => e.Application?.DeadJobSince is { } since && e.At - since > TimeSpan.FromMinutes(1)
            ? Fact(EvidenceSource.Application, Moment(since)) : null) { Acts = Repair, Command = "docker service update --force dokploy" },
        new("dokploy-away", CureBy.Operator, e => Check(
                e, ConnectionCause.DokployUnreachable, ConnectionCause.DokploySilent, ConnectionCause.DokployUnresolved, ConnectionCause.DokployFailing,
                ConnectionCause.DokployTlsFailed, ConnectionCause.DokployNotUnderstood)
            ?? Refused(e, FailureCode.DokployUnreachable) ?? Failed(e, FailureCode.DokployUnreachable)) { MattersWhenWell = true, Command = "docker service ps dokploy --no-trunc" },
    ];

    private static Sign? Check(Evidence evidence, params IReadOnlyList<ConnectionCause> causes) => evidence.Check(causes) is { } cause
        ? Fact(EvidenceSource.Connections, cause.ToWire()) : null;

    /// <summary>A source of Dokploy's did not tell, for this reason.</summary>
    private static Sign? Refused(Evidence evidence, FailureCode why) => evidence.Looks.FirstOrDefault(look => look.Why == why) is { } look ? Fact(look.Source, why.ToWire()) : null;
}
