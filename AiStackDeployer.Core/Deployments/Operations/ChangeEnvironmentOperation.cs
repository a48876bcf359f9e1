using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>Gives a stack its owner's own variables, all of them at once.</summary>
public sealed class ChangeEnvironmentOperation() : UpdateOperation("change-environment", Shortest)
{
    public override bool NeedsEnvironment => true;

    /// <summary>What it was to give is forgotten at its end: another try without it would take away every variable.</summary>
    public override bool MayBeRetried(DeploymentSnapshot now) => false;

    public override StackChange Prepare(OperationInput input) => new(ProtectedEnvironment: input.ProtectedEnvironment ?? "");
}
