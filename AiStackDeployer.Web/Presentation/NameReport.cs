using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a program is told about a name. REST and MCP speak through it.</summary>
/// <param name="IsValid">Whether it keeps the rules, taken or not.</param>
/// <param name="Name">As it would be used, or as it was typed where it cannot be.</param>
/// <param name="Code">Null when it can be had; of a broken rule the first, which says more than "invalid".</param>
/// <param name="Suggestions">The nearest legal form first.</param>
internal sealed record NameReport(bool IsAvailable, bool IsValid, string Name, string? Code, string Sentence, IReadOnlyList<string> Suggestions)
{
    public static NameReport Of(NameAvailability availability, NameText text)
    {
        var isAvailable = availability is NameAvailability.Available;
        var verdict = availability switch
        {
            NameAvailability.Invalid invalid => invalid.Verdict,
            NameAvailability.Reserved reserved => reserved.Verdict,
            _ => null,
        };
        var code = verdict is { Faults: [var fault, ..] } ? fault.ToCode() : availability.Code;
        var free = availability.Suggestions.Select(s => s.Value);
        return new NameReport(
            isAvailable,
            IsValid: verdict is null,
            availability.Asked,
            isAvailable ? null : code,
            text.Sentence(availability),
            verdict?.LegalForm is { } legal ? [legal.Value, .. free.Where(s => s != legal.Value)] : [.. free]);
    }
}
