namespace AiStackDeployer.Core.Deployments;

/// <summary>The durable engine, as seen from here: it will run the workflow for this deployment, once at a time, until it is terminal.</summary>
public interface IDeploymentQueue
{
    /// <param name="deploymentId">What to run.</param>
    /// <param name="acceptedAt">Its place in the line: who was accepted earlier begins earlier, whoever was handed over first.</param>
    /// <param name="cancellationToken">Ends the handing over.</param>
    Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, CancellationToken cancellationToken);
}
