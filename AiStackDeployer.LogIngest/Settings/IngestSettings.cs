using System.Net;
using System.Text.RegularExpressions;

namespace AiStackDeployer.LogIngest.Settings;

/// <summary>What an operator sets. All of it is checked before anything starts.</summary>
internal sealed partial record IngestSettings
{
    public const int ShortestKey = 32;
    public const int DefaultPort = 3000;

    /// <summary>The address to listen at; null = everywhere.</summary>
    public IPAddress? Host { get; init; }

    /// <summary>0 = any free one, for tests.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The one folder it writes to.</summary>
    public required string DataDir { get; init; }

    public required Uri PortalUrl { get; init; }

    /// <summary>What portal and ingest know each other by.</summary>
    public required string Key { get; init; }

    /// <summary>Null = events are kept in a file of its own.</summary>
    public Uri? LokiUrl { get; init; }

    public string? LokiTenant { get; init; }

    public TimeSpan Keep { get; init; } = TimeSpan.FromHours(24);

    public long MostStoredBytes { get; init; } = 256L << 20;

    /// <exception cref="SettingsException">Something is missing or wrong.</exception>
    public static IngestSettings Read(Func<string, string?> environment)
    {
        var source = new SettingsSource(environment);
        var portal = source.Address("PORTAL_URL");
        if (portal is null && source.Text("PORTAL_URL") is null)
        {
            source.Fault("PORTAL_URL is not set: the address at which the ingest reaches the portal, such as http://portal:3000.");
        }
        var key = source.Required("LOG_INGEST_KEY", $"the secret that portal and ingest share, at least {ShortestKey} characters");
        if (key.Length is > 0 and < ShortestKey || !key.All(char.IsAscii) || key.Any(c => char.IsControl(c) || c == ' '))
        {
            source.Fault($"LOG_INGEST_KEY must have at least {ShortestKey} characters, without spaces and in ASCII. `openssl rand -hex 32` makes one.");
        }
        var tenant = source.Text("LOKI_TENANT");
        if (tenant is not null && !Tenant().IsMatch(tenant))
        {
            source.Fault("LOKI_TENANT may have up to 150 letters, digits and !-_.*'(), and is one tenant.");
        }
        IPAddress? host = null;
        if (source.Text("HOST") is { } text and not "*" && !IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out host))
        {
            source.Fault("HOST must be an IP address, or * for all of them.");
        }
        var settings = new IngestSettings
        {
            Host = host,
            Port = source.Number("PORT", DefaultPort, 1, 65_535),
            DataDir = Path.GetFullPath(source.Text("DATA_DIR") ?? "data"),
            PortalUrl = portal ?? new Uri("http://portal.invalid/"),
            Key = key,
            LokiUrl = source.Address("LOKI_URL"),
            LokiTenant = tenant,
            Keep = TimeSpan.FromHours(source.Number("LOG_KEEP_HOURS", 24, 1, 24 * 365)),
            MostStoredBytes = (long)source.Number("LOG_MAX_MB", 256, 16, 100_000) << 20,
        };
        if (Unwritable(settings.DataDir) is { } why)
        {
            source.Fault($"DATA_DIR ({settings.DataDir}) cannot be written to: {why}");
        }
        return source.Faults.Count == 0 ? settings : throw new SettingsException(source.Faults);
    }

    private static string? Unwritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, ".probe"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9!\-_.*'()]{1,150}\z")]
    private static partial Regex Tenant();
}
