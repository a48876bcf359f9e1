using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>What the reader may do with one stack; each asked of its own policy, by the newest operation on it.</summary>
/// <param name="IsOwn">They may operate it because it is theirs.</param>
/// <param name="MayAdminister">They may operate anybody's.</param>
/// <param name="MaySeeCredentials">They may go in, and see the password.</param>
public sealed record StackRights(bool IsOwn, bool MayAdminister, bool MaySeeCredentials)
{
    public static StackRights None { get; } = new(false, false, false);

    /// <summary>Null when they may not even see it.</summary>
    public static async Task<StackRights?> ReadAsync(VisibleDeployments visible, ClaimsPrincipal user, DeploymentSnapshot last) =>
        await visible.MayAsync(user, last, Policies.ViewDeployment)
            ? new StackRights(
                await visible.MayAsync(user, last, Policies.OperateStack),
                await visible.MayAsync(user, last, Policies.AdministerDeployments),
                await visible.MayAsync(user, last, Policies.ViewCredentials))
            : null;
}
