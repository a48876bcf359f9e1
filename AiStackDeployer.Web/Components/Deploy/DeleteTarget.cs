using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>The stack that a dialog asks about.</summary>
/// <param name="DeploymentId">The newest operation on it, whose owner's right is asked.</param>
/// <param name="NeverAnswered">It could not be made, so nobody has worked in it.</param>
public sealed record DeleteTarget(string StackId, string DeploymentId, string Name, string Url, bool NeverAnswered)
{
    public static DeleteTarget Of(StackRow row) =>
        new(row.Stack.Id, row.DeploymentId, row.Stack.Name, row.Stack.Url, row.Stack.ReadyAt is null);

    public static DeleteTarget Of(DeploymentSnapshot snapshot) =>
        new(snapshot.StackId, snapshot.Id, snapshot.Name, snapshot.Url, snapshot.Phase != DeploymentPhase.Completed);
}
