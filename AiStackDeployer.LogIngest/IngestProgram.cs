using System.Diagnostics.CodeAnalysis;
using AiStackDeployer.Contract;
using AiStackDeployer.LogIngest.Settings;

namespace AiStackDeployer.LogIngest;

/// <summary>Takes events from stacks and the portal, and keeps them in Loki, or for a day in a file of its own.</summary>
internal static class IngestProgram
{
    private const int WrongSettings = 2;

    [SuppressMessage("ApiDesign", "RS0030", Justification = "Where randomness comes in.")]
    public static async Task<int> Main(string[] args)
    {
        if (args is [OwnHealth.Argument])
        {
            return await OwnHealth.AskAsync(Environment.GetEnvironmentVariable("PORT"), IngestSettings.DefaultPort);
        }
        IngestSettings settings;
        try
        {
            SharedKey.MakeIfMissing(Environment.GetEnvironmentVariable);
            settings = IngestSettings.Read(Environment.GetEnvironmentVariable);
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongSettings;
        }
        await using var app = IngestHost.Build(settings, new IngestLimits(), TimeProvider.System, Random.Shared.NextDouble, logging => logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")));
        await app.RunAsync();
        return 0;
    }
}
