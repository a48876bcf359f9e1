using System.Net;
using AiStackDeployer.DokployEmulator.Api;
using AiStackDeployer.DokployEmulator.Developer;
using AiStackDeployer.DokployEmulator.Stacks;
using AiStackDeployer.DokployEmulator.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiStackDeployer.DokployEmulator;

/// <summary>
/// An emulated Dokploy, on 127.0.0.1 unless told otherwise: one listener speaks its HTTP API, a second one stands for Traefik and the
/// stacks behind it. Nothing of it waits on the machine's clock except through the given time provider.
/// </summary>
public sealed class DokployEmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly WebApplication _stacks;
    private readonly CancellationTokenSource _stopping;

    private DokployEmulatorHost(WebApplication api, WebApplication stacks, EmulatorWorld world, CancellationTokenSource stopping)
    {
        (_api, _stacks, _stopping, World) = (api, stacks, stopping, world);
        (ApiUrl, StacksUrl) = (Address(api), Address(stacks));
    }

    /// <summary>Root of the API with a trailing slash, e.g. http://127.0.0.1:41234/.</summary>
    public Uri ApiUrl { get; }

    /// <summary>Root of the host-matching listener with a trailing slash; a stack answers to its own Host header.</summary>
    public Uri StacksUrl { get; }

    /// <summary>The owner's key.</summary>
    public string ApiKey => World.Options.ApiKey;

    public EmulatorWorld World { get; }

    /// <summary>Starts both listeners.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    /// <exception cref="InvalidDataException">The state file is not readable.</exception>
    public static async Task<DokployEmulatorHost> StartAsync(EmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var stopping = new CancellationTokenSource();
        var world = new EmulatorWorld(options, time);
        var server = new ApiServer(world, stopping.Token);
        var developer = new DeveloperServer(world);
        var listener = new StackServer(world, stopping.Token);

        var stacks = Build(options.Host, options.StacksPort, listener.HandleAsync);
        WebApplication? api = null;
        try
        {
            await stacks.StartAsync(cancellationToken);
            developer.StacksUrl = Address(stacks);
            api = Build(options.Host, options.ApiPort, context => DeveloperServer.Serves(context) ? developer.HandleAsync(context) : server.HandleAsync(context));
            await api.StartAsync(cancellationToken);
            return new DokployEmulatorHost(api, stacks, world, stopping);
        }
        catch
        {
            await stacks.DisposeAsync();
            if (api is not null)
            {
                await api.DisposeAsync();
            }

            stopping.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Requests that hang on purpose must not hold the stop up.
        await _stopping.CancelAsync();
        World.Flush();
        await _api.StopAsync(CancellationToken.None);
        await _stacks.StopAsync(CancellationToken.None);
        await _api.DisposeAsync();
        await _stacks.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(IPAddress host, int port, RequestDelegate handle)
    {
        // Empty on purpose: inside the portal nothing of the portal's own configuration may reach these listeners.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(host, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;

            // Node closes idle connections after 5 s; a client that keeps them longer sees resets.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.AddResponseCompression();
        var app = builder.Build();
        app.UseResponseCompression();
        app.Run(handle);
        return app;
    }

    /// <summary>As seen from this machine, for which "everywhere" is no address.</summary>
    private static Uri Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new Uri(addresses.Addresses.Single().Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal) + "/");
    }

    /// <summary>Leaves signals to whoever hosts the emulator.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
