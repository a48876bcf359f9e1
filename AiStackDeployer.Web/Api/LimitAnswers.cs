using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.RateLimiting;

namespace AiStackDeployer.Web.Api;

/// <summary>What a caller is answered who asks for too much at once.</summary>
internal static partial class LimitAnswers
{
    /// <summary>Of a page's live connection, so never in the document.</summary>
    private static readonly ProblemKind TooManyPages = new(429, "too-many-pages", "") { RetryAfterSeconds = 30 };

    private static int _hasWarned;

    /// <param name="memory">What the process may use.</param>
    public static IServiceCollection AddPortalLimits(this IServiceCollection services, double? factor, long memory)
    {
        services.AddSingleton(new PortalLimits(LimitOptions.For(factor, memory))).AddSingleton<Allowances>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<PortalLimits, ILogger<PortalLimits>>((limiter, limits, logger) =>
        {
            limiter.GlobalLimiter = limits.ForRequests;
            limiter.OnRejected = async (refused, _) =>
            {
                WarnOfProxy(refused.HttpContext, logger);
                await RefuseAsync(refused.HttpContext, PortalLimits.WaitOf(refused.Lease));
            };
        });
        return services;
    }

    /// <summary>Needs routing and authentication before it, and nothing that makes a person up.</summary>
    public static void UsePortalLimits(this WebApplication app)
    {
        app.UseRateLimiter();
        var limits = app.Services.GetRequiredService<PortalLimits>();
        app.UseWhen(CircuitRequests.IsPartOfOne, circuits => circuits.Use(async (context, next) =>
        {
            using var place = limits.Take(Hold.Circuit, Caller.Of(context));
            if (place is null)
            {
                await GateAnswers.RefuseAsync(context, TooManyPages);
                return;
            }
            if (CircuitRequests.IsNegotiation(context))
            {
                // It asks only whether there is room; the connection itself comes next.
                place.Dispose();
            }
            await next(context);
        }));
    }

    public static ProblemKind TooMany(TimeSpan wait) => ProblemKinds.TooManyRequests with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };

    private static Task RefuseAsync(HttpContext context, TimeSpan wait) =>
        GateAnswers.RefuseAsync(context, TooMany(wait), context.RequestServices.GetRequiredService<ProblemText>().TooMany(wait));

    /// <summary>Once: behind a proxy that is not named all people are one address, and nothing else tells why they are refused.</summary>
    private static void WarnOfProxy(HttpContext context, ILogger logger)
    {
        // From a trusted proxy the header is used up.
        if (Caller.Of(context.User) is null && context.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            LogUnnamedProxy(logger, context.Connection.RemoteIpAddress?.ToString());
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Too many requests came from {ProxyAddress}, which passes others on. Name it in TRUSTED_PROXIES; until then all who are not signed in share one limit")]
    private static partial void LogUnnamedProxy(ILogger logger, string? proxyAddress);
}
