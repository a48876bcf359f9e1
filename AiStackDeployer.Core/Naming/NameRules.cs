namespace AiStackDeployer.Core.Naming;

/// <summary>The rules for names as one synchronous question; takes microseconds for any input of any size.</summary>
/// <param name="suffix">The domain that stacks live below, where the address of one is taken for its name.</param>
public sealed class NameRules(ReservedNames reserved, string? suffix = null)
{
    private readonly StackNameValidator _validator = new(reserved);

    public ReservedNames Reserved { get; } = reserved;

    /// <summary>Trims and lower-cases what was typed and says whether it may be a stack's name, and if not, why.</summary>
    public NameVerdict Check(string? typed)
    {
        var text = TypedName.From(typed, suffix);
        var faults = Judge(text);
        var isValid = faults.Length == 0;
        return new NameVerdict
        {
            Normalized = text.ToDisplay(),
            Name = isValid ? StackName.FromStored(text.Text) : null,
            Faults = faults,
            LegalForm = isValid ? null : FindLegalForm(text),
        };
    }

    private NameFault[] Judge(TypedName text) =>
        [.. _validator.Validate(text).Errors.Select(failure => (NameFault)failure.CustomState).Order()];

    private StackName? FindLegalForm(TypedName text) =>
        StackName.TryParse(Transliteration.ToNameLike(text.Text), out var name) && !Reserved.Contains(name) ? name : null;
}
