using System.Security.Cryptography;
using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.OpenCode;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.Activity;

/// <summary>What the gate tells the portal of its stack: the part of the program that watches and reports.</summary>
internal static class ActivityModule
{
    public static void AddActivity(this IServiceCollection services)
    {
        services.AddSingleton<ActivityNotes>();
        services.AddSingleton<SessionLedger>();
        services.AddSingleton(new ContainerMemory());
        services.AddSingleton(provider => new OpenCodeClient(LoopbackHttp(), provider.GetRequiredService<OpenCodeEndpoint>()));
        services.AddSingleton<ActivityReports>();
        services.AddSingleton(provider => new EventLog(
            Forwarder(provider.GetRequiredService<GateOptions>(), provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<TimeProvider>(),
            () => "gate_" + RandomNumberGenerator.GetHexString(24, lowercase: true)));
        services.AddSingleton<SessionEvents>();
        services.AddHostedService<EventSender>();
        services.AddHostedService<StackEvents>();
        services.AddHostedService(provider => new OpenCodeFollower(
            provider.GetRequiredService<OpenCodeEndpoint>(),
            provider.GetRequiredService<OpenCodeClient>(),
            provider.GetRequiredService<SessionLedger>(),
            provider.GetRequiredService<SessionEvents>(),
            provider.GetRequiredService<GateOptions>().EventsContent,
            provider.GetRequiredService<TimeProvider>(),
            Jitter,
            provider.GetRequiredService<ILogger<OpenCodeFollower>>()));
    }

    /// <param name="portal">The group <c>/.stack</c> behind the portal's own ticket: whoever gets here is the portal.</param>
    public static void MapActivity(this IEndpointRouteBuilder portal)
    {
        // Made now and not at the first question, because it says when the gate started.
        var reports = portal.ServiceProvider.GetRequiredService<ActivityReports>();
        portal.MapGet("/activity", async context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            var report = context.Request.Query.ContainsKey("sessions") ? await reports.WithSessionsAsync(context.RequestAborted) : reports.Now;
            await context.Response.WriteAsJsonAsync(report, ActivityJsonContext.Default.ActivityReport, cancellationToken: context.RequestAborted);
        });
    }

    private static LogForwarder? Forwarder(GateOptions options, TimeProvider time) => options.IngestUrl is null
        ? null
        : new LogForwarder(IngestHttp(), options.IngestUrl, StackKeys.IngestToken(options.Password), time, Jitter);

    private static HttpClient LoopbackHttp() =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private static HttpClient IngestHttp() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = 1024 * 1024,
        };

    private static double Jitter() => RandomNumberGenerator.GetInt32(1_000_000) / 1_000_000.0;
}
