using System.Globalization;
using System.Net;
using AiStackDeployer.LogIngest.Diagnostics;
using AiStackDeployer.LogIngest.Intake;
using AiStackDeployer.LogIngest.Loki;
using AiStackDeployer.LogIngest.Pipeline;
using AiStackDeployer.LogIngest.Query;
using AiStackDeployer.LogIngest.Settings;
using AiStackDeployer.LogIngest.Stacks;
using AiStackDeployer.LogIngest.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiStackDeployer.LogIngest;

/// <summary>The ingest in one piece: what it is made of, and its addresses.</summary>
internal static class IngestHost
{
    /// <param name="settings">Already checked.</param>
    /// <param name="limits">The fixed ones, but in tests.</param>
    /// <param name="time">The clock of everything but the sockets.</param>
    /// <param name="jitter">A number from 0 to 1, random for each pause between attempts.</param>
    /// <param name="logging">Where lines go.</param>
    public static WebApplication Build(
        IngestSettings settings, IngestLimits limits, TimeProvider time, Func<double> jitter, Action<ILoggingBuilder> logging)
    {
        // Empty on purpose: nothing is read from files or variables but what the settings say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings, limits));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host =>
        {
            // The queue is emptied while the last requests are answered, not after them.
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = limits.Draining + TimeSpan.FromSeconds(3);
        });
        AddParts(builder.Services, settings, limits, time, jitter);
        var app = builder.Build();
        app.Use(CountAsync);
        app.UseRouting();
        Map(app);
        return app;
    }

    private static void AddParts(IServiceCollection services, IngestSettings settings, IngestLimits limits, TimeProvider time, Func<double> jitter)
    {
        services.AddSingleton(settings).AddSingleton(limits).AddSingleton(time);
        services.AddSingleton<IngestMetrics>().AddSingleton(_ => new EntryQueue(limits.MostQueuedBytes));
        services.AddSingleton(s => new PortalClient(Client(TimeSpan.FromSeconds(5), 16 << 20), settings));
        services.AddSingleton(new StackListFile(settings.DataDir)).AddSingleton<StackList>();
        services.AddSingleton<StreamClock>().AddSingleton<EventReader>().AddSingleton<BodyReader>().AddSingleton<StackRates>();
        services.AddSingleton<IngestEndpoint>().AddSingleton<QueryEndpoint>();
        if (settings.LokiUrl is null)
        {
            services.AddSingleton<StoreFile>().AddSingleton<ILogBackend, LogStore>();
        }
        else
        {
            services.AddSingleton(s => new LokiClient(Client(limits.PushTime, 32 << 20), settings));
            services.AddSingleton<ILogBackend>(s => ActivatorUtilities.CreateInstance<LokiBackend>(s, jitter));
        }
        services.AddHostedService(s => s.GetRequiredService<StackList>());
        services.AddHostedService<Pump>();
    }

    private static void Listen(KestrelServerOptions kestrel, IngestSettings settings, IngestLimits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = limits.MostConnections;
        kestrel.Limits.MaxRequestBodySize = limits.MostBodyBytes;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.SlowestBody, limits.BodyGrace);
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTime;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
        var addresses = new AddressLimit(limits.MostConnectionsOfAddress);
        void Limited(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(addresses.Around);
        }
        if (settings.Host is null)
        {
            kestrel.ListenAnyIP(settings.Port, Limited);
        }
        else
        {
            kestrel.Listen(new IPEndPoint(settings.Host, settings.Port), Limited);
        }
    }

    private static void Map(WebApplication app)
    {
        var queue = app.Services.GetRequiredService<EntryQueue>();
        var stacks = app.Services.GetRequiredService<StackList>();
        var backend = app.Services.GetRequiredService<ILogBackend>();
        var metrics = app.Services.GetRequiredService<IngestMetrics>();
        var limits = app.Services.GetRequiredService<IngestLimits>();
        app.MapPost("/ingest", app.Services.GetRequiredService<IngestEndpoint>().HandleAsync);
        app.MapGet("/query", app.Services.GetRequiredService<QueryEndpoint>().HandleAsync);
        app.MapGet("/healthz", context => context.Response.WriteAsync("alive"));
        app.MapGet("/readyz", context =>
        {
            // Not Loki's readiness: it takes pushes before it says that it is ready, and the queue is there for when it does not.
            var fault = queue.IsClosed ? "stopping" : !stacks.IsKnown ? "no list of stacks yet" : queue.Bytes >= limits.MostQueuedBytes * 9 / 10 ? "the queue is full" : null;
            context.Response.StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(fault ?? "ready");
        });
        app.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return context.Response.WriteAsync(metrics.Render(queue, stacks, backend));
        });
    }

    private static async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // Who asked has left; Kestrel would log it as a fault of ours.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        if (context.Request.Path == "/ingest" || context.Request.Path == "/query")
        {
            context.RequestServices.GetRequiredService<IngestMetrics>().Requests.Add(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static HttpClient Client(TimeSpan timeout, int mostBytes) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = timeout, MaxResponseContentBufferSize = mostBytes,
        };
}
