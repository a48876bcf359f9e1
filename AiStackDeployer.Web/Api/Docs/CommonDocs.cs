using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace AiStackDeployer.Web.Api.Docs;

/// <summary>What several operations have in common.</summary>
internal static class CommonDocs
{
    public const string Deployments = "Deployments";
    public const string Stacks = "Stacks";
    public const string Names = "Names";
    public const string Portal = "Portal";

    public static readonly PlaceParameter DeploymentId = new("id", "The deployment's id.", Examples.Id);

    public static readonly PlaceParameter StackName = new("name", "The stack's name.", Examples.Name);

    public static readonly PlaceParameter KeyHeader = new(
        IdempotencyKey.Header,
        "Your own name for this call, at most 200 visible characters. The same call with the same key is the same deployment, "
        + "however often it is sent. Without cookies it also proves who made the first call, if it is random and has 20 characters or more (make "
        + "a UUID of your own: this example, which everybody can copy, proves nothing).",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479");

    public static readonly PlaceParameter LastEventId = new(
        "Last-Event-ID", "The id of the last event the client has; the stream begins after it. Browsers send it by themselves.", "13");

    public static readonly IReadOnlyDictionary<string, string> Location = new Dictionary<string, string>
    {
        ["Location"] = "The address to watch the deployment at, the same as `statusEndpoint`.",
    };

    public static readonly ApiProblem UnknownDeployment = new(ProblemKinds.DeploymentNotFound, "No deployment has this id.");

    public static readonly ApiProblem UnknownStack = new(ProblemKinds.StackNotFound, "No stack has this name now.");

    public static readonly ApiProblem NotAllowed = new(ProblemKinds.NotAllowed, "Neither the owner nor an administrator asks. (Without sign-in everybody is one.)");

    public static readonly ApiProblem BadKey = new(ProblemKinds.IdempotencyKeyInvalid, "The Idempotency-Key is empty, too long or has invisible characters.");

    /// <summary>Every operation that reads or writes the database may meet these.</summary>
    public static readonly ApiProblem[] Always =
    [
        new(ProblemKinds.InternalError, "A fault of the portal."),
        new(ProblemKinds.StorageUnavailable, "The portal's database is locked, full or away."),
    ];

    /// <summary>What any address may answer with, also one that is none; the description of the whole document tells it once.</summary>
    public static readonly ApiProblem[] Anywhere =
    [
        new(ProblemKinds.NotFound, "Nothing is at this address."),
        new(ProblemKinds.MethodNotAllowed, "The address takes other methods; the header `Allow` names them."),
        new(ProblemKinds.TooSlow, "The body came too slowly."),
        new(ProblemKinds.Refused, "HTTP itself does not allow the call; also with another status from 400 to 499 that this table does not have."),
    ];

    /// <summary>What stands before the operation refuses.</summary>
    public static IEnumerable<ApiProblem> OfGate(ApiDescription operation)
    {
        if (!$"/{operation.RelativePath}".StartsWith(PortalApi.Path + "/", StringComparison.Ordinal))
        {
            yield break;
        }
        yield return new(ProblemKinds.HostNotAllowed, "The portal is called by a name that its operator has not given it (`ALLOWED_HOSTS`).");
        yield return new(ProblemKinds.OriginNotAllowed, "A web page calls that is neither the portal's own nor of `CORS_ORIGINS`.");
    }

    public static readonly ApiProblem TakenName = new(ProblemKinds.NameTaken, "Somebody else has the name, here or in Dokploy.") { More = Suggestions };

    public static readonly ApiProblem[] NameRules =
    [
        .. Enum.GetValues<NameFault>().Select(fault => new ApiProblem(ProblemKinds.Of(fault), "The name breaks a rule.")
        {
            // Where the name has a legal form that is near.
            More = fault == NameFault.IllegalCharacter ? new Dictionary<string, object?> { ["suggestions"] = new[] { Examples.Name } } : [],
        }),
    ];

    private static Dictionary<string, object?> Suggestions => new() { ["suggestions"] = new[] { "design-lab-dev", "design-studio", "design-lab2" } };

    public static ApiProblem BadParameter(QueryParameter parameter) =>
        new(ProblemKinds.ParameterInvalid, "A parameter has a value that it cannot have; `parameter` names it.")
        {
            More = new Dictionary<string, object?> { ["parameter"] = parameter.Name },
            Detail = services =>
            {
                var text = services.GetRequiredService<ProblemText>();
                return parameter switch
                {
                    NumberParameter n => text.Sentence("parameter-number", n.Name, n.Min, n.Max),
                    ChoiceParameter c => text.Sentence("parameter-choice", c.Name, string.Join(", ", c.Values)),
                    TextParameter { MaxLength: int.MaxValue } t => text.Sentence("parameter-once", t.Name),
                    TextParameter t => text.Sentence("parameter-length", t.Name, t.MaxLength),
                    _ => text.Sentence("parameter-flag", parameter.Name),
                };
            },
        };

    public static ApiProblem BeingChosen => new(ProblemKinds.NameBeingChosen, "Somebody else's form holds the name; a hold ends after two minutes.") { More = Suggestions };
}
