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

    /// <summary>Its container is being stopped.</summary>
    Stopping,

    /// <summary>No container runs; volumes, name and password are kept, and starting it brings all of it back.</summary>
    Stopped,

    /// <summary>Its container is being started, for the first time since it was stopped or once more.</summary>
    Starting,

    /// <summary>It gets another image, password or environment. The container before serves until the new one runs.</summary>
    Updating,

    /// <summary>Stopped, and removed for good at <see cref="Stack.RemoveAt"/> unless somebody starts it before.</summary>
    ToBeDeleted,
}
