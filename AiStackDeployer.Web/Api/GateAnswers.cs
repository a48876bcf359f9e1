using System.Diagnostics;
using System.Globalization;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Api;

/// <summary>The gate in front of everything, and the answers to callers it turns away.</summary>
internal static class GateAnswers
{
    /// <summary>Needs <c>UseRequestLocalization</c> before it.</summary>
    public static void UseGate(this WebApplication app)
    {
        // Recognises WebSockets as the hub does, over HTTP/2 too; the gate asks for nothing else of it.
        app.UseWebSockets();
        var gate = app.Services.GetRequiredService<Gate>();
        app.Use((context, next) => gate.RefusalOf(context) switch
        {
            null => next(context),
            GateRefusal.Host => RefuseAsync(context, ProblemKinds.HostNotAllowed),
            GateRefusal.Origin => RefuseAsync(context, ProblemKinds.OriginNotAllowed),
            _ => throw new UnreachableException(),
        });
    }

    /// <param name="sentence">Instead of the kind's own, where another one says more.</param>
    internal static Task RefuseAsync(HttpContext context, ProblemKind kind, string? sentence = null)
    {
        if (Gate.IsApi(context.Request.Path))
        {
            return Problems.Of(kind, sentence).ExecuteAsync(context);
        }
        // Text, and no page: the styles and scripts of one would be refused as well.
        context.Response.StatusCode = kind.Status;
        context.Response.Headers.RetryAfter = kind.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence ?? context.RequestServices.GetRequiredService<ProblemText>().Sentence(kind.Code), context.RequestAborted);
    }
}
