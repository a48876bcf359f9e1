using System.Globalization;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Sinks.OpenTelemetry;

namespace AiStackDeployer.Web.Composition;

internal static partial class PortalLogging
{
    private const string Readable = "{Timestamp:HH:mm:ss} {Level:u3} {DeploymentId} {Message:lj}{NewLine}{Exception}";

    /// <summary>Others' lines, and from which level on they are worth reading.</summary>
    private static readonly (string Source, LogEventLevel Least)[] Quieter =
    [
        ("Microsoft", LogEventLevel.Warning),
        ("Microsoft.Hosting.Lifetime", LogEventLevel.Information),
        // Its commands hold parameters; its failures reach us as exceptions anyway.
        ("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal),
        ("Quartz", LogEventLevel.Warning),
        ("ModelContextProtocol", LogEventLevel.Warning),
        // It logs a request for an unknown id as an error; the guard around tools and resources logs the real ones.
        ("ModelContextProtocol.Server.McpServer", LogEventLevel.Fatal),
        ("System.Net.Http", LogEventLevel.Warning),
        ("Polly", LogEventLevel.Error),
        // Whoever is not signed in yet is a line of it.
        ("AiStackDeployer.Web.Security.Tokens.BearerTokens", LogEventLevel.Warning),
        // Its lines repeat what strangers send.
        ("OpenIddict", LogEventLevel.Error),
        // It logs every probe; a component that is not ready logs its own reason.
        ("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal),
    ];

    /// <summary>Readable on a terminal, one JSON object a line anywhere else (a container's output).</summary>
    public static void AddPortalLogging(this WebApplicationBuilder builder, PortalSettings settings) =>
        builder.Services.AddSerilog(
            (services, logger) => Configure(logger.ReadFrom.Services(services), builder.Environment, settings),
            // The logger is the host's own and ends with it; a static one would be shared by two hosts of one process.
            preserveStaticLogger: true);

    /// <summary>What is hardly meant, but does not keep the portal from starting.</summary>
    public static void LogWarnings(this WebApplication app, PortalSettings settings)
    {
        foreach (var warning in settings.Warnings)
        {
            LogDoubtfulSetting(app.Logger, warning);
        }
        foreach (var path in settings.Data.OpenToOthers)
        {
            LogOpenToOthers(app.Logger, path);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Settings: {Warning}")]
    private static partial void LogDoubtfulSetting(Microsoft.Extensions.Logging.ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Path} may be read or written by others on this machine, and belongs to another user, so the portal cannot close it. Make it the portal's own (chown), with mode 0600 (0700 of a folder)")]
    private static partial void LogOpenToOthers(Microsoft.Extensions.Logging.ILogger logger, string path);

    internal static void Configure(LoggerConfiguration logger, IHostEnvironment environment, PortalSettings settings)
    {
        logger.MinimumLevel.Is(settings.LogLevel).Enrich.FromLogContext();
        foreach (var (source, least) in Quieter)
        {
            // A source's own level takes the place of the general one, also of a higher one.
            logger.MinimumLevel.Override(source, least > settings.LogLevel ? least : settings.LogLevel);
        }
        // Who did what goes to a collector at any level; the output stays as quiet as it was asked to be.
        logger.MinimumLevel.Override(AuditTrail.Category, settings.LogLevel < LogEventLevel.Information ? settings.LogLevel : LogEventLevel.Information);
        if (Console.IsOutputRedirected && !environment.IsDevelopment())
        {
            logger.WriteTo.Console(new CompactJsonFormatter(), settings.LogLevel);
        }
        else
        {
            logger.WriteTo.Console(settings.LogLevel, Readable, CultureInfo.InvariantCulture);
        }
        if (settings.Telemetry.Logs is { } target)
        {
            // The sink's own reading of the environment is left out: it refuses headers with a = in them, and quotes them doing so.
            logger.WriteTo.OpenTelemetry(sink => SendTo(target, settings.Telemetry, sink), ignoreEnvironment: true);
        }
    }

    private static void SendTo(LogTarget target, TelemetrySettings telemetry, BatchedOpenTelemetrySinkOptions sink)
    {
        sink.Endpoint = null!;
        sink.LogsEndpoint = target.Endpoint.ToString();
        sink.Protocol = target.IsHttp ? OtlpProtocol.HttpProtobuf : OtlpProtocol.Grpc;
        sink.Headers = target.Headers.ToDictionary();
        sink.ResourceAttributes = PortalTelemetry.ResourceOf(telemetry);
        // No span for a batch of lines: each would be sent with a line's own trace.
        sink.HttpMessageHandler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
    }
}
