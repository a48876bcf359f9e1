using System.Data.Common;

namespace AiStackDeployer.Core.Deployments;

/// <summary>The durable engine, as seen from here: it will run the workflow for this deployment, once at a time, until it is terminal.</summary>
public interface IDeploymentQueue
{
    /// <param name="deploymentId">What to run.</param>
    /// <param name="acceptedAt">Its place in the line: who was accepted earlier begins earlier, whoever was handed over first.</param>
    /// <param name="cause">What nobody waits for has a line of its own, behind which nobody stands who waits.</param>
    /// <param name="cancellationToken">Ends the handing over.</param>
    Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken);
}

/// <summary>An engine in the same database as the deployments: both are stored by one commit, or neither.</summary>
public interface IEnlistingQueue
{
    /// <param name="transaction">The caller's, which the job becomes a part of.</param>
    /// <param name="deploymentId">What to run.</param>
    /// <param name="acceptedAt">Its place in the line.</param>
    /// <param name="cause">Which line.</param>
    /// <param name="commit">Commits the transaction; the engine looks for work after it.</param>
    /// <param name="cancellationToken">Ends the handing over.</param>
    Task EnqueueWithinAsync(
        DbTransaction transaction, string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, Func<Task> commit, CancellationToken cancellationToken);
}
