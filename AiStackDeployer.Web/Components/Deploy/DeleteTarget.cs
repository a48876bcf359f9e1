using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>The stack that a dialog asks about.</summary>
/// <param name="DeploymentId">The newest operation on it, whose owner's right is asked.</param>
/// <param name="NeverAnswered">It could not be made.</param>
/// <param name="IsOnlyName">All that was made of it is removed, but for volumes: what is left to give up is its name.</param>
/// <param name="KeptVolumes">The named volumes that the newest operation left on the server.</param>
public sealed record DeleteTarget(
    string StackId, string DeploymentId, string Name, string Url, bool NeverAnswered, bool IsOnlyName, IReadOnlyList<string> KeptVolumes)
{
    public static DeleteTarget Of(StackRow row) => new(
        row.Stack.Id, row.DeploymentId, row.Stack.Name, row.Stack.Url, row.Stack.ReadyAt is null, row.Stack.State == StackState.Failed, row.KeptVolumes);

    public static DeleteTarget Of(DeploymentSnapshot snapshot) => new(
        snapshot.StackId, snapshot.Id, snapshot.Name, snapshot.Url, snapshot.Phase != DeploymentPhase.Completed, snapshot.StackState == StackState.Failed,
        snapshot.KeptVolumes);
}
