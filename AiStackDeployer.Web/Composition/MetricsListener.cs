using System.Net.Sockets;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>/metrics</c> for Prometheus, on a port that people do not reach. A bare server without a host of its own: it shares no
/// middleware and no address with the portal, so neither can answer for the other, and a scrape shows up in no figure.
/// </summary>
internal sealed partial class MetricsListener(
    IServiceProvider services, MeterProvider meters, TelemetrySettings settings, ILoggerFactory loggers, ILogger<MetricsListener> logger)
    : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private KestrelServer? _server;
    private RequestDelegate _pipeline = _ => Task.CompletedTask;

    /// <summary>Where it listens, once it does.</summary>
    public Uri Address { get; private set; } = new("http://unset.invalid");

    /// <exception cref="SettingsException">The port is taken, or the portal may not listen there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _pipeline = new ApplicationBuilder(services)
            .UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null)
            .Build();
        var kestrel = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        var server = new KestrelServer(
            Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
        _server = server;
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Add(Listening.AddressOf(settings.MetricsHost, settings.MetricsPort!.Value));
        try
        {
            await server.StartAsync(this, cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SettingsException(
            [
                StartFailure.Find<AddressInUseException>(e) is not null
                    ? $"METRICS_PORT ({settings.MetricsPort}) is taken by another program. Set another one, or none to go without metrics."
                    : $"METRICS_HOST ({settings.MetricsHost}) and METRICS_PORT ({settings.MetricsPort}) cannot be listened at "
                        + $"({StartFailure.Find<SocketException>(e)?.SocketErrorCode}). Set an address of this machine and a port that the portal may open, or none as the port to go without metrics.",
            ]);
        }
        Address = new Uri(new Uri(addresses.First()), "/metrics");
        Listens(Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures) { RequestServices = services };

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context) => _pipeline(context);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics for Prometheus at {Address}")]
    private partial void Listens(Uri address);
}
