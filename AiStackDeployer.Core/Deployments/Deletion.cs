namespace AiStackDeployer.Core.Deployments;

/// <summary>A wish to delete a stack.</summary>
public sealed record DeleteRequest
{
    public required string StackId { get; init; }

    /// <summary>What the asker typed to confirm; must be the stack's name, character for character.</summary>
    public required string? ConfirmName { get; init; }

    /// <summary>
    /// Makes a double click, or a script's second try, the same deletion. One request begins one deletion, whoever owns the stack.
    /// </summary>
    public required string RequestId { get; init; }
}

/// <summary>How <see cref="DeploymentService.DeleteStackAsync"/> ends.</summary>
public abstract record DeleteResult
{
    private DeleteResult()
    {
    }

    /// <param name="Existing">True when the stack was being deleted already, or the same request had been made before.</param>
    public sealed record Started(DeploymentSnapshot Deployment, bool Existing) : DeleteResult;

    /// <summary>The confirmation is not the stack's name.</summary>
    public sealed record ConfirmationDiffers(string Name) : DeleteResult;

    /// <summary>It is being made right now: that has to be cancelled, or to end, first.</summary>
    public sealed record StackBusy(string DeploymentId) : DeleteResult;

    /// <summary>The same request id came with another wish.</summary>
    public sealed record RequestIdReused(string OtherName) : DeleteResult;

    /// <summary>No such stack, or it is gone already.</summary>
    public sealed record NotFound : DeleteResult;

    /// <summary>The portal cannot write now; nothing was begun.</summary>
    public sealed record StorageUnavailable : DeleteResult;
}

/// <summary>Everything the beginning of a deletion writes.</summary>
public sealed record NewDeletion
{
    public required string StackId { get; init; }

    public required string? ConfirmName { get; init; }

    public required string RequestId { get; init; }

    public required string DeploymentId { get; init; }

    public required string TraceId { get; init; }

    public required DateTimeOffset Now { get; init; }
}

public abstract record DeletionOutcome
{
    private DeletionOutcome()
    {
    }

    public sealed record Accepted(Deployment Deployment) : DeletionOutcome;

    /// <summary>The same request was made before, or the stack is being deleted already.</summary>
    public sealed record Existing(Deployment Deployment) : DeletionOutcome;

    public sealed record ConfirmationDiffers(string Name) : DeletionOutcome;

    public sealed record Busy(string DeploymentId) : DeletionOutcome;

    public sealed record RequestIdReused(string OtherName) : DeletionOutcome;

    public sealed record NotFound : DeletionOutcome;
}
