using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>A wish for a new stack, from a form or a script.</summary>
public sealed record StartRequest
{
    /// <summary>As typed; checked and normalised here.</summary>
    public required string? Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>Makes a double click, or a script's second try, the same deployment.</summary>
    public required string RequestId { get; init; }

    /// <summary>The form that may hold the name; null for a script.</summary>
    public string? HolderId { get; init; }

    public Allowance Allowance { get; init; } = Allowance.Unlimited;
}

/// <summary>A wish for an operation on a stack that exists.</summary>
public sealed record OperationRequest
{
    public required Operation Operation { get; init; }

    public required string StackId { get; init; }

    /// <summary>What the asker typed to confirm; must be the stack's name, character for character, where the operation needs it.</summary>
    public string? ConfirmName { get; init; }

    /// <summary>
    /// Makes a double click, or a script's second try, the same operation. One request begins one operation, whoever owns the stack.
    /// </summary>
    public required string RequestId { get; init; }

    public Allowance Allowance { get; init; } = Allowance.Unlimited;

    public OperationCause Cause { get; init; }

    /// <summary>The image to deploy; null = what new stacks get.</summary>
    public string? Image { get; init; }

    /// <summary>The owner's own variables, all of them; null = none are given.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The same as what differs from the variables that the stack has.</summary>
    public EnvironmentChange? EnvironmentChange { get; init; }
}

/// <summary>What became of a wish for an operation.</summary>
public abstract record BeginResult
{
    private BeginResult()
    {
    }

    /// <summary>Nothing was begun, and why.</summary>
    public abstract record Refusal : BeginResult
    {
        private protected Refusal()
        {
        }
    }

    /// <param name="Existing">
    /// Nothing new was begun: the same request had been made before, or the same operation is at work on the stack already.
    /// </param>
    public sealed record Started(DeploymentSnapshot Deployment, bool Existing) : BeginResult
    {
        /// <summary>Stored together with its job: nothing is left to hand over.</summary>
        public bool IsEnqueued { get; init; }
    }

    /// <summary>Illegal or reserved.</summary>
    public sealed record NameRefused(NameVerdict Verdict) : Refusal;

    /// <summary>The caller's own stack has this name already.</summary>
    public sealed record NameYours(string DeploymentId) : Refusal;

    /// <summary>Somebody else has it, or is choosing it right now.</summary>
    public sealed record NameTaken(bool BeingChosen, IReadOnlyList<StackName> Suggestions) : Refusal;

    /// <summary>The stack is not in a state in which this may begin, or something else works on it.</summary>
    /// <param name="DeploymentId">The newest operation on the stack.</param>
    public sealed record NotNow(StackState State, string DeploymentId) : Refusal;

    /// <summary>The confirmation is not the stack's name.</summary>
    public sealed record ConfirmationDiffers(StackName Name) : Refusal;

    /// <summary>The same request id came with another wish.</summary>
    public sealed record RequestIdReused(StackName OtherName) : Refusal;

    /// <summary>One of the variables cannot be had, or they are too many.</summary>
    public sealed record VariablesRefused(EnvironmentRefusal Reason) : Refusal;

    /// <summary>No such stack, or it is gone already.</summary>
    public sealed record NotFound : Refusal;

    /// <summary>The owner has as many stacks as they may have.</summary>
    public sealed record QuotaReached(int Limit) : Refusal;

    /// <summary>Too much was begun in a short time.</summary>
    public sealed record TooMany(TimeSpan Wait) : Refusal;

    /// <summary>The person may not. Never an answer of this room: whoever asks for a person decides it.</summary>
    public sealed record NotAllowed : Refusal;

    /// <summary>The portal is under maintenance: nothing new begins until then. Decided with <see cref="NotAllowed"/>, and not in this room.</summary>
    /// <param name="Text">What the administrator has to say.</param>
    public sealed record UnderMaintenance(BilingualText Text, DateTimeOffset Until) : Refusal;

    /// <summary>The portal cannot write now.</summary>
    public sealed record StorageUnavailable : Refusal;
}

public enum CancelResult
{
    /// <summary>It had not begun; it is cancelled.</summary>
    Cancelled,

    /// <summary>It stops at the next safe point and removes what it made.</summary>
    Requested,

    AlreadyEnding,
    AlreadyEnded,

    /// <summary>It is a deletion, and has begun or waits for its turn: it goes on to its end.</summary>
    CannotBeCancelled,

    NotFound,

    /// <inheritdoc cref="BeginResult.NotAllowed"/>
    NotAllowed,
}

/// <summary>What became of a new label and description.</summary>
public enum DescribeResult
{
    Done,

    /// <summary>One of the two has too many characters.</summary>
    TooLong,

    /// <summary>No such stack, or it is gone already.</summary>
    NotFound,

    /// <inheritdoc cref="BeginResult.NotAllowed"/>
    NotAllowed,
}

/// <summary>What became of handing a stack over to another person.</summary>
public abstract record HandoverResult
{
    private HandoverResult()
    {
    }

    /// <param name="FormerOwnerId">Whose it was.</param>
    /// <param name="OwnerName">What the new owner is called.</param>
    public sealed record Done(string FormerOwnerId, string OwnerName) : HandoverResult;

    /// <summary>No such stack, or it is gone already.</summary>
    public sealed record NotFound : HandoverResult;

    /// <summary>Nobody with this id has ever signed in.</summary>
    public sealed record PersonNotFound : HandoverResult;

    /// <summary>An operation waits or runs on it.</summary>
    public sealed record Busy(string DeploymentId) : HandoverResult;

    /// <inheritdoc cref="BeginResult.NotAllowed"/>
    public sealed record NotAllowed : HandoverResult;
}
