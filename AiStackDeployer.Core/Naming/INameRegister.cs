namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Who wants a name: one open form and the person in front of it. A hold belongs to the form, but stands in the way
/// only of other persons, so that a reloaded page or a second tab never locks out its own owner.
/// </summary>
public sealed record NameHolder(string HolderId, string OwnerId);

/// <summary>A name in use. <paramref name="DeploymentId"/> is the deployment in progress, or the last one.</summary>
public sealed record NameClaim(string OwnerId, string? DeploymentId);

/// <summary>A lease on a free name while its form is open. It ends by itself at <paramref name="Until"/>.</summary>
public sealed record NameHold(string HolderId, string OwnerId, DateTimeOffset Until)
{
    /// <summary>One form, and a second tab.</summary>
    public const int MostOfOnePerson = 2;
}

/// <summary>What the portal's own database knows of a name; both null means nothing.</summary>
public sealed record NameStanding(NameClaim? Claim, NameHold? Hold);

/// <summary>How an attempt to hold a name ended.</summary>
public abstract record HoldResult
{
    private HoldResult() { }

    /// <summary>The hold is this form's until the given moment, newly or again.</summary>
    public sealed record Held(DateTimeOffset Until) : HoldResult;

    /// <summary>A form of another person holds the name.</summary>
    public sealed record HeldByOther : HoldResult;

    /// <summary>The name is free, but other forms of the same person hold as many names as one person may.</summary>
    public sealed record TooMany : HoldResult;

    /// <summary>The name is in use, by whomever.</summary>
    public sealed record Claimed : HoldResult;
}

/// <summary>The names in the portal's database: claims that last and holds that run out.</summary>
public interface INameRegister
{
    /// <summary>The claim and the live hold (one with <c>Until</c> after <paramref name="now"/>) of a name.</summary>
    Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Those of the names that are claimed or held by anybody, in one question.</summary>
    Task<IReadOnlySet<StackName>> FindOccupiedAsync(IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Holds a name for a form, or renews its hold, in one atomic step. A hold that ran out, and one of another form of
    /// the same owner, is taken over. When the name becomes held, this form's holds on other names are let go in the
    /// same step; when it does not, they stay.
    /// </summary>
    Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Lets go of whatever the form holds; nothing when it holds nothing.</summary>
    Task ReleaseAsync(string holderId, CancellationToken cancellationToken);
}
