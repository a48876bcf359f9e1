using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Gates as a test wants them: each stack has one unless it says otherwise.</summary>
internal sealed class KnownGates : IStackGates
{
    public bool AreMissing { get; set; }

    public StackActivity? Told { get; set; }

    public Task<bool> HasGateAsync(Stack stack, CancellationToken cancellationToken) => Task.FromResult(!AreMissing);

    public Task<StackActivity?> AskAsync(Stack stack, CancellationToken cancellationToken) => Task.FromResult(Told);

    public int? Sessions { get; set; }

    public Task<int?> CountSessionsAsync(Stack stack, CancellationToken cancellationToken) => Task.FromResult(Sessions);

    public StackActivity? LastTold(string stackId) => Told;

    public bool IsKnownWithout(string stackId) => AreMissing;
}
