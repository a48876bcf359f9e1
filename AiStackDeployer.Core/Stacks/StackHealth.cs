namespace AiStackDeployer.Core.Stacks;

/// <summary>Whether a ready stack works now, as far as the portal has looked.</summary>
public enum HealthState
{
    NotLookedAtYet,

    /// <summary>Its program answers at its address.</summary>
    Answering,

    /// <summary>It does not, although Dokploy has everything of it, or Dokploy could not be asked.</summary>
    NotAnswering,

    /// <summary>It does not, and something of it is gone in Dokploy.</summary>
    Missing,
}

/// <summary>Where it ends on the way to a stack's program.</summary>
public enum AddressLayer
{
    /// <summary>The name does not resolve.</summary>
    Dns,

    /// <summary>Nobody accepts the connection.</summary>
    Tcp,

    /// <summary>The certificate is not valid for the name.</summary>
    Tls,

    /// <summary>An HTTP error, as from a proxy in front of nothing.</summary>
    Http,

    /// <summary>Something answers, but not the stack's program.</summary>
    WrongProgram,

    /// <summary>The program refuses the stack's own password.</summary>
    Password,
}

/// <summary>What of a stack is gone in Dokploy; the largest thing that is.</summary>
public enum MissingPart
{
    Project,
    Application,
    Domain,

    /// <summary>The swarm service, and with it the container.</summary>
    Service,
}

/// <summary>What one look at a stack has found.</summary>
/// <param name="Layer">Null = its program answers.</param>
public sealed record HealthFinding(AddressLayer? Layer)
{
    /// <summary>What is gone in Dokploy; null = nothing is.</summary>
    public MissingPart? Missing { get; init; }

    /// <summary>Dokploy was not asked, or could not tell: what was known to be missing may still be.</summary>
    public bool IsDokployUnknown { get; init; }

    /// <summary>The version that the program has told.</summary>
    public string? Version { get; init; }

    /// <summary>The path at which it answered.</summary>
    public string? Path { get; init; }
}

/// <summary>A stack's health: what is shown beside its state while that is <see cref="StackState.Ready"/>.</summary>
/// <param name="Since">Since when it answers, or does not; null while nobody has looked.</param>
/// <param name="SeenAt">When it last answered. As stored, when that was last written: see <see cref="LastSeenTimes"/>.</param>
/// <param name="Layer">Where the last look ended; null while it answers.</param>
/// <param name="Missing">What is gone in Dokploy.</param>
public sealed record StackHealth(
    HealthState State, DateTimeOffset? Since = null, DateTimeOffset? SeenAt = null, AddressLayer? Layer = null, MissingPart? Missing = null)
{
    public static StackHealth Unknown { get; } = new(HealthState.NotLookedAtYet);

    public static StackHealth AnsweringSince(DateTimeOffset at) => new(HealthState.Answering, at, at);

    /// <summary>Known not to work.</summary>
    public bool IsFailing() => State is HealthState.NotAnswering or HealthState.Missing;

    /// <param name="at">When the first look began that found this.</param>
    public StackHealth After(HealthFinding finding, DateTimeOffset at)
    {
        if (finding.Layer is not { } layer)
        {
            return State == HealthState.Answering ? this with { SeenAt = at } : AnsweringSince(at);
        }
        var missing = finding.IsDokployUnknown ? Missing : finding.Missing;
        return new StackHealth(
            missing is null ? HealthState.NotAnswering : HealthState.Missing, IsFailing() ? Since : at, SeenAt, layer, missing);
    }

    /// <summary>Whether the two differ in more than the time it was last seen, which is not worth a write.</summary>
    public bool IsNews(StackHealth before) => this with { SeenAt = null } != before with { SeenAt = null };
}
