using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What is said about a name, in the current UI culture, to whoever is not looking at the form.</summary>
public sealed class NameText(IStringLocalizer<NameTexts> names)
{
    public string TakenByYou => names["name-taken-by-you"];

    public string TakenByOther => names["name-taken"];

    public string BeingChosen => names["name-being-chosen"];

    public string NoDryRun => names["no-dry-run"];

    /// <summary>All broken rules, and the legal form where there is one.</summary>
    public string Sentence(NameVerdict verdict)
    {
        IEnumerable<string> sentences = verdict.Faults.Select(fault => names[fault.ToCode()].Value);
        return string.Join(' ', verdict.LegalForm is { } legal ? sentences.Append(names["name-try", legal.Value] + ".") : sentences);
    }

    public string Sentence(NameAvailability availability) => availability switch
    {
        NameAvailability.Invalid invalid => Sentence(invalid.Verdict),
        NameAvailability.Reserved reserved => Sentence(reserved.Verdict),
        NameAvailability.UpstreamUnreachable { IsRefused: true } => names["name-upstream-refused"],
        _ => names[availability.Code],
    };
}
