namespace AiStackDeployer.Core.Deployments;

/// <summary>How what the portal knows and what stands in Dokploy differ.</summary>
public enum DifferenceKind
{
    /// <summary>A stack's project is gone in Dokploy.</summary>
    MissingProject,

    /// <summary>The project stands, the stack's application in it is gone.</summary>
    MissingApplication,

    /// <summary>The application is set to another image than the stack has: somebody changed it in Dokploy.</summary>
    OtherImage,

    /// <summary>The stack's address leads to no application of its own, to another port, or is switched off.</summary>
    OtherRoute,

    /// <summary>A volume of the stack's is not mounted: what is written there is lost with the container.</summary>
    MissingVolume,

    /// <summary>A project that a portal made for a stack which is not there any more.</summary>
    Orphan,

    /// <summary>A second project of one stack.</summary>
    Second,

    /// <summary>A project with a stack's name that no portal made: by hand, or by an older deployer.</summary>
    Foreign,
}

/// <summary>One difference.</summary>
/// <param name="Name">The project's, or the stack's.</param>
/// <param name="StackId">Of the stack that lacks something; null = there is no such stack.</param>
/// <param name="ProjectId">Dokploy's id of what is too much; null = something is missing.</param>
/// <param name="DeploymentId">The newest operation on the stack.</param>
/// <param name="IsHusk">A project that has been there for a day and holds nothing: it is removed without asking anybody.</param>
public sealed record Difference(DifferenceKind Kind, string Name, string? StackId, string? ProjectId, string? DeploymentId, bool IsHusk = false);

/// <summary>What the last comparison found.</summary>
/// <param name="Stacks">How many stacks were compared.</param>
/// <param name="Projects">How many projects of Dokploy's.</param>
public sealed record Reconciliation(DateTimeOffset At, int Stacks, int Projects, IReadOnlyList<Difference> Differences);

/// <summary>Compares the portal with Dokploy.</summary>
public interface IReconciler
{
    /// <summary>In this process; null = not yet.</summary>
    Reconciliation? Last { get; }

    /// <summary>Compares now; null when Dokploy could not be asked.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    Task<Reconciliation?> CompareAsync(CancellationToken cancellationToken);

    /// <summary>Removes a project of which no stack is left, with the applications in it that a portal made.</summary>
    /// <returns>False when it is something else by now, when somebody's own stands in it, or when Dokploy cannot be asked.</returns>
    Task<bool> RemoveOrphanAsync(string projectId, CancellationToken cancellationToken);
}
