namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// Events that this process has just committed to deployments' logs: each once, in the process that wrote it. Raised in the middle of
/// that work, so who listens must neither wait nor fail.
/// </summary>
public sealed class CommittedEvents
{
    public event Action<Deployment, IReadOnlyList<DeploymentEvent>>? Committed;

    internal void Tell(Deployment deployment, IReadOnlyList<DeploymentEvent> events) => Committed?.Invoke(deployment, events);
}
