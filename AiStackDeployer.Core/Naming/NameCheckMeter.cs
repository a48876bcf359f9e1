using System.Diagnostics.Metrics;

namespace AiStackDeployer.Core.Naming;

/// <summary>How checks of names end: those of forms, scripts and assistants, and the last one at a submit.</summary>
public sealed class NameCheckMeter
{
    public const string Name = "AiStackDeployer.Naming";

    private readonly Counter<long> _checks;

    public NameCheckMeter(IMeterFactory meters) => _checks = meters.Create(Name).CreateCounter<long>(
        "aistack.name.checks", "{check}", "Checks of a name, by the answer.");

    internal void Answered(NameAvailability answer) => _checks.Add(1, new KeyValuePair<string, object?>("verdict", answer.Code));
}
