using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.Provisioning.Faults;

/// <summary>What is going on when the fault strikes.</summary>
internal enum Scene
{
    Deploy,

    /// <summary>The clean-up after somebody cancelled.</summary>
    Cancel,
    Delete,

    /// <summary>A ready stack is deployed again.</summary>
    Update,

    /// <summary>A deployment whose container cannot live.</summary>
    CrashLoop,

    /// <summary>A deployment for which no server has room.</summary>
    NoRoom,

    /// <summary>A deletion; somebody has made the application their own, and its route still leads to the stack's address.</summary>
    DeleteTaken,
}

/// <param name="Kind">Null = the machine refuses the connection.</param>
/// <param name="Lasting">How an operation may end that cannot do without the call, when the fault does not pass.</param>
internal sealed record FaultRow(string Name, FaultKind? Kind, params FailureCode[] Lasting)
{
    /// <summary>It strikes every call from then on, not this one alone.</summary>
    public bool IsWide { get; init; }

    /// <summary>The client sends a GET again by itself; to be noticed, the fault has to strike more often than that.</summary>
    public bool IsRetriedByClient { get; init; }

    /// <summary>The answer is one that is believed: then the operation may end so even though it came once.</summary>
    public bool IsBelieved { get; init; }

    public override string ToString() => Name;
}

/// <summary>One cell of the matrix.</summary>
internal sealed record FaultCase(Scene Scene, string Call, FaultRow Fault, bool Lasts)
{
    public bool IsQuery => !FaultTable.Changing.Contains(Call);

    public override string ToString() => $"{Scene} {Call} {Fault}{(Lasts ? " lasting" : "")}";
}

/// <summary>The rows and columns: every call of an operation, and everything that Dokploy and the way to it were seen to do.</summary>
internal static class FaultTable
{
    private const string Html = "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>";

    public static readonly IReadOnlySet<string> Changing = new HashSet<string>
    {
        "project.create", "application.create", "application.update", "mounts.create", "mounts.remove", "domain.create", "domain.update",
        "application.deploy", "application.delete", "project.remove", "domain.delete",
    };

    /// <summary>To these a 404 means that it is gone, which the client takes for done; a Dokploy that lies about that has not been seen.</summary>
    private static readonly IReadOnlySet<string> Removing = new HashSet<string> { "mounts.remove", "application.delete", "project.remove", "domain.delete" };

    public static readonly IReadOnlyList<FaultRow> Faults =
    [
        new("500", Error(500, "INTERNAL_SERVER_ERROR", "Failed query: select 1 params: secret"), FailureCode.DokployError) { IsRetriedByClient = true },
        new("502 of a proxy", new FaultKind.Status(502, Html, "text/html"), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("503 of a proxy", new FaultKind.Status(503, Html, "text/html"), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("429", new FaultKind.Status(429, "Too many requests", "text/plain"), FailureCode.DokployKeyRefused),
        new("401 key refused", new FaultKind.Unauthorized(), FailureCode.DokployKeyRefused),
        new("401 key limited", new FaultKind.Unauthorized(WithCode: true), FailureCode.DokployKeyRefused),
        new("401 right missing", Error(401, "UNAUTHORIZED", "You don't have access"), FailureCode.DokployPermissionDenied),
        new("401 database down", new FaultKind.DatabaseDown(), FailureCode.DokployUnreachable) { IsWide = true },
        new("400 invalid", Error(400, "BAD_REQUEST", "Input validation failed", """,'issues':[{'path':['name'],'message':'Required'}]"""), FailureCode.DokployError),
        new("400 rejected", Error(400, "BAD_REQUEST", "Error"), FailureCode.DokployError),
        new("403", Error(403, "FORBIDDEN", "Access denied"), FailureCode.DokployPermissionDenied),
        new("404", Error(404, "NOT_FOUND", "It was not found"), FailureCode.DokployError, FailureCode.StillThere, FailureCode.ProjectInUse) { IsBelieved = true },
        new("404 of a proxy", new FaultKind.Status(404, "404 page not found", "text/plain"), FailureCode.DokployError),
        new("malformed JSON", new FaultKind.Garbage(), FailureCode.DokployError),
        new("200 with HTML", new FaultKind.Status(200, Html, "text/html"), FailureCode.DokployError),
        new("refused", null, FailureCode.DokployUnreachable) { IsWide = true },
        new("reset before", new FaultKind.Reset(), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("reset after", new FaultKind.AnswerLost(), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("drip", new FaultKind.Drip(TimeSpan.FromSeconds(6)), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("hang before", new FaultKind.Hang(), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("hang after", new FaultKind.AnswerHangs(), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        // Given up after 10 s, looked for after 15: executed between the two, and after the second one was sent.
        new("late", new FaultKind.Late(TimeSpan.FromSeconds(12)), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("very late", new FaultKind.Late(TimeSpan.FromSeconds(18)), FailureCode.DokployUnreachable) { IsRetriedByClient = true },
        new("restart", new FaultKind.Restart(TimeSpan.FromSeconds(17)), FailureCode.DokployUnreachable, FailureCode.DeployLost),
    ];

    public static readonly IReadOnlyList<(Scene Scene, string[] Calls)> Calls =
    [
        (Scene.Deploy,
        [
            "project.search", "project.all", "project.create", "project.one", "application.create", "application.update",
            "mounts.listByServiceId", "mounts.create", "mounts.remove", "domain.byApplicationId", "domain.create", "domain.update",
            "application.deploy", "application.one", "deployment.queueList", "deployment.readLogs", "docker.getServiceContainersByAppName",
            "docker.getContainersByAppNameMatch",
        ]),
        (Scene.Cancel,
        [
            "project.search", "project.one", "application.one", "deployment.queueList", "mounts.listByServiceId",
            "docker.getServiceContainersByAppName", "application.delete", "project.remove", "docker.getContainersByAppNameMatch",
        ]),
        (Scene.Delete,
        [
            "project.search", "project.one", "application.one", "deployment.queueList", "mounts.listByServiceId",
            "docker.getServiceContainersByAppName", "application.delete", "domain.byApplicationId", "project.remove",
            "docker.getContainersByAppNameMatch",
        ]),
        (Scene.Update, ["docker.getConfig"]),
        (Scene.CrashLoop, ["application.readLogs"]),
        (Scene.NoRoom, ["cluster.getNodes"]),
        (Scene.DeleteTaken, ["domain.delete"]),
    ];

    /// <summary>Each call with each fault, once and for good.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. from scene in Calls from call in scene.Calls from fault in Faults
           where !(fault.IsBelieved && Removing.Contains(call))
           from lasts in new[] { false, true }
           select new FaultCase(scene.Scene, call, fault, lasts),
    ];

    /// <summary>
    /// Each fault on one call of each operation, each call with one fault (they take turns), each call whose answer is lost or that never
    /// arrives, and a key that is refused for good.
    /// </summary>
    public static IReadOnlyList<FaultCase> Short { get; } =
    [
        .. All.Where(cell => !cell.Lasts && cell is { Scene: Scene.Deploy, Call: "application.create" } or { Scene: Scene.Cancel or Scene.Delete, Call: "application.delete" })
            .Concat(All.GroupBy(cell => (cell.Scene, cell.Call)).Select((cells, index) => cells.ElementAt(index * 11 % cells.Count())))
            .Concat(All.Where(cell => !cell.Lasts && cell.Fault.Name is "reset before" or "reset after" && (cell.Scene == Scene.Delete || !cell.IsQuery)))
            .Concat(All.Where(cell => cell is { Lasts: true, Fault.Name: "401 key refused", Call: "project.search" }))
            .Distinct(),
    ];

    private static FaultKind.Status Error(int status, string code, string message, string more = "") => new(
        status, $$"""{'message':'{{message.Replace("'", "\\u0027", StringComparison.Ordinal)}}','code':'{{code}}','data':{'code':'{{code}}','httpStatus':{{status}},'path':'x','zodError':null}{{more}}}"""
            .Replace('\'', '"'));
}
