namespace AiStackDeployer.Core.Connections;

/// <summary>The one DNS record that leads every name below the stacks' suffix to Traefik.</summary>
public interface IWildcardRecord
{
    /// <summary>Changes nothing. Faults outside are part of the answer and never thrown.</summary>
    Task<WildcardState> LookAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Looks, carries out what <see cref="WildcardState.Plan"/> says at that moment, and reads it back. Returns the plan that was
    /// carried out, or a <see cref="WildcardChange.NotPossible"/>.
    /// </summary>
    Task<WildcardChange> RepairAsync(CancellationToken cancellationToken);
}

/// <summary>The record as the resolver sees it, and as Hetzner's zone holds it where a token is set.</summary>
public sealed record WildcardState
{
    /// <summary><c>*.ai.example.org</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it leads as seen from here, against where it should.</summary>
    public required ConnectionResult World { get; init; }

    /// <summary>What could be learnt at Hetzner.</summary>
    public required ConnectionResult Zone { get; init; }

    /// <summary>Null when there is none, or it could not be read.</summary>
    public WildcardEntry? Entry { get; init; }

    /// <summary>What a repair would do now.</summary>
    public required WildcardChange Plan { get; init; }
}

/// <summary>The record sets of the wildcard in its zone.</summary>
/// <param name="Name">Relative to the zone: <c>*</c> or <c>*.ai</c>.</param>
/// <param name="Addresses">The A records' values.</param>
/// <param name="Ipv6Addresses">The AAAA records' values.</param>
/// <param name="Alias">The CNAME record's value.</param>
/// <param name="Ttl">Of the A records, in seconds; null = the zone's.</param>
public sealed record WildcardEntry(
    string Zone, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Ipv6Addresses, string? Alias, int? Ttl);

/// <summary>What a repair would do, or has done: one type, so that what was shown is what is carried out.</summary>
public abstract record WildcardChange
{
    private WildcardChange()
    {
    }

    /// <summary>The record is right.</summary>
    public sealed record None : WildcardChange;

    /// <param name="From">The A records' values before; empty = the record is created.</param>
    /// <param name="Ttl">Seconds; null = the record keeps its own.</param>
    public sealed record Write(string Zone, string Name, IReadOnlyList<string> From, string To, int? Ttl) : WildcardChange
    {
        public bool IsNew => From.Count == 0;
    }

    /// <summary>Nothing was sent that changes anything.</summary>
    public record NotPossible(ConnectionResult Why) : WildcardChange;

    /// <summary>Hetzner failed.</summary>
    /// <param name="MayHaveHappened">The record may have been written all the same.</param>
    public sealed record Failed(ConnectionResult Why, bool MayHaveHappened) : NotPossible(Why);
}
