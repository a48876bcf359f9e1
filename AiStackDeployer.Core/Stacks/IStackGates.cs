namespace AiStackDeployer.Core.Stacks;

/// <summary>The gates of stacks: whether there is one, and what it tells.</summary>
public interface IStackGates
{
    /// <summary>
    /// Whether a ticket leads into the stack: asked, unless it is known already. Images from before the gate have none; false also for
    /// a stack that does not answer.
    /// </summary>
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    Task<bool> HasGateAsync(Stack stack, CancellationToken cancellationToken);

    /// <summary>Asks the gate now; null = there is none, or it does not answer.</summary>
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    Task<StackActivity?> AskAsync(Stack stack, CancellationToken cancellationToken);

    /// <summary>How many sessions the stack's OpenCode keeps; null = it does not tell. May take half a minute.</summary>
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    Task<int?> CountSessionsAsync(Stack stack, CancellationToken cancellationToken);

    /// <summary>What the gate told when it was last asked; null = nothing is known.</summary>
    StackActivity? LastTold(string stackId);

    /// <summary>Whether the stack answered, and not as one with a gate.</summary>
    bool IsKnownWithout(string stackId);
}
