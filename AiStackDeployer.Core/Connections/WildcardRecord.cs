namespace AiStackDeployer.Core.Connections;

/// <summary>The one DNS record that leads every name below the stacks' suffix to Traefik, as pages and API see and repair it.</summary>
public interface IWildcardRecord
{
    /// <summary>Never throws for what it meets outside: that is in the answer.</summary>
    Task<WildcardState> LookAsync(CancellationToken cancellationToken);

    /// <summary>Looks first, and changes at most this one record.</summary>
    Task<WildcardRepairResult> RepairAsync(CancellationToken cancellationToken);
}

/// <summary>How it stands: in the world, and in the zone at Hetzner where a token is set.</summary>
public sealed record WildcardState
{
    /// <summary><c>*.ai.example.org</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it leads as seen from here, against where it should.</summary>
    public required ConnectionResult World { get; init; }

    /// <summary>What could be learnt at Hetzner.</summary>
    public required ConnectionResult Zone { get; init; }

    /// <summary>Null when there is none, or it could not be read.</summary>
    public WildcardZoneEntry? Entry { get; init; }

    public required WildcardPlan Plan { get; init; }
}

/// <summary>The record sets of the wildcard in its zone.</summary>
/// <param name="Name">Relative to the zone: <c>*</c> or <c>*.ai</c>.</param>
/// <param name="Addresses">The A records' values.</param>
/// <param name="Ipv6Addresses">The AAAA records' values.</param>
/// <param name="Alias">The CNAME record's value.</param>
/// <param name="Ttl">Of the A records, in seconds; null = the zone's.</param>
public sealed record WildcardZoneEntry(
    string Zone, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Ipv6Addresses, string? Alias, int? Ttl);

/// <summary>What a repair would do now.</summary>
public abstract record WildcardPlan
{
    private WildcardPlan()
    {
    }

    public sealed record NothingToDo : WildcardPlan;

    /// <param name="Ttl">Seconds.</param>
    public sealed record Create(string Zone, string Name, string Address, int Ttl) : WildcardPlan;

    public sealed record Change(string Zone, string Name, IReadOnlyList<string> From, string Address) : WildcardPlan;

    public sealed record NotPossible(ConnectionResult Why) : WildcardPlan;
}

/// <summary>What a repair did.</summary>
public abstract record WildcardRepairResult
{
    private WildcardRepairResult()
    {
    }

    /// <summary>Nothing was written.</summary>
    public sealed record AlreadyRight : WildcardRepairResult;

    public sealed record Created(string Zone, string Name, string Address) : WildcardRepairResult;

    public sealed record Changed(string Zone, string Name, IReadOnlyList<string> From, string Address) : WildcardRepairResult;

    /// <summary>Not even tried.</summary>
    public sealed record NotPossible(ConnectionResult Why) : WildcardRepairResult;

    /// <param name="MayHaveHappened">The record may have been written all the same.</param>
    public sealed record Failed(ConnectionResult Why, bool MayHaveHappened) : WildcardRepairResult;
}
