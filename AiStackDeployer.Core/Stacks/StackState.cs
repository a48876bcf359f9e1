namespace AiStackDeployer.Core.Stacks;

/// <summary>What a person may expect of a stack right now.</summary>
public enum StackState
{
    /// <summary>A deployment is waiting or under way; nothing answers yet.</summary>
    Creating,

    /// <summary>The stack's own address answered when its last deployment ended.</summary>
    Ready,

    /// <summary>The last deployment failed and what it made is removed; the name is still its owner's.</summary>
    Failed,

    /// <summary>It is being removed.</summary>
    Deleting,

    /// <summary>
    /// Removing it, or what a deployment that failed or was cancelled had made of it, did not succeed; something of it may still run.
    /// It can only be deleted.
    /// </summary>
    DeleteFailed,

    /// <summary>Gone, and its name let go: history.</summary>
    Deleted,
}
