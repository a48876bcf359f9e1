using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Everything the beginning of an operation writes. Either <see cref="Claim"/> or <see cref="StackId"/> is set.</summary>
public sealed record NewOperation
{
    public required Operation Operation { get; init; }

    public required string DeploymentId { get; init; }

    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>For an operation that makes a stack.</summary>
    public StackClaim? Claim { get; init; }

    /// <summary>For an operation on a stack that exists.</summary>
    public string? StackId { get; init; }

    public string? ConfirmName { get; init; }

    public OperationCause Cause { get; init; }

    /// <summary>What the stack gets by it.</summary>
    public StackChange? Change { get; init; }
}

/// <summary>A claim of a name.</summary>
/// <param name="NewStack">The stack to make when the name is new; an own failed stack of this name is used again instead.</param>
/// <param name="HolderId">The form whose hold of the name is used up by it; null when no form asks.</param>
/// <param name="FailedNamesFreeBefore">A stack that failed before this no longer keeps its name from others.</param>
public sealed record StackClaim(Stack NewStack, string? HolderId, DateTimeOffset FailedNamesFreeBefore)
{
    /// <summary>How many stacks the owner may have, this one included; null = any number.</summary>
    public int? StackLimit { get; init; }
}
