namespace AiStackDeployer.Core.Naming;

/// <summary>One broken rule. A name may break several; <see cref="Empty"/> always stands alone.</summary>
public enum NameFault
{
    Empty,
    TooShort,
    TooLong,
    IllegalCharacter,
    LeadingHyphen,
    TrailingHyphen,
    Punycode,
    Reserved,
}

/// <summary>
/// The stable codes of the faults: what REST and MCP callers switch on, and the keys of the sentences.
/// A code never changes its meaning once released.
/// </summary>
public static class NameFaultCodes
{
    public static string ToCode(this NameFault fault) => fault switch
    {
        NameFault.Empty => "name-empty",
        NameFault.TooShort => "name-too-short",
        NameFault.TooLong => "name-too-long",
        NameFault.IllegalCharacter => "name-illegal-character",
        NameFault.LeadingHyphen => "name-leading-hyphen",
        NameFault.TrailingHyphen => "name-trailing-hyphen",
        NameFault.Punycode => "name-punycode",
        NameFault.Reserved => "name-reserved",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "This fault has no code."),
    };
}
