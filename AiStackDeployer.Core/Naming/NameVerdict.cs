namespace AiStackDeployer.Core.Naming;

/// <summary>What the rules say about a typed text, before anybody is asked whether the name is free.</summary>
public sealed record NameVerdict
{
    /// <summary>
    /// The typed text trimmed and lower-cased, cut to <see cref="TypedName.DisplayLength"/> characters and without
    /// control, format and unpaired surrogate characters. Still to be encoded for HTML like any text.
    /// </summary>
    public required string Normalized { get; init; }

    /// <summary>The name, exactly when no rule is broken.</summary>
    public required StackName? Name { get; init; }

    /// <summary>The broken rules in the order of <see cref="NameFault"/>; empty for a valid name.</summary>
    public required IReadOnlyList<NameFault> Faults { get; init; }

    /// <summary>The nearest name that passes every rule, for "Try …"; null for a valid name and where there is none.</summary>
    public required StackName? LegalForm { get; init; }

    public bool IsValid => Name is not null;

    /// <summary>True when the shape is fine and only the list of reserved names stands in the way.</summary>
    public bool IsOnlyReserved => Faults is [NameFault.Reserved];
}
