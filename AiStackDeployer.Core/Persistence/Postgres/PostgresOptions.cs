using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>How the portal reaches its PostgreSQL server.</summary>
public sealed class PostgresOptions
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>libpq's names that the driver spells otherwise.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["user"] = "Username",
        ["dbname"] = "Database",
    };

    private readonly NpgsqlConnectionStringBuilder _builder;

    private PostgresOptions(NpgsqlConnectionStringBuilder builder)
    {
        _builder = builder;
        ConnectionString = builder.ConnectionString;
        ListeningConnectionString = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Pooling = false,
            // It waits for hours; a network that was cut without a word must be noticed all the same.
            KeepAlive = 5,
        }.ConnectionString;
    }

    /// <summary>With the password: for drivers alone.</summary>
    public string ConnectionString { get; }

    internal string ListeningConnectionString { get; }

    /// <summary>Where it is, for a person; a folder when it is reached over a socket.</summary>
    public string Host => _builder.Host ?? "";

    /// <param name="text">Key=value pairs as .NET writes them, or a URL as most hosters give it.</param>
    /// <exception cref="FormatException">With a sentence that follows the setting's name and repeats nothing of the text.</exception>
    public static PostgresOptions Parse(string text)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ? OfUrl(new Uri(text)) : new(text);
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or KeyNotFoundException)
        {
            throw new FormatException("is no address of a PostgreSQL database: postgres://user:password@host:5432/database, or Host=…;Database=…;Username=…;Password=….", e);
        }
        if (string.IsNullOrEmpty(builder.Host) || string.IsNullOrEmpty(builder.Database))
        {
            throw new FormatException("names no host or no database: postgres://user:password@host:5432/database.");
        }
        SetDefault(builder, "Application Name", "ai-stack-deployer");
        // A server that does not answer is told within seconds, and a portal whose network is cut stops working at once.
        SetDefault(builder, "Timeout", 5);
        SetDefault(builder, "Command Timeout", 10);
        SetDefault(builder, "Cancellation Timeout", 500);
        // Two portals stay below the server's default of 100 connections.
        SetDefault(builder, "Maximum Pool Size", 40);
        SetDefault(builder, "TCP Keepalive", true);
        // A portal that is paused in the middle of a transaction would hold the engine's lock, and all others would wait for it.
        builder.Options = $"-c idle_in_transaction_session_timeout=5s -c lock_timeout={PersistenceServices.LockTimeout.TotalSeconds:0}s {builder.Options}".TrimEnd();
        return new PostgresOptions(builder);
    }

    /// <summary>Never with the password.</summary>
    public override string ToString() => $"{_builder.Host}/{_builder.Database}";

    private static NpgsqlConnectionStringBuilder OfUrl(Uri url)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var login = url.UserInfo.Split(':', 2);
        Set("Host", url.Host);
        Set("Port", url.Port > 0 ? url.Port.ToString(CultureInfo.InvariantCulture) : "");
        Set("Database", url.AbsolutePath.TrimStart('/'));
        Set("Username", login[0]);
        Set("Password", login.ElementAtOrDefault(1) ?? "");
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            Set(Renamed.GetValueOrDefault(pair[0], pair[0]), pair.ElementAtOrDefault(1) ?? "");
        }
        return builder;

        void Set(string key, string value)
        {
            if (value.Length > 0)
            {
                // verify-full and the like are one word with the driver.
                builder[key] = key == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : Uri.UnescapeDataString(value);
            }
        }
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder builder, string key, object value)
    {
        // The driver's own says of every keyword it knows that it is there.
        if (!new DbConnectionStringBuilder { ConnectionString = builder.ConnectionString }.ContainsKey(key))
        {
            builder[key] = value;
        }
    }
}
