using static AiStackDeployer.Web.Api.Docs.CommonDocs;

namespace AiStackDeployer.Web.Api.Docs;

internal static class StackDocs
{
    public static readonly ApiDoc List = new(
        "listStacks", Stacks, "List stacks", "The stacks that have their name now. Filters combine; unknown parameters are ignored. `next` counts rows: while stacks come and go, "
        + "one may be seen on two pages or on none.")
    {
        Query =
        [
            ApiParameters.Name, ApiParameters.State, ApiParameters.Mine, ApiParameters.Sort, ApiParameters.Order, ApiParameters.Skip, ApiParameters.Take,
        ],
        Answers = [new(200, "A page.") { Examples = [new("page", "One of one", Examples.Stacks)] }],
        Problems = [BadParameter(ApiParameters.State), NotAllowed, .. Always],
    };

    public static readonly ApiDoc Get = new("getStack", Stacks, "Read a stack", "The stack that has this name now.")
    {
        Path = [StackName],
        Answers = [new(200, "The stack.") { Examples = [new("ready", "Ready", Examples.Stack)] }],
        Problems = [UnknownStack, .. Always],
    };

    public static readonly ApiDoc Delete = new(
        "deleteStack", Stacks, "Delete a stack",
        "For its owner or an administrator. Removes the application, its address and its project, proves them gone and lets the name go. It is "
        + "an operation of its own: watched, listed and tried again as a deployment is, but never cancelled. What Dokploy cannot remove (named "
        + "volumes) is told by name in its end. Asked again while it goes on, the answer is the same deletion; after its end there is no such stack. The same "
        + "call with the same Idempotency-Key is the same deletion also after its end, and when the name is another stack's by then.")
    {
        Path = [StackName],
        Query = [ApiParameters.Confirm, ApiParameters.MeantStack],
        Headers = [KeyHeader],
        Answers =
        [
            new(202, "The deletion has begun, is going on already, or had begun before with the same Idempotency-Key.") { Headers = Location, Examples = [new("begun", "Begun", Examples.Deletion)] },
        ],
        Problems =
        [
            new(ProblemKinds.ConfirmationDiffers, "`confirm` is not there, or is not the stack's name."), BadKey, BadParameter(ApiParameters.Confirm),
            NotAllowed, UnknownStack,
            new(ProblemKinds.StackBusy, "The stack is being made; `deploymentId` leads to it.")
            {
                More = new Dictionary<string, object?> { ["deploymentId"] = Examples.OtherId },
            },
            new(ProblemKinds.StackDiffers, "The name is another stack's by now than `stackId` says."),
            new(ProblemKinds.IdempotencyKeyReused, "The caller used this Idempotency-Key for another name."), .. Always,
        ],
    };

    public static readonly ApiDoc Credentials = new(
        "getStackCredentials", Stacks, "Read how to sign in to a stack",
        "For its owner alone, known by the cookie that came with the deployment. An administrator is not the owner.")
    {
        Path = [StackName],
        Answers = [new(200, "User name and password.") { Examples = [new("credentials", "As for HTTP Basic", Examples.Credentials)] }],
        Problems =
        [
            new(ProblemKinds.NotOwner, "The caller is not the owner, or sends no cookie that says so."), UnknownStack,
            new(ProblemKinds.CredentialsUnreadable, "The portal's encryption keys were replaced."), .. Always,
        ],
    };
}
