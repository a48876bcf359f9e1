using System.Threading.RateLimiting;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>
/// Looks at one stack and stores what has changed. All looks, of the rounds and of people, share one rate and one limit of looks at
/// the same time.
/// </summary>
internal sealed partial class HealthChecks(
    IDeploymentStore store,
    IAddressProbe probe,
    IMissingParts missing,
    LastSeenTimes seen,
    HealthOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<HealthChecks> logger) : IHealthChecks, IDisposable
{
    private readonly RateLimiter _limit = RateLimiter.CreateChained(
        new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.PerSecond, TokensPerPeriod = options.PerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = int.MaxValue,
        }),
        new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.Parallel, QueueLimit = int.MaxValue }));

    public void CheckSoon(IEnumerable<string> stackIds)
    {
        foreach (var id in stackIds.Where(MayBeginLook))
        {
            _ = Task.Run(() => LookAndStoreAsync(id, lifetime.ApplicationStopping), CancellationToken.None);
        }
    }

    /// <summary>Looks when it is its turn, unless somebody has just looked.</summary>
    public Task CheckAsync(string stackId, CancellationToken cancellationToken) =>
        MayBeginLook(stackId) ? LookAndStoreAsync(stackId, cancellationToken) : Task.CompletedTask;

    public void Dispose() => _limit.Dispose();

    /// <summary>Whoever may begin must look: for a while nobody else does.</summary>
    private bool MayBeginLook(string stackId) => seen.TryBeginLook(stackId, time.GetUtcNow(), options.Fresh);

    private async Task LookAndStoreAsync(string stackId, CancellationToken cancellationToken)
    {
        try
        {
            using var lease = await _limit.AcquireAsync(1, cancellationToken);
            if (await store.FindStackAsync(stackId, cancellationToken) is not { State: StackState.Ready } stack
                || time.GetUtcNow() - stack.Health.SeenAt < options.Fresh)
            {
                return;
            }
            var (finding, at) = await LookAsync(stack, cancellationToken);
            if (finding.Layer is null)
            {
                seen.Answered(stack.Id, at);
            }
            await StoreAsync(stack, finding, at);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            // What is known stays as it is; the next round looks again.
            NotChecked(stackId, e.Message);
        }
        catch (Exception e)
        {
            // Nobody waits for a look in the background, and the others of a round must not suffer.
            Failed(e, stackId);
        }
    }

    private async Task<(HealthFinding Finding, DateTimeOffset At)> LookAsync(Stack stack, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var finding = await probe.LookAsync(stack, cancellationToken);
        if (finding.Layer is not null && !stack.Health.IsFailing())
        {
            // A restart, a lost packet: once is nothing to alarm people about.
            await Task.Delay(options.SecondLookAfter, time, cancellationToken);
            finding = await probe.LookAsync(stack, cancellationToken);
        }
        return (finding.Layer is null ? finding : await missing.CompleteAsync(stack, finding, cancellationToken), at);
    }

    private async Task StoreAsync(Stack stack, HealthFinding finding, DateTimeOffset at)
    {
        var known = seen.Complete(stack.Id, stack.Health);
        var next = known.After(finding, at);
        var isNews = next.IsNews(known)
            || (finding.Layer is null && (finding.Version, finding.Path) != (stack.OpenCodeVersion, stack.HealthPath));
        if (isNews && await store.ChangeAsync(
            stack.LastDeploymentId, deployment => deployment.RecordLook(known, finding, at), CancellationToken.None))
        {
            Changed(stack.LastDeploymentId, stack.Id, next.State, next.Layer, next.Missing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{DeploymentId}: stack {StackId} is {Health} (layer {Layer}, missing {Missing})")]
    private partial void Changed(string deploymentId, string stackId, HealthState health, AddressLayer? layer, MissingPart? missing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stack {StackId} could not be looked at: {Reason}")]
    private partial void NotChecked(string stackId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking at stack {StackId} failed")]
    private partial void Failed(Exception e, string stackId);
}
