namespace AiStackDeployer.Core.Stacks;

/// <summary>The variables the portal sets in every stack; neither an operator's own nor a person's may have these names.</summary>
public static class StackEnvironment
{
    public const string Password = "OPENCODE_SERVER_PASSWORD";
    public const string UserName = "OPENCODE_SERVER_USERNAME";
    public const string StackName = "STACK_NAME";
    public const string StackUrl = "STACK_URL";
    public const string PortalUrl = "PORTAL_URL";
    public const string LogIngestUrl = "LOG_INGEST_URL";
    public const string LogIngestToken = "LOG_INGEST_TOKEN";

    public static IReadOnlyList<string> Names { get; } = [Password, UserName, StackName, StackUrl, PortalUrl, LogIngestUrl, LogIngestToken];
}
