using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// What we write into the description of all we make in Dokploy. Dokploy keeps nothing unique, so this is how a call whose
/// answer was lost is found again, and how somebody else's project of the same name is told apart from ours.
/// </summary>
internal static class Markers
{
    public static string For(Deployment deployment) =>
        $"AI stack {deployment.Name}, made by AI Stack Deployer [stack={deployment.StackId} deployment={deployment.Id}]";

    /// <summary>Made for this stack, by whichever of its deployments.</summary>
    public static bool IsOfStack(string? description, Deployment deployment) =>
        description?.Contains($"[stack={deployment.StackId} ", StringComparison.Ordinal) == true;

    /// <summary>The id of the stack that something was made for; null = we did not make it.</summary>
    public static string? StackOf(string? description)
    {
        const string begin = "[stack=";
        var at = description?.IndexOf(begin, StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : description![(at + begin.Length)..].Split(' ', ']')[0];
    }

    /// <summary>Made by this very deployment, so this deployment may remove it.</summary>
    public static bool IsOfDeployment(string? description, Deployment deployment) =>
        description?.Contains($" deployment={deployment.Id}]", StringComparison.Ordinal) == true;
}
