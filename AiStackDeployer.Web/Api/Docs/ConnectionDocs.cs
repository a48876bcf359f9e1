using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;
using static AiStackDeployer.Web.Api.Docs.CommonDocs;

namespace AiStackDeployer.Web.Api.Docs;

internal static class ConnectionDocs
{
    private static readonly ApiProblem Unknown = new(
        ProblemKinds.OfStatus(401), "The caller sends no cookie. A page of the portal, or a deployment of one's own, gives it.");

    private static readonly ApiProblem NoAdministrator = new(ProblemKinds.NotAllowed, "The caller is no administrator. (Without sign-in everybody is one.)");

    /// <summary>What keeps a repair from being tried.</summary>
    private static readonly ConnectionCause[] Obstacles =
    [
        ConnectionCause.WildcardLocal, ConnectionCause.HetznerTokenNotSet, ConnectionCause.WildcardWithoutTarget, ConnectionCause.WildcardTargetIsHere,
        ConnectionCause.WildcardTargetIsInside, ConnectionCause.HetznerZoneMissing, ConnectionCause.HetznerZoneOther, ConnectionCause.WildcardAliasInTheWay,
    ];

    /// <summary>What a repair may meet at Hetzner.</summary>
    private static readonly ConnectionCause[] Faults =
    [
        ConnectionCause.HetznerUnreachable, ConnectionCause.HetznerSilent, ConnectionCause.HetznerTokenRefused, ConnectionCause.HetznerPermissionDenied,
        ConnectionCause.HetznerRateLimited, ConnectionCause.HetznerBusy, ConnectionCause.HetznerProtected, ConnectionCause.HetznerZoneSecondary,
        ConnectionCause.HetznerZoneMissing, ConnectionCause.HetznerActionFailed, ConnectionCause.HetznerFailing, ConnectionCause.HetznerNotUnderstood,
        ConnectionCause.HetznerRejected, ConnectionCause.WildcardReadsBackDifferently,
    ];

    public static readonly ApiDoc Connections = new(
        "getConnections", Portal, "Ask how what the portal depends on is",
        "Dokploy, its key, Hetzner, the wildcard record, the stacks' certificate and the database: each with a verdict, a cause and a remedy. "
        + "Always 200: the verdict is in the body. A report is kept for 15 seconds.")
    {
        Query = [ApiParameters.Fresh],
        Answers = [new(200, "The report.") { Examples = [new("report", "One thing is bad", Examples.Connections)] }],
        Problems = [BadParameter(ApiParameters.Fresh)],
    };

    public static readonly ApiDoc Dns = new(
        "getDns", Portal, "Read the wildcard record", "Where the stacks' wildcard record leads, where it should, what Hetzner has, and what a repair would do.")
    {
        Answers = [new(200, "How it stands.") { Examples = [new("elsewhere", "It points elsewhere", Examples.Dns)] }],
        Problems = [Unknown, NoAdministrator],
    };

    public static readonly ApiDoc Repair = new(
        "repairDns", Portal, "Repair the wildcard record",
        "Makes the wildcard record at Hetzner, or gives it the address in TRAEFIK_IP. Looks first and changes at most this one record; "
        + "`GET /api/dns` says what it would do.")
    {
        Answers = [new(200, "It is right now, or was already.") { Examples = [new("changed", "Changed", Examples.Repaired)] }],
        Problems =
        [
            Unknown, NoAdministrator,
            .. Obstacles.Select(cause => new ApiProblem(new ProblemKind(409, cause.ToWire()), "Not possible; nothing was changed.")
            {
                Detail = services => Say(services, new WildcardRepairResult.NotPossible(Why(cause))),
            }),
            .. Faults.Select(cause => new ApiProblem(
                new ProblemKind(502, cause.ToWire()), "Hetzner failed; `mayHaveHappened` says whether the record may have been written all the same.")
            {
                More = new Dictionary<string, object?> { ["mayHaveHappened"] = MayHaveHappened(cause) },
                Detail = services => Say(services, new WildcardRepairResult.Failed(Why(cause), MayHaveHappened(cause))),
            }),
        ],
    };

    private static ConnectionResult Why(ConnectionCause cause) =>
        new(ConnectionTarget.WildcardDns, cause) { Facts = new ConnectionFacts { Host = "ai.example.org", Names = ["example.org"] } };

    // Of the others it depends on the moment.
    private static bool MayHaveHappened(ConnectionCause cause) => cause == ConnectionCause.WildcardReadsBackDifferently;

    private static string Say(IServiceProvider services, WildcardRepairResult result) => services.GetRequiredService<ConnectionText>().Repaired(result);
}
