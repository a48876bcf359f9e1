using AiStackDeployer.Core.Stacks;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// The way into a stack for its owner: answers with a redirect to the stack that carries a fresh ticket. A link, and not a form: it opens
/// in a new tab, by any button of the mouse, without a circuit, and no policy of the portal's pages has to name the stacks' addresses.
/// What a link can be abused for is met by what the browser says of the request: another site leads to a page that asks first, and
/// nothing is made for a browser that only looks ahead.
/// </summary>
internal static class OpenEndpoints
{
    public const string Path = "/open";

    private const string Terminal = "terminal";

    /// <summary>Where browsers of today, and of some years ago, say that they only look ahead.</summary>
    private static readonly string[] PurposeHeaders = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    /// <summary>Relative to the portal's root.</summary>
    public static string Of(string name, bool isTerminal = false) => $"open/{Uri.EscapeDataString(name)}{QueryOf(isTerminal)}";

    public static void MapOpen(this WebApplication app)
    {
        var open = app.MapGroup(Path).ExcludeFromDescription();
        open.MapGet("/{name}", FollowAsync);
        open.MapPost("/{name}", PressAsync);
    }

    /// <summary>Whether a query asks for the web terminal.</summary>
    public static bool IsTerminal(string? to) => to == Terminal;

    public static string QueryOf(bool isTerminal) => isTerminal ? "?to=" + Terminal : "";

    private static async Task<IResult> FollowAsync(string name, string? to, HttpContext context, StackActs acts, CancellationToken cancellationToken)
    {
        if (IsAhead(context.Request))
        {
            context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        var actor = Actor.Of(context);
        if (await acts.FindToOpenAsync(actor, name, cancellationToken) is not { } snapshot)
        {
            return Results.NotFound();
        }
        // "none" is the address bar or a bookmark. Browsers that say nothing are asked as well: programs have the API.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("same-origin" or "none"))
        {
            return Results.LocalRedirect($"{context.Request.PathBase}/{Of(name)}/ask{QueryOf(IsTerminal(to))}");
        }
        return Lead(context, await acts.OpenAsync(actor, snapshot, IsTerminal(to), cancellationToken));
    }

    /// <summary>With the page's own proof: the form that asks first.</summary>
    private static async Task<IResult> PressAsync(string name, HttpContext context, StackActs acts, IFormCollection form, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        return await acts.FindToOpenAsync(actor, name, cancellationToken) is { } snapshot
            ? Lead(context, await acts.OpenAsync(actor, snapshot, IsTerminal(form["to"]), cancellationToken))
            : Results.NotFound();
    }

    private static IResult Lead(HttpContext context, StackEntry? entry)
    {
        if (entry is null)
        {
            return Results.NotFound();
        }
        context.Response.Headers.Location = entry.Url;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static bool IsAhead(HttpRequest request) => PurposeHeaders.Any(header =>
        request.Headers[header].ToString() is var purpose
            && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)));
}
