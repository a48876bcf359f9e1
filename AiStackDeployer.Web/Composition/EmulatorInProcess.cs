using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// In Development without a Dokploy, the emulator runs inside the portal, and stacks live behind its own listener. Its world is
/// kept beside the portal's database, so that a restart shows the same one.
/// </summary>
internal sealed class EmulatorInProcess(DokployEmulatorHost emulator) : IHostedService
{
    /// <summary>The settings as they are with the emulator in Dokploy's place.</summary>
    /// <exception cref="SettingsException">One of its ports is taken.</exception>
    public static async Task<(DokployEmulatorHost Emulator, PortalSettings Settings)> StartAsync(PortalSettings settings, TimeProvider time)
    {
        DokployEmulatorHost emulator;
        try
        {
            emulator = await DokployEmulatorHost.StartAsync(
                new EmulatorOptions
                {
                    ApiPort = settings.Emulator.ApiPort,
                    StacksPort = settings.Emulator.StacksPort,
                    StateFile = settings.EmulatorFile,
                    Pace = settings.Emulator.Pace,
                    RecordedLatency = settings.Emulator.Pace > 0,
                    ContainerPort = settings.Stacks.Port,
                    CatchAll = settings.Port > 0 ? new Uri($"http://127.0.0.1:{settings.Port}") : null,
                },
                time,
                CancellationToken.None);
        }
        catch (IOException)
        {
            throw new SettingsException(
            [
                $"EMULATOR_API_PORT ({settings.Emulator.ApiPort}) or EMULATOR_STACKS_PORT ({settings.Emulator.StacksPort}) is taken by another program. "
                + "Set another one, or DOKPLOY_URL and DOKPLOY_API_TOKEN to use a real Dokploy.",
            ]);
        }
        var provisioning = settings.Provisioning;
        return (emulator, settings with
        {
            Dokploy = new DokployOptions { Url = emulator.ApiUrl, ApiToken = emulator.ApiKey },
            Stacks = settings.Stacks with { PublicPort = settings.Stacks.PublicPort ?? emulator.StacksUrl.Port },
            Provisioning = provisioning with
            {
                // *.localhost is known to browsers, not to every resolver.
                Readiness = provisioning.Readiness with
                {
                    ConnectAddress = provisioning.Readiness.ConnectAddress ?? $"127.0.0.1:{emulator.StacksUrl.Port}",
                },
            },
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Registered first, so stopped last: until then the running deployments may still call it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) => await emulator.DisposeAsync();
}
