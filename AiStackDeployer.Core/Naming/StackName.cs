using System.Diagnostics.CodeAnalysis;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// The name a stack lives under: 3-20 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, no hyphen first or last,
/// not starting with <c>xn--</c>. Whoever holds one need not check the shape again. Whether the name is reserved is
/// not part of the shape, because the list of reserved names is a setting and stored names outlive settings.
/// </summary>
public readonly record struct StackName
{
    public const int MinLength = 3;
    public const int MaxLength = 20;

    private readonly string? _value;

    private StackName(string value) => _value = value;

    /// <summary>The name itself, which is also the first label of the stack's host name.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default(StackName)</c>, which names nothing.</exception>
    public string Value => _value ?? throw new InvalidOperationException("An unset StackName has no value.");

    /// <summary>The name of the Dokploy project that holds the stack.</summary>
    public string ProjectName => ProjectPrefix + Value;

    /// <summary>With which the name of every stack's project in Dokploy begins.</summary>
    public const string ProjectPrefix = "ai-stack-";

    /// <summary>
    /// Takes text that already is a legal name, character for character. What a person typed goes through
    /// <see cref="NameRules.Check"/> instead, which trims, lower-cases and knows the reserved names.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StackName name)
    {
        var legal = text is not null && StackNameValidator.HasLegalShape(text);
        name = legal ? new StackName(text!) : default;
        return legal;
    }

    /// <summary>Reads back a name this program stored.</summary>
    /// <exception cref="FormatException">The stored text is no legal name, so the store was changed by other hands.</exception>
    public static StackName FromStored(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException("The stored stack name has no legal shape.");

    public override string ToString() => _value ?? "";

    /// <summary>A name may stand wherever text is wanted; the other way leads through <see cref="TryParse"/>.</summary>
    public static implicit operator string(StackName name) => name.Value;
}
