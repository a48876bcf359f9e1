namespace AiStackDeployer.Core.Naming;

/// <summary>What the platform that runs the stacks answered when it was asked for its projects.</summary>
/// <param name="Projects">The names of all projects, compared case aside; null when they could not be had.</param>
/// <param name="IsRefused">The platform answers, but not this portal: nothing changes until somebody mends the key or its rights.</param>
public sealed record UpstreamNames(IReadOnlySet<string>? Projects, bool IsRefused = false)
{
    public static UpstreamNames Unreachable { get; } = new(Projects: null);

    public bool Has(StackName name) => Projects is not null && Projects.Contains(name.ProjectName);
}

/// <summary>Asks the platform that runs the stacks what it already has.</summary>
public interface IUpstreamNames
{
    /// <summary>
    /// One call upstream, neither cached nor shared: <see cref="UpstreamNameList"/> does both. Trouble is an answer without
    /// names; an exception means a defect.
    /// </summary>
    Task<UpstreamNames> ListAsync(CancellationToken cancellationToken);
}
