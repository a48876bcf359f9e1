using System.Text.Json;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Rollouts;

/// <summary>
/// Roll-outs: one at a time for the whole portal, stored as one value. Each change is written only over what it was made from, and before
/// anything begins by it; so of two that look at the same moment one goes on, and after a crash the next one does.
/// </summary>
public sealed partial class RolloutService(
    IPortalValues values, IDeploymentStore store, DeploymentService deployments, IStackGates gates, IStackImages images, StackVolumes volumes, Ids ids, TimeProvider time,
    ILogger<RolloutService> logger)
{
    /// <summary>Of one roll-out: it is written as a whole with each step.</summary>
    public const int MostStacks = 2_000;

    public const int LargestWave = 50;

    private const string Key = "rollout";
    private const int Attempts = 5;

    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<RolloutBook> ReadAsync(CancellationToken cancellationToken) => Read(await values.ReadAsync(Key, cancellationToken));

    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public async Task<RolloutResult> StartAsync(RolloutWish wish, string personId, string personName, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(wish, cancellationToken);
        if (RefusalOf(wish, preview) is { } refusal)
        {
            return new RolloutResult.Refused(refusal);
        }
        var canary = preview.Rows.FirstOrDefault(row => row.Stack.State == StackState.Ready && row.Stack.Name.Value == wish.Canary?.Trim()) ?? (wish.Canary is null ? preview.Canary : null);
        if (canary is null)
        {
            return new RolloutResult.Refused(RolloutRefusal.CanaryUnknown);
        }
        var started = new Rollout
        {
            Id = ids.NewRequestId(), StartedAt = time.GetUtcNow(), StartedBy = personName,
            Plan = new RolloutPlan(
                wish.Image, canary.Stack.Id, wish.WaveSize, wish.StopAfter, wish.WaitHours, wish.AfterWait, wish.PauseAfterCanary,
                preview.NeedsCopies),
            // What is stopped may have been started by the time its turn comes.
            Stacks = [.. preview.Rows.OrderBy(row => row != canary).ThenBy(row => row.Stack.State == StackState.Stopped).Take(MostStacks)
                .Select(row => new RolloutStack(row.Stack.Id, row.Stack.Name, row.Stack.Image))],
        };
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var stored = await values.ReadAsync(Key, cancellationToken);
            var book = Read(stored);
            if (book.Newest is { IsActive: true })
            {
                return new RolloutResult.Refused(RolloutRefusal.AnotherActive);
            }
            var past = book.Newest is { } before ? book.Past.Prepend(PastRollout.Of(before)).Take(RolloutBook.MostPast) : book.Past;
            if (await TryWriteAsync(stored, new RolloutBook(started, [.. past]), personId, cancellationToken))
            {
                Changed(started.Id, RolloutPhase.Running, started.Plan.Image, started.Stacks.Count);
                await TickAsync(cancellationToken);
                return new RolloutResult.Done(started);
            }
        }
        return new RolloutResult.Refused(RolloutRefusal.AnotherActive);
    }

    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public async Task<RolloutResult> ActAsync(string rolloutId, RolloutAct act, string personId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var stored = await values.ReadAsync(Key, cancellationToken);
            var book = Read(stored);
            if (book.Newest is not { } now || now.Id != rolloutId)
            {
                return new RolloutResult.NotFound();
            }
            if (!now.MayDo(act))
            {
                return new RolloutResult.NotNow();
            }
            var next = now.After(act);
            if (await TryWriteAsync(stored, book with { Newest = next }, personId, cancellationToken))
            {
                Changed(next.Id, next.Phase, next.Plan.Image, next.Stacks.Count);
                await TickAsync(cancellationToken);
                return new RolloutResult.Done(next);
            }
        }
        return new RolloutResult.NotNow();
    }

    /// <summary>One look and one step. Any number of these at the same time, in any process.</summary>
    /// <exception cref="StorageUnavailableException">What is not stored has not begun.</exception>
    public async Task<RolloutPace> TickAsync(CancellationToken cancellationToken)
    {
        var stored = await values.ReadAsync(Key, cancellationToken);
        var book = Read(stored);
        if (book.Newest is not { } rollout || !(rollout.IsActive || rollout is { Phase: RolloutPhase.Cancelled, EndedAt: null }))
        {
            return RolloutPace.Nothing;
        }
        var step = RolloutRule.Decide(rollout, await LookAsync(rollout, cancellationToken), time.GetUtcNow());
        if (!await TryWriteAsync(stored, book with { Newest = step.Next }, "", cancellationToken))
        {
            // Somebody was quicker, and begins what there is to begin.
            return RolloutPace.Soon;
        }
        if (step.Next.Phase != rollout.Phase)
        {
            Changed(step.Next.Id, step.Next.Phase, step.Next.Plan.Image, step.Next.Stacks.Count);
        }
        foreach (var one in step.Begin)
        {
            var result = await deployments.BeginAsync(
                new OperationRequest { Operation = OperationCatalog.Redeploy, StackId = one.StackId, Image = one.Image, RequestId = one.RequestId, Cause = OperationCause.Batch },
                cancellationToken);
            Begun(one.StackId, one.Image, result.GetType().Name);
        }
        // After the end of a wave too: the next one is chosen among stacks that were not looked at while it ran.
        return rollout.Stacks.Concat(step.Next.Stacks).Any(stack => stack.IsUnderWay) ? RolloutPace.Soon
            : step.Next.Phase is RolloutPhase.Running or RolloutPhase.GoingBack ? RolloutPace.Later
            : RolloutPace.Nothing;
    }

    private static RolloutBook Read(string? json) => json is null ? RolloutBook.Empty : JsonSerializer.Deserialize(json, RolloutJsonContext.Default.RolloutBook)!;

    /// <returns>False = somebody has changed it meanwhile.</returns>
    private async Task<bool> TryWriteAsync(string? before, RolloutBook book, string changedBy, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(book, RolloutJsonContext.Default.RolloutBook);
        return json == before || await values.TryWriteAsync(Key, before, json, changedBy, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Roll-out {RolloutId} is {Phase}: {Image} for {Stacks} stacks")]
    private partial void Changed(string rolloutId, RolloutPhase phase, string image, int stacks);

    [LoggerMessage(Level = LogLevel.Information, Message = "The roll-out begins {Image} on {StackId}: {Result}")]
    private partial void Begun(string stackId, string image, string result);
}

/// <summary>When to look at a roll-out again.</summary>
public enum RolloutPace
{
    /// <summary>When somebody does something with it.</summary>
    Nothing,

    /// <summary>Something runs.</summary>
    Soon,

    /// <summary>What is left is in use.</summary>
    Later,
}
