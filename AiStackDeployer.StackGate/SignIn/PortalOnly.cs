using AiStackDeployer.Contract;

namespace AiStackDeployer.StackGate.SignIn;

/// <summary>Marks what only the portal may ask, with a ticket of its own for each question.</summary>
internal sealed class PortalOnly
{
    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PortalOnly>() is null || await IsPortalAsync(context))
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }

    private static async Task<bool> IsPortalAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<GateOptions>();
        var header = context.Request.Headers.Authorization.ToString();
        return options.StackOrigin is { } stack
            && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && await StackTickets.ReadAsync(
                header[7..], options.Password, stack, TicketUse.Portal, context.RequestServices.GetRequiredService<TimeProvider>()) is not null;
    }
}
