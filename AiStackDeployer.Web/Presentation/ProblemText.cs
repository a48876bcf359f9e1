using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a program's reader is told when a call is refused, in the current UI culture.</summary>
public sealed class ProblemText(IStringLocalizer<ProblemTexts> problems, IStringLocalizer<NameTexts> names, DurationText durations, CareText care)
{
    /// <param name="code">A problem's code; those of names have their sentence among the names'.</param>
    /// <param name="arguments">For a sentence with places in it.</param>
    public string Sentence(string code, params object[] arguments)
    {
        var found = arguments.Length == 0 ? problems[code] : problems[code, arguments];
        return found.ResourceNotFound ? names[code] : found;
    }

    /// <summary>All stacks that the owner may have are in use, or they may have none.</summary>
    public string QuotaReached(int limit) => limit == 0 ? Sentence("quota-none") : Sentence("quota-reached", limit);

    /// <summary>Too much in a short time, and how long to wait.</summary>
    public string TooMany(TimeSpan wait) => Sentence("too-many-requests", durations.Words(wait));

    /// <summary>Why a stack cannot have these variables.</summary>
    public string VariableRefused(EnvironmentRefusal refusal) => refusal.Fault switch
    {
        EnvironmentFault.Name => Sentence("variable-name", refusal.Name ?? ""),
        EnvironmentFault.Reserved => Sentence("variable-reserved", refusal.Name ?? ""),
        EnvironmentFault.TooLong => Sentence("variable-too-long", refusal.Name ?? "", OwnEnvironment.LongestValue),
        EnvironmentFault.Value => Sentence("variable-value", refusal.Name ?? ""),
        EnvironmentFault.TooMany => Sentence("variable-too-many", OwnEnvironment.Most),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Fault, null),
    };

    /// <summary>What an administrator has to say about the maintenance, and until when.</summary>
    public string UnderMaintenance(BeginResult.UnderMaintenance held) => care.Maintenance(held);

    /// <inheritdoc cref="CareText.SecondsUntil"/>
    public int SecondsUntil(DateTimeOffset moment) => care.SecondsUntil(moment);

    /// <summary>Why nothing can be tried again on a stack that was deleted, or is being.</summary>
    public string Overtaken(StackState now) => Sentence(now switch
    {
        StackState.Deleting => "cannot-be-retried-deleting",
        StackState.DeleteFailed => "cannot-be-retried-delete-failed",
        _ => "cannot-be-retried",
    });
}
