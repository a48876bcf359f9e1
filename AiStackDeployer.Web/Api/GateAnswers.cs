using System.Diagnostics;
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

    private static Task RefuseAsync(HttpContext context, ProblemKind kind)
    {
        if (Gate.IsApi(context.Request.Path))
        {
            return Problems.Of(kind).ExecuteAsync(context);
        }
        // Text, and no page: the styles and scripts of one would be refused as well.
        context.Response.StatusCode = kind.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(context.RequestServices.GetRequiredService<ProblemText>().Sentence(kind.Code), context.RequestAborted);
    }
}
