using System.Diagnostics.Metrics;

namespace AiStackDeployer.Core.Naming;

/// <summary>How checks of names end: those of forms, scripts and assistants, and the last one at a submit.</summary>
public sealed class NameCheckMeter
{
    public const string Name = "AiStackDeployer.Naming";

    /// <summary>The codes of all answers.</summary>
    private static readonly string[] Verdicts =
    [
        "name-available", "name-taken-by-you", "name-taken", "name-being-chosen", "name-invalid", NameFault.Reserved.ToCode(),
        "name-upstream-unreachable",
    ];

    private readonly Counter<long> _checks;

    public NameCheckMeter(IMeterFactory meters) => _checks = meters.Create(Name).CreateCounter<long>(
        "aistack.name.checks", "{check}", "Checks of a name, by the answer.");

    /// <summary>Every series of the counter, at zero: the first answer of a kind must be seen to rise. To be called once something listens.</summary>
    public void BeginAtZero()
    {
        foreach (var verdict in Verdicts)
        {
            Count(0, verdict);
        }
    }

    internal void Answered(NameAvailability answer) => Count(1, answer.Code);

    private void Count(int count, string verdict) => _checks.Add(count, new KeyValuePair<string, object?>("verdict", verdict));
}
