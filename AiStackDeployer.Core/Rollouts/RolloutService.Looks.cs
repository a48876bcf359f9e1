using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Rollouts;

/// <content>What is asked of stacks, before a roll-out and during it.</content>
public sealed partial class RolloutService
{
    /// <summary>Somebody who did something so short a time ago is still there.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    /// <summary>A stack that was in use so short a time ago is not asked again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>What a gate told longer ago says nothing of now.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromMinutes(15);

    private const int AskedAtOnce = 16;
    private const int MostAsked = 10 * AskedAtOnce;

    private static readonly StackState[] Movable =
        [StackState.Ready, StackState.Stopped, StackState.Stopping, StackState.Starting, StackState.Updating];

    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<RolloutPreview> PreviewAsync(RolloutWish wish, CancellationToken cancellationToken)
    {
        var rows = new List<StackRow>();
        var query = new StackQuery { Search = wish.Search, Image = wish.FromImage, States = Movable, Sort = StackSort.Used, Descending = false };
        await foreach (var some in deployments.ReadAllStacksAsync(query, cancellationToken))
        {
            rows.AddRange(some.Where(row => row.Stack.Image != wish.Image));
            if (rows.Count > MostStacks)
            {
                break;
            }
        }
        var now = time.GetUtcNow();
        var imageOf = await images.ReadImagesAsync(cancellationToken);
        var told = await deployments.ListStacksAsync(new StackQuery { Image = wish.Image, States = [StackState.Ready], Take = 1 }, cancellationToken);
        var known = told.Rows is [var row] ? MajorOf(row.Stack.OpenCodeVersion) : null;
        return new RolloutPreview(rows)
        {
            Images = [.. rows.GroupBy(row => row.Stack.Image).Select(group => new ImageCount(group.Key, group.Count())).OrderByDescending(image => image.Stacks)],
            InUse = rows.Count(row => IsKnownInUse(row, now)),
            Stopped = rows.Count(row => row.Stack.State == StackState.Stopped),
            ShouldHaveAnother = rows.Count(row => imageOf(row.Stack.OwnerId) != wish.Image),
            Canary = rows.FirstOrDefault(row => row.Stack.State == StackState.Ready && row.Phase.IsTerminal() && !row.Health.IsFailing() && !IsKnownInUse(row, now))
                ?? rows.FirstOrDefault(row => row.Stack.State == StackState.Ready),
            OpenCode = known ?? wish.OpenCode,
            OpenCodeIsTold = known is not null,
            Copies = [.. rows.Where(row => MajorOf(row.Stack.OpenCodeVersion) is not > 1)
                .Select(row => VolumeCopy.Of(volumes, row.Stack.Id, row.Stack.Name, row.Stack.Image)).OfType<VolumeCopy>()],
        };
    }

    /// <summary>How the state volume of one stack of a roll-out is put back; null = there is none.</summary>
    public VolumeCopy? CopyOf(RolloutStack stack) => VolumeCopy.Of(volumes, stack.Id, stack.Name, stack.From);

    private static RolloutRefusal? RefusalOf(RolloutWish wish, RolloutPreview preview) =>
        !ImageName.IsLegal(wish.Image) || !ImageName.IsPinned(wish.Image) ? RolloutRefusal.ImageIllegal
        : wish.WaveSize is < 1 or > LargestWave || wish.StopAfter < 1 || wish.WaitHours is < 0 ? RolloutRefusal.NumbersOutOfRange
        : preview.Rows.Count == 0 ? RolloutRefusal.NothingToDo
        : preview.OpenCode is null && preview.Copies.Count > 0 ? RolloutRefusal.OpenCodeUnknown
        : preview.NeedsCopies && !wish.CopiesAreMade ? RolloutRefusal.CopiesNeeded
        : null;

    private static int? MajorOf(string? version) => int.TryParse(version?.Split('.')[0], out var major) ? major : null;

    /// <summary>Those under way, else those whose turn may come: as many as are needed to find a wave that is not in use.</summary>
    private async Task<IReadOnlyDictionary<string, StackSight>> LookAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, StackSight>();
        var underWay = rollout.Stacks.Where(stack => stack.IsUnderWay).ToList();
        var wanted = underWay.Count > 0 ? underWay : [.. RolloutRule.Candidates(rollout)];
        var rows = (await deployments.FindStacksAsync([.. wanted.Select(stack => stack.Id)], cancellationToken)).ToDictionary(row => row.Stack.Id);
        foreach (var stack in underWay)
        {
            seen[stack.Id] = await LookAsync(rollout, stack, rows.GetValueOrDefault(stack.Id), cancellationToken);
        }
        if (underWay.Count > 0)
        {
            return seen;
        }
        var (asked, idle) = (0, 0);
        foreach (var some in wanted.Chunk(AskedAtOnce))
        {
            var sights = await Task.WhenAll(some.Select(stack => LookAtIdleAsync(rollout, rows.GetValueOrDefault(stack.Id), cancellationToken)));
            foreach (var (stack, (sight, wasAsked)) in some.Zip(sights))
            {
                seen[stack.Id] = sight;
                asked += wasAsked ? 1 : 0;
                idle += sight is { State: StackState.Ready, IsBusy: false, IsInUse: false } ? 1 : 0;
            }
            if (idle >= rollout.Plan.WaveSize || asked >= MostAsked)
            {
                break;
            }
        }
        return seen;
    }

    private async Task<StackSight> LookAsync(Rollout rollout, RolloutStack stack, StackRow? row, CancellationToken cancellationToken)
    {
        var own = stack.State == RolloutStackState.Comparing ? null : await store.FindByRequestAsync(RolloutRule.RequestOf(rollout, stack), cancellationToken);
        var sessions = stack.State == RolloutStackState.Comparing && row is not null ? await CountAsync(row.Stack, cancellationToken) : null;
        return SightOf(row) with { Own = own is null ? null : new OwnOperation(own.Id, own.Phase, own.Failure?.Code), Sessions = sessions };
    }

    private async Task<(StackSight Sight, bool WasAsked)> LookAtIdleAsync(Rollout rollout, StackRow? row, CancellationToken cancellationToken)
    {
        var sight = SightOf(row);
        if (row is null || sight.State != StackState.Ready || sight.IsBusy)
        {
            return (sight, false);
        }
        if (gates.LastTold(row.Stack.Id) is { } before && time.GetUtcNow() - before.ToldAt < Fresh && IsInUse(before, time.GetUtcNow()))
        {
            return (sight with { IsInUse = true }, false);
        }
        var told = await AskAsync(row.Stack, cancellationToken);
        // One without a gate never tells, and one that does not answer is helped by an update; for any other silence is no proof.
        var isInUse = told is null ? !gates.IsKnownWithout(row.Stack.Id) && !row.Health.IsFailing() : IsInUse(told, time.GetUtcNow());
        var sessions = rollout is { Phase: RolloutPhase.Running, Plan.Migrates: true } && !isInUse ? await CountAsync(row.Stack, cancellationToken) : null;
        return (sight with { IsInUse = isInUse, Sessions = sessions }, true);
    }

    private async Task<StackActivity?> AskAsync(Stack stack, CancellationToken cancellationToken)
    {
        try
        {
            return await gates.AskAsync(stack, cancellationToken);
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }

    private async Task<int?> CountAsync(Stack stack, CancellationToken cancellationToken)
    {
        try
        {
            return await gates.CountSessionsAsync(stack, cancellationToken);
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }

    private bool IsKnownInUse(StackRow row, DateTimeOffset now) =>
        row.Stack.State == StackState.Ready && gates.LastTold(row.Stack.Id) is { } told && now - told.ToldAt <= Told && IsInUse(told, now);

    private static bool IsInUse(StackActivity told, DateTimeOffset now) => now - told.LastAtWorkAt < Quiet;

    private static StackSight SightOf(StackRow? row) => row is null
        ? new StackSight(null, null)
        : new StackSight(row.Stack.State, row.Stack.Image, !row.Phase.IsTerminal(), OpenCode: MajorOf(row.Stack.OpenCodeVersion));
}
