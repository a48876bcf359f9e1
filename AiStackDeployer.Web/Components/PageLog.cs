namespace AiStackDeployer.Web.Components;

/// <summary>What the pages write to the log. In a file of its own because the generator does not see inside components.</summary>
internal static partial class PageLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} of a form ended in a fault")]
    public static partial void SubmitFailed(this ILogger logger, Exception e, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A name could not be checked or let go")]
    public static partial void NameCheckFailed(this ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How long a deployment usually takes could not be read")]
    public static partial void ExpectationUnknown(this ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {DeploymentId} could not be read for its page; it is tried again")]
    public static partial void WatchInterrupted(this ILogger logger, Exception e, string deploymentId);

    [LoggerMessage(Level = LogLevel.Error, Message = "What a person asked of deployment {DeploymentId} ended in a fault")]
    public static partial void ActionFailed(this ILogger logger, Exception e, string deploymentId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The credentials of stack {StackId} cannot be read")]
    public static partial void CredentialsUnreadable(this ILogger logger, Exception e, string stackId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A list of stacks could not be read for its page")]
    public static partial void ListUnavailable(this ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of stack {Name} could not be read for its page")]
    public static partial void StackLogUnreadable(this ILogger logger, Exception e, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "The wildcard record could not be looked at")]
    public static partial void RecordUnknown(this ILogger logger, Exception e);
}
