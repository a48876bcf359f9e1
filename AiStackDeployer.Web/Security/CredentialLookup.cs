using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Security;

internal static class CredentialLookup
{
    /// <summary>
    /// What the answer to a start tells its owner; null for anybody else. Also null when they cannot be read now: the deployment goes
    /// on all the same, so "nothing was begun" would be untrue, and the same call again asks for them again.
    /// </summary>
    public static async Task<StackCredentials?> FindCredentialsAsync(
        this DeploymentService deployments, string stackId, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        try
        {
            return await deployments.GetCredentialsAsync(stackId, person.PersonId(), cancellationToken);
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            return null;
        }
    }
}
