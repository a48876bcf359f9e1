namespace AiStackDeployer.Core.Deployments;

/// <summary>The durable engine, as seen from here: it will run the workflow for this deployment, once at a time, until it is terminal.</summary>
public interface IDeploymentQueue
{
    Task EnqueueAsync(string deploymentId, CancellationToken cancellationToken);
}
