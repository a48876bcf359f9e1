using static AiStackDeployer.Web.Api.Docs.CommonDocs;

namespace AiStackDeployer.Web.Api.Docs;

internal static class PortalDocs
{
    private static readonly ApiAnswer Checked = new(200, "Whether it can be had, for any name whatever.")
    {
        Examples =
        [
            new("free", "Free", Examples.Free), new("taken", "Taken", Examples.Taken), new("illegal", "Not a legal name", Examples.Illegal),
        ],
    };

    public static readonly ApiDoc Check = new(
        "checkName", Names, "Ask whether a name can be had",
        "Nothing is held: the start of a deployment decides. With the owner's cookie, his own names are said to be his.")
    {
        Path = [new("name", "The name as a person would type it, percent-encoded.", Examples.Name)],
        Answers = [Checked],
        Problems = [.. Always],
    };

    public static readonly ApiDoc Ask = new(
        "askName", Names, "Ask whether a name can be had, given as a parameter",
        "The same as `/api/check/{name}`, also for what cannot stand in a path.")
    {
        Query = [ApiParameters.AskedName],
        Answers = [Checked],
        Problems = [BadParameter(ApiParameters.AskedName), .. Always],
    };

    public static readonly ApiDoc Figures = new("getFigures", Portal, "Read the figures", "The figures of the administrators' page.")
    {
        Answers = [new(200, "The figures.") { Examples = [new("figures", "An afternoon's", Examples.Figures)] }],
        Problems = [NotAllowed, .. Always],
    };

    public static readonly ApiDoc Health = new(
        "getHealth", Portal, "Ask how the portal is", "For load balancers and monitors.")
    {
        Speaks = false,
        Answers =
        [
            new(200, "The portal and its database work.") { Examples = [new("healthy", "Healthy", Examples.Healthy)] },
            new(503, "The database does not answer.", typeof(HealthAnswer))
            {
                Examples = [new("unhealthy", "Unhealthy", Examples.Healthy with { Status = "unhealthy", ActiveDeployments = 0 })],
            },
        ],
        Problems = [new(ProblemKinds.InternalError, "A fault of the portal.")],
    };

    public static readonly ApiDoc Live = new(
        "getLife", Portal, "Ask whether the portal lives", "For whoever restarts it: 200 while the process serves requests, whatever its database does.")
    {
        Speaks = false,
        Answers = [new(200, "It lives.") { Examples = [new("live", "Alive", new ProbeAnswer("alive", new Dictionary<string, string>()))] }],
    };

    public static readonly ApiDoc Readiness = new(
        "getReadiness", Portal, "Ask whether the portal is ready", "For whoever routes traffic to it: database and engine work.")
    {
        Speaks = false,
        Answers =
        [
            new(200, "It is ready.") { Examples = [new("ready", "Ready", Probe("ready"))] },
            new(503, "It is starting, draining before a stop, or has no database.", typeof(ProbeAnswer))
            {
                Examples = [new("not-ready", "Draining", Probe("not-ready"))],
            },
        ],
    };

    private static ProbeAnswer Probe(string engine) => new(engine, new Dictionary<string, string> { ["database"] = "ready", ["engine"] = engine });
}
