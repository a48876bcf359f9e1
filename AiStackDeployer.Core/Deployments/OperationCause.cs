namespace AiStackDeployer.Core.Deployments;

/// <summary>Why an operation was begun. Stored by name.</summary>
public enum OperationCause
{
    /// <summary>Somebody asked for it, and may be waiting.</summary>
    Person,

    /// <summary>Nobody had used the stack for as long as the policy allows.</summary>
    Idle,

    /// <summary>Nobody had used the stack for so long that it is not kept any more.</summary>
    Expired,

    /// <summary>The time in which a deletion could be taken back is over.</summary>
    Due,

    /// <summary>An administrator began it for many stacks at once.</summary>
    Batch,
}

public static class OperationCauses
{
    /// <summary>Nobody waits for it, so those for whom somebody does go first.</summary>
    public static bool IsBatch(this OperationCause cause) => cause != OperationCause.Person;
}
