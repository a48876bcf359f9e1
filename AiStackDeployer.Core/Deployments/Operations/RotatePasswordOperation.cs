using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Gives a stack another password. With it end the sessions of everybody who is signed in there, the tickets that are on their way and the
/// token of its log, because all of them are derived from it.
/// </summary>
public sealed class RotatePasswordOperation() : UpdateOperation("rotate-password", Shortest)
{
    public override StackChange Prepare(OperationInput input) => new(ProtectedPassword: input.NewProtectedPassword());
}
