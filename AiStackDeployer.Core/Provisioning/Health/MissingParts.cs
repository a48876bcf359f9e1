using System.Threading.RateLimiting;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>
/// Asks Dokploy what is gone of a stack that does not answer: at most three calls, for few stacks at a time. When the proxy in front
/// of all stacks is down, thousands fail at once, and Dokploy must not be buried in questions then.
/// </summary>
internal sealed class MissingParts(DokployClient dokploy) : IMissingParts, IDisposable
{
    private readonly TokenBucketRateLimiter _pace = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 10, TokensPerPeriod = 2, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
    });

    public async Task<HealthFinding> CompleteAsync(Stack stack, HealthFinding finding, CancellationToken cancellationToken)
    {
        using var lease = _pace.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            return finding with { IsDokployUnknown = true };
        }
        try
        {
            return finding with { Missing = await FindAsync(stack, cancellationToken) };
        }
        catch (DokployException)
        {
            // Unreachable, or the key may not see it: that says nothing about the stack.
            return finding with { IsDokployUnknown = true };
        }
    }

    public void Dispose() => _pace.Dispose();

    private async Task<MissingPart?> FindAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.ApplicationId is not { } applicationId)
        {
            return null;
        }
        if (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is not { } application)
        {
            return stack.ProjectId is { } project && await dokploy.GetProjectAsync(project, cancellationToken) is null
                ? MissingPart.Project
                : MissingPart.Application;
        }
        if (!application.Domains.Any(domain => domain.Host == new Uri(stack.Url).Host))
        {
            return MissingPart.Domain;
        }
        return await dokploy.GetServiceAsync(application.AppName, cancellationToken) is null ? MissingPart.Service : null;
    }
}
