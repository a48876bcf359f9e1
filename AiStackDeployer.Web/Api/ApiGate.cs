using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// Stands before all of <c>/api</c>. Without sign-in a call needs nothing that a page of somebody else could not send too: such a one
/// reads nothing under a name of its own, and does nothing at all. What it may read is CORS' to decide.
/// </summary>
internal static class ApiGate
{
    public const string Path = "/api";

    /// <summary>Comes after CORS, which answers a browser's question beforehand itself.</summary>
    public static void UseApiGate(this WebApplication app)
    {
        var foreign = app.Services.GetRequiredService<ForeignPages>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase),
            api => api.Use((context, next) => EnterAsync(context, next, foreign)));
    }

    /// <summary>Only a look, which changes nothing.</summary>
    public static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Task EnterAsync(HttpContext context, RequestDelegate next, ForeignPages foreign)
    {
        // Every answer is of this moment, and some hold what is one person's.
        context.Response.Headers.CacheControl = "no-store";
        if (!foreign.IsHostGood(context.Request))
        {
            return Problems.Of(context, ProblemKinds.HostNotAllowed).ExecuteAsync(context);
        }
        return IsReading(context.Request.Method) || foreign.IsOriginGood(context.Request)
            ? next(context)
            : Problems.Of(context, ProblemKinds.OriginNotAllowed).ExecuteAsync(context);
    }
}
