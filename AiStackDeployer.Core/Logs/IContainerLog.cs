using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Logs;

/// <summary>What a stack's containers wrote themselves, and what must not be shown of a stack.</summary>
public interface IContainerLog
{
    /// <summary>The last lines in the order of time, masked; null when they cannot be read now.</summary>
    /// <exception cref="SecretUnreadableException">What must be masked is not known.</exception>
    Task<IReadOnlyList<ContainerLine>?> ReadLinesAsync(Stack stack, int most, CancellationToken cancellationToken);

    /// <summary>Hides the secrets of a stack in one line of text.</summary>
    /// <exception cref="SecretUnreadableException">What must be masked is not known.</exception>
    Func<string, string> MaskOf(Stack stack);
}

/// <param name="At">A line without a time of its own has that of the one before it.</param>
public readonly record struct ContainerLine(DateTimeOffset At, string Text);
