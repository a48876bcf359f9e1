using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>The stack that a dialog asks about.</summary>
/// <param name="DeploymentId">The newest operation on it, whose owner's right is asked.</param>
/// <param name="NeverAnswered">It could not be made.</param>
/// <param name="IsOnlyName">All that was made of it is removed, but for volumes: what is left to give up is its name.</param>
/// <param name="CanBeUndone">It can be stopped and kept for a while instead.</param>
/// <param name="KeptVolumes">The named volumes that the newest operation left on the server.</param>
public sealed record DeleteTarget(
    string StackId, string DeploymentId, string Name, string Url, bool NeverAnswered, bool IsOnlyName, bool CanBeUndone, IReadOnlyList<string> KeptVolumes)
{
    public static DeleteTarget Of(StackRow row) => new(
        row.Stack.Id, row.DeploymentId, row.Stack.Name, row.Stack.Url, row.Stack.ReadyAt is null, row.Stack.State == StackState.Failed,
        row.MayBegin(OperationCatalog.ScheduleDeletion), row.KeptVolumes);

    public static DeleteTarget Of(DeploymentSnapshot snapshot) => new(
        snapshot.StackId, snapshot.Id, snapshot.Name, snapshot.Url, 
        snapshot is { Phase: not DeploymentPhase.Completed } and ({ Operation.MakesStack: true } or { Operation.RemovesStack: true }), snapshot.StackState == StackState.Failed,
        snapshot.MayBegin(OperationCatalog.ScheduleDeletion), snapshot.KeptVolumes);
}
