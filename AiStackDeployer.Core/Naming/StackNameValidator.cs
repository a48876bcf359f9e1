using System.Buffers;
using FluentValidation;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// The one place that decides what a stack may be called; form, REST, MCP and stored names all come here. Every broken
/// rule is reported, each with its own code as both <c>ErrorCode</c> and message (the sentences belong to whoever
/// shows them) and its <see cref="NameFault"/> as <c>CustomState</c>.
/// </summary>
/// <remarks>
/// The shape is that of a DNS label (RFC 1123) made stricter, because a name becomes the first label of a host.
/// <c>xn--</c> starts an encoded international label (RFC 5890), which a browser would show as something else.
/// </remarks>
public sealed class StackNameValidator : AbstractValidator<TypedName>
{
    private static readonly SearchValues<char> Legal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly StackNameValidator ShapeOnly = new(ReservedNames.None);

    public StackNameValidator(ReservedNames reserved)
    {
        Refuse(NameFault.Empty, name => name.Text.Length == 0 && !name.IsCut);
        When(name => name.Text.Length > 0 || name.IsCut, () =>
        {
            Refuse(NameFault.TooShort, name => name.Text.Length < StackName.MinLength && !name.IsCut);
            Refuse(NameFault.TooLong, name => name.Text.Length > StackName.MaxLength || name.IsCut);
            Refuse(NameFault.IllegalCharacter, name => name.Text.AsSpan().ContainsAnyExcept(Legal));
            Refuse(NameFault.LeadingHyphen, name => name.Text.StartsWith('-'));
            Refuse(NameFault.TrailingHyphen, name => name.Text.EndsWith('-'));
            Refuse(NameFault.Punycode, name => name.Text.StartsWith("xn--", StringComparison.Ordinal));
            Refuse(NameFault.Reserved, name => reserved.Contains(name.Text));
        });
    }

    /// <summary>Whether the text is a legal name as it stands, the reserved names left aside.</summary>
    internal static bool HasLegalShape(string text)
    {
        var typed = TypedName.From(text);
        return typed.Text == text && ShapeOnly.Validate(typed).IsValid;
    }

    private void Refuse(NameFault fault, Func<TypedName, bool> isBroken) =>
        RuleFor(name => name)
            .Must(name => !isBroken(name))
            .OverridePropertyName("name")
            .WithErrorCode(fault.ToCode())
            .WithMessage(fault.ToCode())
            .WithState(_ => fault);
}
