using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

/// <summary>The register's contract in memory, with a record of what was asked of it.</summary>
internal sealed class FakeRegister : INameRegister
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StackName, NameClaim> _claims = [];
    private readonly Dictionary<StackName, NameHold> _holds = [];
    private readonly List<string> _writes = [];

    /// <summary>Runs before the next hold is tried, once: to throw, or to let somebody else be quicker.</summary>
    public Action? BeforeNextHold { get; set; }

    /// <summary>Runs after the next hold was written, once.</summary>
    public Action? AfterNextHold { get; set; }

    /// <summary>A name cannot be let go.</summary>
    public bool IsDown { get; set; }

    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    public void Claim(string name, string ownerId, string? deploymentId = null) =>
        _claims[StackName.FromStored(name)] = new NameClaim(ownerId, deploymentId);

    public void Hold(string name, NameHolder holder, DateTimeOffset until)
    {
        lock (_gate)
        {
            _holds[StackName.FromStored(name)] = new NameHold(holder.HolderId, holder.OwnerId, until);
        }
    }

    public IReadOnlyList<string> HeldBy(string holderId, DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _holds.Where(hold => hold.Value.HolderId == holderId && hold.Value.Until > now).Select(hold => hold.Key.Value)];
        }
    }

    public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(new NameStanding(_claims.GetValueOrDefault(name), LiveHold(name, now)));
        }
    }

    public Task<IReadOnlySet<StackName>> FindOccupiedAsync(
        IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlySet<StackName>>(
                names.Where(name => _claims.ContainsKey(name) || LiveHold(name, now) is not null).ToHashSet());
        }
    }

    public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        RunOnce(BeforeNextHold, () => BeforeNextHold = null);
        lock (_gate)
        {
            _writes.Add("hold " + name);
            if (_claims.ContainsKey(name))
            {
                return Task.FromResult<HoldResult>(new HoldResult.Claimed());
            }

            if (LiveHold(name, now) is { } hold && hold.OwnerId != holder.OwnerId)
            {
                return Task.FromResult<HoldResult>(new HoldResult.HeldByOther());
            }

            if (_holds.Count(h => h.Value.OwnerId == holder.OwnerId && h.Value.HolderId != holder.HolderId && h.Key != name && h.Value.Until > now) >= NameHold.MostOfOnePerson)
            {
                return Task.FromResult<HoldResult>(new HoldResult.TooMany());
            }

            RemoveHoldsOf(holder.HolderId);
            _holds[name] = new NameHold(holder.HolderId, holder.OwnerId, until);
        }

        RunOnce(AfterNextHold, () => AfterNextHold = null);
        return Task.FromResult<HoldResult>(new HoldResult.Held(until));
    }

    public Task ReleaseAsync(string holderId, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            throw new IOException("disk full");
        }
        lock (_gate)
        {
            _writes.Add("release " + holderId);
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
        _holds.TryGetValue(name, out var hold) && hold.Until > now ? hold : null;

    private void RemoveHoldsOf(string holderId)
    {
        foreach (var name in _holds.Where(hold => hold.Value.HolderId == holderId).Select(hold => hold.Key).ToList())
        {
            _holds.Remove(name);
        }
    }
}
