using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>One policy for the stacks of everybody.</summary>
internal sealed class OneLifePolicy(LifePolicy policy) : ILifePolicies
{
    public Task<Func<string, LifePolicy>?> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Func<string, LifePolicy>?>(policy == LifePolicy.None ? null : _ => policy);
}
