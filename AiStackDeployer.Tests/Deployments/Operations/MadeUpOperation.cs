using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Tests.Deployments.Operations;

/// <summary>
/// An operation that the product does not have: deploys a ready stack again, and asks its address before and after. It says as little
/// of itself as it can, so all else about it is what an operation gets that says nothing.
/// </summary>
internal sealed class MadeUpOperation() : Operation("made-up",
[
    new(DeploymentStep.AwaitReadiness, 0),
    new(DeploymentStep.TriggerDeploy, 20),
    new(DeploymentStep.AwaitDokploy, 30),
    new(DeploymentStep.AwaitContainer, 50),
    new(DeploymentStep.AwaitReadiness, 70),
])
{
    public static Operation Instance { get; } = new MadeUpOperation();

    [ModuleInitializer]
    internal static void Register() => OperationCatalog.Add(Instance);
}
