namespace AiStackDeployer.Web.Settings;

/// <summary>What the portal and the log ingest know of each other.</summary>
public sealed partial record PortalSettings
{
    private const int ShortestLogIngestKey = 32;

    /// <summary>The secret that the log ingest and the portal share; null = the portal tells no ingest anything.</summary>
    public required string? LogIngestKey { get; init; }

    private static string? ReadLogIngestKey(SettingsReader reader)
    {
        const string key = "LOG_INGEST_KEY";
        var text = reader.Text(key);
        CheckToken(reader, key, text);
        if (text?.Length < ShortestLogIngestKey)
        {
            reader.Fault(key, $"must have at least {ShortestLogIngestKey} characters, as from: openssl rand -hex 32");
        }
        return text;
    }
}
