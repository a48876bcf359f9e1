using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

/// <summary>The register's contract in memory, with a record of what was asked of it.</summary>
internal sealed class FakeRegister : INameRegister
{
    private readonly Lock gate = new();
    private readonly Dictionary<StackName, NameClaim> claims = [];
    private readonly Dictionary<StackName, NameHold> holds = [];
    private readonly List<string> writes = [];

    /// <summary>Runs before the next hold is tried, once: to throw, or to let somebody else be quicker.</summary>
    public Action? BeforeNextHold { get; set; }

    /// <summary>Runs after the next hold was written, once.</summary>
    public Action? AfterNextHold { get; set; }

    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (gate)
            {
                return [.. writes];
            }
        }
    }

    public void Claim(string name, string ownerId, string? deploymentId = null) =>
        claims[StackName.FromStored(name)] = new NameClaim(ownerId, deploymentId);

    public void Hold(string name, NameHolder holder, DateTimeOffset until)
    {
        lock (gate)
        {
            holds[StackName.FromStored(name)] = new NameHold(holder.HolderId, holder.OwnerId, until);
        }
    }

    public IReadOnlyList<string> HeldBy(string holderId, DateTimeOffset now)
    {
        lock (gate)
        {
            return [.. holds.Where(hold => hold.Value.HolderId == holderId && hold.Value.Until > now).Select(hold => hold.Key.Value)];
        }
    }

    public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult(new NameStanding(claims.GetValueOrDefault(name), LiveHold(name, now)));
        }
    }

    public Task<IReadOnlySet<StackName>> FindOccupiedAsync(
        IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlySet<StackName>>(
                names.Where(name => claims.ContainsKey(name) || LiveHold(name, now) is not null).ToHashSet());
        }
    }

    public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        RunOnce(BeforeNextHold, () => BeforeNextHold = null);
        lock (gate)
        {
            writes.Add("hold " + name);
            if (claims.ContainsKey(name))
            {
                return Task.FromResult<HoldResult>(new HoldResult.Claimed());
            }

            if (LiveHold(name, now) is { } hold && hold.OwnerId != holder.OwnerId)
            {
                return Task.FromResult<HoldResult>(new HoldResult.HeldByOther());
            }

            RemoveHoldsOf(holder.HolderId);
            holds[name] = new NameHold(holder.HolderId, holder.OwnerId, until);
        }

        RunOnce(AfterNextHold, () => AfterNextHold = null);
        return Task.FromResult<HoldResult>(new HoldResult.Held(until));
    }

    public Task ReleaseAsync(string holderId, CancellationToken ct)
    {
        lock (gate)
        {
            writes.Add("release " + holderId);
            RemoveHoldsOf(holderId);
        }

        return Task.CompletedTask;
    }

    private static void RunOnce(Action? action, Action clear)
    {
        clear();
        action?.Invoke();
    }

    private NameHold? LiveHold(StackName name, DateTimeOffset now) =>
        holds.TryGetValue(name, out var hold) && hold.Until > now ? hold : null;

    private void RemoveHoldsOf(string holderId)
    {
        foreach (var name in holds.Where(hold => hold.Value.HolderId == holderId).Select(hold => hold.Key).ToList())
        {
            holds.Remove(name);
        }
    }
}
