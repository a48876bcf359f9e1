namespace AiStackDeployer.Web.Api;

/// <summary>
/// HEAD wherever GET is (RFC 9110, 9.3.2), in one place: monitors and link checkers ask so for pages and documents too. The application
/// answers a GET; the server itself, which knows better, sends no body.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Needed before routing, which would find no page for the verb.</summary>
    public static void UseHead(this WebApplication app) => app.Use((context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context));

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.Request.Method = HttpMethods.Get;
        context.RequestAborted = enough.Token;
        // A stream of events would go on for as long as something happens, after all has been said.
        context.Response.OnStarting(() =>
            context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true ? enough.CancelAsync() : Task.CompletedTask);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.Response.HasStarted && enough.IsCancellationRequested)
        {
        }
    }
}
