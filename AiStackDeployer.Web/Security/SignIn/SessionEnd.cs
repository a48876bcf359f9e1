namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>What is open for long (streams, waiting calls of assistants, circuits) ends with the session or token it was opened with.</summary>
internal sealed class SessionEnd(RequestDelegate next, LiveSessions live, TimeProvider time)
{
    /// <summary>A circuit first leads its page to where the person reads that they are signed out.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.CredentialId() is { } id && FarewellOf(context.Request) is { } farewell)
        {
            using var watch = live.OnEnd(id, () => _ = EndAsync(context, farewell));
            await next(context);
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>Null = it is short.</summary>
    private static TimeSpan? FarewellOf(HttpRequest request) =>
        request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) ? Farewell
        : request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
            || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) ? TimeSpan.Zero
        : null;

    private async Task EndAsync(HttpContext context, TimeSpan farewell)
    {
        await Task.Delay(farewell, time);
        try
        {
            context.Abort();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
