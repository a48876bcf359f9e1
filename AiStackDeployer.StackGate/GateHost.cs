using System.Security.Cryptography;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Front;
using AiStackDeployer.StackGate.Pages;
using AiStackDeployer.StackGate.SignIn;
using AiStackDeployer.StackGate.Supervision;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;

namespace AiStackDeployer.StackGate;

internal static class GateHost
{
    /// <summary>The whole gate, not yet started. Nothing of it depends on settings that <paramref name="options"/> does not have.</summary>
    public static WebApplication Build(GateOptions options, TimeProvider time, IPrograms programs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        AddLogging(builder.Logging);
        AddServices(builder.Services, options, time, programs);
        var app = builder.Build();
        app.Use(PortalOnly.CheckAsync);
        app.MapGet("/healthz", context => context.Response.WriteAsync("alive", context.RequestAborted));
        var own = app.MapGroup("/.stack");
        own.MapSignIn();
        own.MapGroup("").WithMetadata(new PortalOnly()).MapActivity();
        own.MapFallback("{**rest}", GatePages.NotFoundAsync);
        app.MapFallback("{**rest}", app.Services.GetRequiredService<FrontDoor>().PassAsync);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, GateOptions options)
    {
        kestrel.AddServerHeader = false;
        // Phones that sleep read slowly; what is unasked for has small answers.
        kestrel.Limits.MinResponseDataRate = null;
        if (options.ListenAt is { } address)
        {
            kestrel.Listen(address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            kestrel.ListenAnyIP(options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // Neither ASP.NET nor YARP may log a request: an address may hold a password (auth_token).
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Yarp", LogLevel.None).AddFilter("AiStackDeployer", LogLevel.Information);
    }

    private static void AddServices(IServiceCollection services, GateOptions options, TimeProvider time, IPrograms programs)
    {
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.StopGrace;
            // Connections end when the programs behind them do, so neither may wait for the other.
            host.ServicesStopConcurrently = true;
        });
        services.AddRoutingCore();
        services.AddHttpForwarder();
        services.AddSingleton(options);
        services.AddSingleton(time);
        services.AddSingleton(programs);
        services.AddSingleton(_ => new OpenCodeEndpoint(options.OpenCodeUrl, "opencode", RandomNumberGenerator.GetHexString(64, lowercase: true)));
        services.AddSingleton<GateEnd>();
        services.AddSingleton<ChildEnvironment>();
        services.AddSingleton<OpenCodeHealth>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<Sessions>();
        // Now, not when the first ticket comes: it counts from the start.
        services.AddSingleton(new UsedTickets(time));
        services.AddSingleton<Visitors>();
        services.AddSingleton<OwnOrigin>();
        services.AddSingleton<GatePages>();
        services.AddSingleton<FrontDoor>();
        services.AddActivity();
        services.AddHostedService<OpenCodeSupervisor>();
        if (options.TerminalCommand is not null)
        {
            services.AddHostedService<TerminalSupervisor>();
        }
    }
}
