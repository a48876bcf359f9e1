using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Pages;
using Microsoft.AspNetCore.Http.Features;

namespace AiStackDeployer.StackGate.SignIn;

/// <summary>The ways in and out: with a ticket of the portal, with the password, and away.</summary>
internal static class SignInEndpoints
{
    private const int LargestForm = 16 * 1024;
    private const int LongestTicket = 4 * 1024;

    public static void MapSignIn(this IEndpointRouteBuilder own)
    {
        own.MapGet("/enter", context => Pages(context).WriteAsync(context, StatusCodes.Status200OK, GatePage.Enter));
        own.MapPost("/enter", EnterAsync);
        own.MapGet("/password", AskPasswordAsync);
        own.MapGet("/leave", context => Pages(context).WriteAsync(context, StatusCodes.Status200OK, GatePage.Leave));
        own.MapPost("/leave", LeaveAsync);
    }

    /// <summary>Only an address of this stack: where a ticket leads to is written by whoever made the link.</summary>
    public static string LocalPath(string? to) =>
        to is ['/', ..] and not ['/', '/' or '\\', ..] && to.Length < 2_048 && !to.Any(char.IsControl) && !to.Contains('\\') ? to : "/";

    private static GatePages Pages(HttpContext context) => context.RequestServices.GetRequiredService<GatePages>();

    private static async Task EnterAsync(HttpContext context)
    {
        var origins = context.RequestServices.GetRequiredService<OwnOrigin>();
        var origin = context.Request.Headers.Origin.ToString();
        if (!origins.IsOwn(origin, context.Request) && !origins.IsPortal(origin))
        {
            await Pages(context).WriteAsync(context, StatusCodes.Status403Forbidden, GatePage.OtherSite);
            return;
        }
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LargestForm;
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (await UseAsync(context, form["ticket"].ToString()) is not { } ticket)
        {
            await Pages(context).WriteAsync(context, StatusCodes.Status403Forbidden, GatePage.BadTicket);
            return;
        }
        context.RequestServices.GetRequiredService<Sessions>().Begin(context.Response, ticket.Person);
        See(context, LocalPath(form["to"]));
    }

    private static async Task<StackTicket?> UseAsync(HttpContext context, string text)
    {
        var options = context.RequestServices.GetRequiredService<GateOptions>();
        if (options.StackOrigin is not { } stack || text.Length is 0 or > LongestTicket)
        {
            return null;
        }
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var ticket = await StackTickets.ReadAsync(text, options.Password, stack, TicketUse.Enter, time);
        return ticket is not null && context.RequestServices.GetRequiredService<UsedTickets>().Use(ticket) ? ticket : null;
    }

    private static async Task AskPasswordAsync(HttpContext context)
    {
        var result = context.RequestServices.GetRequiredService<PasswordCheck>().Check(context.Request);
        if (result == PasswordResult.Right)
        {
            var options = context.RequestServices.GetRequiredService<GateOptions>();
            context.RequestServices.GetRequiredService<Sessions>().Begin(context.Response, options.User);
            See(context, "/");
            return;
        }
        await Pages(context).WriteUnknownAsync(context, result, challenge: true);
    }

    private static async Task LeaveAsync(HttpContext context)
    {
        var sessions = context.RequestServices.GetRequiredService<Sessions>();
        var origins = context.RequestServices.GetRequiredService<OwnOrigin>();
        if (!origins.Allows(context.Request, isBrowserOnly: true))
        {
            await Pages(context).WriteAsync(context, StatusCodes.Status403Forbidden, GatePage.OtherSite);
            return;
        }
        if (await sessions.ReadAsync(context.Request) is { } session)
        {
            sessions.End(context.Response, session);
        }
        await Pages(context).WriteAsync(context, StatusCodes.Status200OK, GatePage.Left);
    }

    private static void See(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
        context.Response.Headers.CacheControl = "no-store";
    }
}
