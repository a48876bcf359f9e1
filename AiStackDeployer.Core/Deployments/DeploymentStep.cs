namespace AiStackDeployer.Core.Deployments;

/// <summary>The steps of all kinds of operations, each kind's in its order. Stored by name.</summary>
public enum DeploymentStep
{
    ClaimName,
    EnsureProject,
    EnsureApplication,

    /// <summary>Image, environment and limits, in one call.</summary>
    Configure,

    EnsureVolumes,
    EnsureDomain,
    TriggerDeploy,

    /// <summary>Until Dokploy has handed the service to the swarm. Its "done" is not success.</summary>
    AwaitDokploy,

    /// <summary>Until a swarm task of the service really runs.</summary>
    AwaitContainer,

    /// <summary>Until the stack's own address answers, several times in a row.</summary>
    AwaitReadiness,

    /// <summary>Done when the deletion is accepted: from then on nothing else works on the stack.</summary>
    AcceptDelete,

    /// <summary>With its container and route. Its named volumes stay and are written down before.</summary>
    RemoveApplication,

    /// <summary>Dokploy removes them with the application; whatever did not go with it.</summary>
    RemoveDomain,

    /// <summary>Only when nothing of anybody else's stands in it.</summary>
    RemoveProject,

    /// <summary>Until nothing of the stack can be found, and its address no longer answers.</summary>
    ProveGone,

    /// <summary>Only when nobody asked for it: whether the stack is still unused.</summary>
    CheckUnused,

    /// <summary>Until no container of the stack runs any more.</summary>
    StopContainer,

    /// <summary>The stopped container, as it was deployed last.</summary>
    StartContainer,

    /// <summary>Only when unwinding: removes what this deployment made, and proves it gone; or puts back what it has changed.</summary>
    CleanUp,
}

public enum StepOutcome
{
    Pending,
    Running,
    Done,
    Failed,

    /// <summary>Not needed for this stack, or given up because the deployment was cancelled.</summary>
    Skipped,
}
