using static AiStackDeployer.Web.Api.Docs.CommonDocs;

namespace AiStackDeployer.Web.Api.Docs;

internal static class DeploymentDocs
{
    private const string StreamText =
        "Server-sent events. `progress`, `complete` and `error` carry a `StatusAnswer` as data, `log` a `LogAnswer`, `heartbeat` (every "
        + "15 s of silence, without an id) nothing. Ids increase by one; a `progress` without one tells what is no event of its own, such as the "
        + "place in line. The stream ends early when the portal stops: come back with `Last-Event-ID`. `complete` or `error` is the last; then the stream ends, and a client "
        + "that comes back with that id gets 204.";

    public static readonly ApiDoc Start = new(
        "startDeployment", Deployments, "Make a stack",
        "Claims the name and begins a deployment, which goes on whether or not the caller stays. The answer comes at once; watch "
        + "`statusEndpoint` for what happens. It sets the cookie that stands for the owner, and is the only answer with the password "
        + "beside that of the stack's own credentials.")
    {
        Headers = [KeyHeader],
        Request = Examples.Wish,
        Answers =
        [
            new(202, "The deployment has begun, or had begun before with the same Idempotency-Key.")
            {
                Headers = Location,
                Examples =
                [
                    new("begun", "Begun", Examples.Begun), new("repeated", "Repeated by somebody who does not prove to be the owner", Examples.BegunAgain),
                ],
            },
        ],
        Problems =
        [
            .. NameRules, BadKey,
            new(ProblemKinds.MalformedRequest, "The body is not JSON with a name."),
            TakenName, BeingChosen,
            new(ProblemKinds.NameTakenByYou, "The caller's own stack has the name; `deploymentId` leads to it.")
            {
                More = new Dictionary<string, object?> { ["deploymentId"] = Examples.OtherId },
            },
            new(ProblemKinds.TooLarge, "The body is larger than 4 MB."),
            new(ProblemKinds.UnsupportedMediaType, "The body is not sent as application/json."),
            new(ProblemKinds.IdempotencyKeyReused, "The caller used this Idempotency-Key for another name."),
            .. Always,
        ],
    };

    public static readonly ApiDoc Status = new(
        "watchDeployment", Deployments, "Watch a deployment",
        "A stream of events until the deployment has ended, or its state as JSON for who sends `Accept: application/json` (and not "
        + "`text/event-stream` beside it). The first event is the current state, or what came after `Last-Event-ID`.")
    {
        Path = [DeploymentId],
        Headers = [LastEventId],
        Answers =
        [
            new(200, "The state as JSON, or the stream. " + StreamText, typeof(StatusAnswer))
            {
                Examples =
                [
                    new("ready", "Ready", Examples.Ready), new("running", "Under way", Examples.Running), new("failed", "Failed", Examples.Failed),
                    new("deleted", "A deletion that has ended", Examples.Deleted),
                    new("stream", "The end of a stream", Examples.Stream, Wanted.Events),
                ],
            },
            new(204, "The client has the last event already: there is nothing to come back for."),
        ],
        Problems = [UnknownDeployment, .. Always],
    };

    public static readonly ApiDoc List = new(
        "listDeployments", Deployments, "List deployments",
        "All deployments and deletions there ever were, newest first. Filters combine; unknown parameters are ignored.")
    {
        Query =
        [
            ApiParameters.Name, ApiParameters.Status, ApiParameters.Kind, ApiParameters.Active, ApiParameters.Mine, ApiParameters.StackId,
            ApiParameters.Before, ApiParameters.Skip, ApiParameters.Take,
        ],
        Answers = [new(200, "A page.") { Examples = [new("page", "The first page of two rows", Examples.Deployments)] }],
        Problems = [BadParameter(ApiParameters.Take), NotAllowed, .. Always],
    };

    public static readonly ApiDoc Get = new(
        "getDeployment", Deployments, "Read a deployment", "Its state now. The same as `/api/status/{id}` as JSON.")
    {
        Path = [DeploymentId],
        Answers =
        [
            new(200, "The state.")
            {
                Examples =
                [
                    new("ready", "Ready", Examples.Ready), new("running", "Under way", Examples.Running), new("failed", "Failed", Examples.Failed),
                ],
            },
        ],
        Problems = [UnknownDeployment, .. Always],
    };

    public static readonly ApiDoc Cancel = new(
        "cancelDeployment", Deployments, "Cancel a deployment",
        "For its owner or an administrator. What it made is removed and its name is free again. Sending it twice does no harm. A wish to "
        + "cancel that comes when the stack already answers is too late.")
    {
        Path = [DeploymentId],
        Answers =
        [
            new(200, "It had not begun; it is cancelled.") { Examples = [new("cancelled", "Cancelled", Examples.Cancelled)] },
            new(202, "It stops at the next safe point and removes what it made. Watch it to its end.")
            {
                Headers = Location, Examples = [new("stopping", "Stopping", Examples.Stopping)],
            },
        ],
        Problems =
        [
            NotAllowed, UnknownDeployment, new(ProblemKinds.DeploymentEnded, "It has ended, one way or another."),
            new(ProblemKinds.CannotBeCancelled, "It is the deletion of a stack, which goes on to its end."), .. Always,
        ],
    };

    public static readonly ApiDoc Retry = new(
        "retryDeployment", Deployments, "Try again",
        "Begins a new deployment of a failed or cancelled one's name, for the same owner, whoever asks. After a failure it goes on with the "
        + "same stack and password; the answer does not tell it.")
    {
        Path = [DeploymentId],
        Headers = [KeyHeader],
        Answers =
        [
            new(202, "The new deployment has begun, or had begun before with the same Idempotency-Key.")
            {
                Headers = Location, Examples = [new("begun", "Begun", Examples.BegunAgain)],
            },
        ],
        Problems =
        [
            BadKey, new(ProblemKinds.Of(Core.Naming.NameFault.Reserved), "The name became reserved since."), NotAllowed, UnknownDeployment, TakenName,
            BeingChosen,
            new(ProblemKinds.CannotBeRetried, "The stack was deleted since, or is being; `deploymentId` leads to its deletion.")
            {
                More = new Dictionary<string, object?> { ["deploymentId"] = Examples.OtherId },
            },
            new(ProblemKinds.RetryNotNeeded, "The stack is there already, or is being made; `deploymentId` leads to it.")
            {
                More = new Dictionary<string, object?> { ["deploymentId"] = Examples.OtherId },
            },
            .. Always,
        ],
    };

    public static readonly ApiDoc Events = new(
        "listDeploymentEvents", Deployments, "Read or follow a deployment's events",
        "A page of events as JSON; or, with `Accept: text/event-stream`, the stream that `/api/status/{id}` gives.")
    {
        Path = [DeploymentId],
        Query = [ApiParameters.After, ApiParameters.TakeEvents],
        Headers = [LastEventId],
        Answers =
        [
            new(200, "The page, or the stream. " + StreamText, typeof(EventListAnswer))
            {
                Examples = [new("page", "The first three", Examples.Events), new("stream", "The end of a stream", Examples.Stream, Wanted.Events)],
            },
            new(204, "A stream's client has the last event already."),
        ],
        Problems = [BadParameter(ApiParameters.TakeEvents), UnknownDeployment, .. Always],
    };

    public static readonly ApiDoc Log = new(
        "getDeploymentLog", Deployments, "Read a deployment's log",
        "What happened, in sentences, and what Docker said, without secrets: a moment and a line each. As JSON with `Accept: application/json`.")
    {
        Path = [DeploymentId],
        Answers =
        [
            new(200, "All lines so far.", typeof(LogListAnswer))
            {
                Examples = [new("text", "As text", Examples.LogText, "text/plain"), new("json", "As JSON", Examples.Log)],
            },
        ],
        Problems = [UnknownDeployment, .. Always],
    };

    public static readonly ApiDoc Diagnosis = new(
        "diagnoseDeployment", Deployments, "Ask why a deployment is where it is",
        "The cause, what it rests on, and what can be done; also while all goes well or it waits. Computed by rules from the facts and the log.")
    {
        Path = [DeploymentId],
        Answers = [new(200, "The diagnosis.") { Examples = [new("failed", "Failed", Examples.Diagnosis)] }],
        Problems = [UnknownDeployment, .. Always],
    };
}
