namespace AiStackDeployer.Core.Naming;

/// <summary>What the platform that runs the stacks says about a name.</summary>
public enum UpstreamNameAnswer
{
    Free,
    Taken,

    /// <summary>No definite answer could be had: no connection, refused, timed out, broken.</summary>
    Unreachable,
}

/// <summary>Asks the platform that runs the stacks whether it already has something under a name.</summary>
public interface IUpstreamNames
{
    /// <summary>
    /// One question upstream, neither cached nor shared: <see cref="NameAvailabilityService"/> sees to both. Trouble is
    /// answered with <see cref="UpstreamNameAnswer.Unreachable"/>; an exception means a defect.
    /// </summary>
    Task<UpstreamNameAnswer> LookUpAsync(StackName name, CancellationToken cancellationToken);
}
