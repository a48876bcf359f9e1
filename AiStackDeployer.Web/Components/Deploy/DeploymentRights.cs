using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>What the reader may do with one deployment; each asked of its own policy.</summary>
public sealed record DeploymentRights(bool View, bool Cancel, bool Retry, bool Credentials, bool Delete, bool Operate)
{
    public static DeploymentRights None { get; } = new(false, false, false, false, false, false);

    public static async Task<DeploymentRights> ReadAsync(IAuthorizationService authorization, ClaimsPrincipal user, DeploymentSnapshot snapshot) =>
        new(
            await MayAsync(authorization, user, snapshot, Policies.ViewDeployment),
            await MayAsync(authorization, user, snapshot, Policies.CancelDeployment),
            await MayAsync(authorization, user, snapshot, Policies.For(snapshot.Operation)),
            await MayAsync(authorization, user, snapshot, Policies.ViewCredentials),
            await MayAsync(authorization, user, snapshot, Policies.DeleteStack),
            await MayAsync(authorization, user, snapshot, Policies.OperateStack));

    public static async Task<bool> MayAsync(
        IAuthorizationService authorization, ClaimsPrincipal user, DeploymentSnapshot snapshot, string policy) =>
        (await authorization.AuthorizeAsync(user, snapshot, policy)).Succeeded;
}
