using System.Globalization;
using System.Text.Json;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.Logging.Console;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>--check [--json]</c>: checks everything the portal depends on, whether or not a portal is running. Starts nothing, listens
/// nowhere and changes nothing; settings that keep the portal from starting are reported like everything else.
/// </summary>
internal static class CheckCommand
{
    private const int AllWell = 0;
    private const int SomethingBad = 1;

    private static readonly string[] LanguageVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <returns>0 when nothing is bad, 1 when something is, 2 when the portal would not start with these settings.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.FirstOrDefault(a => a != "--json") is not null)
        {
            await Console.Error.WriteLineAsync("--check knows one option: --json.");
            return StartFailure.Settings;
        }
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(LanguageOf(Environment.GetEnvironmentVariable));
        PortalSettings settings;
        IReadOnlyList<string> faults;
        try
        {
            (settings, faults) = ReadSettings();
        }
        catch (Exception e) when (StartFailure.Of(e) is not null)
        {
            // A file of settings that cannot be read at all: the portal would say the same, and there is nothing to check with.
            await Console.Error.WriteLineAsync(StartFailure.Of(e)!.Sentence);
            return StartFailure.Settings;
        }
        foreach (var warning in settings.Warnings)
        {
            await Console.Error.WriteLineAsync($"Warning: {warning}");
        }
        await using var services = Compose(settings, faults);
        if (arguments.Length == 0)
        {
            await Console.Out.WriteLineAsync(services.GetRequiredService<ConnectionTable>().Checking(services.GetRequiredService<ConnectionOptions>().Timeout));
        }
        var report = await services.GetRequiredService<ConnectionReports>().GetAsync(TimeSpan.Zero, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments.Length > 0
            ? JsonSerializer.Serialize(services.GetRequiredService<ConnectionMapper>().Whole(report), Readable.ConnectionsAnswer)
            : services.GetRequiredService<ConnectionTable>().Of(report, ConsoleWidth));
        return faults.Count > 0 ? StartFailure.Settings : report.Overall == ConnectionVerdict.Bad ? SomethingBad : AllWell;
    }

    /// <summary>Dutch when the terminal is, by the first of POSIX's variables that says anything; else English.</summary>
    internal static string LanguageOf(Func<string, string?> environment) =>
        LanguageVariables.Select(environment).FirstOrDefault(v => !string.IsNullOrEmpty(v)) is { } language
        && (language is "nl" || language.StartsWith("nl_", StringComparison.OrdinalIgnoreCase) || language.StartsWith("nl.", StringComparison.OrdinalIgnoreCase))
            ? "nl"
            : "en";

    private static ApiJsonContext Readable { get; } = new(new JsonSerializerOptions(ApiJsonContext.Default.Options) { WriteIndented = true });

    /// <summary>A pipe or a file has no width; most terminals of those who read it later have this one.</summary>
    private static int ConsoleWidth => Console.IsOutputRedirected ? 120 : Math.Clamp(Console.WindowWidth, 60, 140);

    private static (PortalSettings Settings, IReadOnlyList<string> Faults) ReadSettings()
    {
        // Made for its configuration and environment alone, so that both are the portal's own; nothing is built from it.
        var builder = PortalConfiguration.CreateBuilder();
        var faults = builder.Configuration.AddPortalFilesTolerantly();
        var (settings, wrong) = PortalSettings.ReadTolerantly(builder.Configuration, builder.Environment);
        return (settings, [.. faults, .. wrong]);
    }

    private static ServiceProvider Compose(PortalSettings settings, IReadOnlyList<string> faults)
    {
        var services = new ServiceCollection()
            // What the texts call the log; the table alone goes to standard output.
            .AddLogging(log => log.SetMinimumLevel(LogLevel.None)
                .AddFilter("AiStackDeployer", LogLevel.Error)
                .AddFilter("AiStackDeployer.Core.Hetzner", LogLevel.Warning)
                .AddSimpleConsole(console => console.SingleLine = true))
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSingleton(TimeProvider.System)
            .AddPortalTexts()
            .AddSingleton<ConnectionMapper>()
            .AddSingleton<ConnectionTable>()
            .AddSingleton<ConnectionOptions>()
            .AddPortalDatabase(settings)
            .AddPortalConnections(settings, faults);
        if (ConnectionServices.CanAskDokploy(settings, faults))
        {
            services.AddDokployClient(_ => settings.Dokploy!);
        }
        if (ConnectionServices.CanAskHetzner(settings, faults))
        {
            services.AddHetznerDnsClient(settings.Hetzner!);
        }
        return services.BuildServiceProvider();
    }
}
