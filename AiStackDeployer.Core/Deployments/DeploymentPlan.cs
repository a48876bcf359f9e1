namespace AiStackDeployer.Core.Deployments;

/// <summary>The plan that every operation of a kind follows.</summary>
public static class DeploymentPlan
{
    private static readonly DeploymentStep[] Deploy =
    [
        DeploymentStep.ClaimName, DeploymentStep.EnsureProject, DeploymentStep.EnsureApplication, DeploymentStep.Configure,
        DeploymentStep.EnsureVolumes, DeploymentStep.EnsureDomain, DeploymentStep.TriggerDeploy, DeploymentStep.AwaitDokploy,
        DeploymentStep.AwaitContainer, DeploymentStep.AwaitReadiness,
    ];

    private static readonly DeploymentStep[] Delete =
    [
        DeploymentStep.AcceptDelete, DeploymentStep.RemoveApplication, DeploymentStep.RemoveDomain, DeploymentStep.RemoveProject,
        DeploymentStep.ProveGone,
    ];

    /// <summary>
    /// The steps of a run that goes well, in order; the first is done when the operation is accepted.
    /// <see cref="DeploymentStep.CleanUp"/> is not among them.
    /// </summary>
    public static IReadOnlyList<DeploymentStep> Of(DeploymentKind kind) => kind switch
    {
        DeploymentKind.Deploy => Deploy,
        DeploymentKind.Delete => Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>
    /// Percentage shown when a step begins. The shares follow the recorded run against a real Dokploy: the calls take a second,
    /// the container two, the program in it four to six; when deleting, the calls half a second and the container's end seconds.
    /// 100 is reserved for a stack that answered, or is proven gone.
    /// </summary>
    public static int ProgressAtStart(DeploymentStep step) => step switch
    {
        DeploymentStep.ClaimName => 0,
        DeploymentStep.EnsureProject => 3,
        DeploymentStep.EnsureApplication => 7,
        DeploymentStep.Configure => 12,
        DeploymentStep.EnsureVolumes => 16,
        DeploymentStep.EnsureDomain => 21,
        DeploymentStep.TriggerDeploy => 25,
        DeploymentStep.AwaitDokploy => 28,
        DeploymentStep.AwaitContainer => 38,
        DeploymentStep.AwaitReadiness => 55,
        DeploymentStep.AcceptDelete => 0,
        DeploymentStep.RemoveApplication => 5,
        DeploymentStep.RemoveDomain => 35,
        DeploymentStep.RemoveProject => 45,
        DeploymentStep.ProveGone => 60,
        DeploymentStep.CleanUp => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    /// <summary>The percentage that a step works towards; the page moves inside this range with the learned duration.</summary>
    public static int ProgressAtEnd(DeploymentStep step)
    {
        if (step == DeploymentStep.CleanUp)
        {
            return 0;
        }
        var plan = IsOfDeletion(step) ? Delete : Deploy;
        var index = Array.IndexOf(plan, step);
        return index + 1 < plan.Length ? ProgressAtStart(plan[index + 1]) : 99;
    }

    internal static bool IsOfDeletion(DeploymentStep step) => Delete.Contains(step);
}
