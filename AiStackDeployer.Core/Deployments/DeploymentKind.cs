namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// What a durable operation does to its stack. Stored by name. All kinds share one table, log, feed, line and page; a stack has at
/// most one that has not ended, so they are in order by themselves.
/// </summary>
public enum DeploymentKind
{
    /// <summary>Makes the stack, or makes it again.</summary>
    Deploy,

    /// <summary>Removes the stack and lets its name go.</summary>
    Delete,
}

public static class DeploymentKinds
{
    /// <summary>The kind's name on the wire.</summary>
    public static string ToWire(this DeploymentKind kind) => kind switch
    {
        DeploymentKind.Deploy => "deploy",
        DeploymentKind.Delete => "delete",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
