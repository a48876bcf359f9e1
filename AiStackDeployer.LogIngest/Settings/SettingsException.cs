namespace AiStackDeployer.LogIngest.Settings;

/// <summary>All that is wrong with the settings, one sentence each.</summary>
internal sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception($"The log ingest cannot start, {faults.Count} setting(s) are wrong:\n{string.Join('\n', faults.Select(f => "  - " + f))}\nEach is explained in docs/logs.md.")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
