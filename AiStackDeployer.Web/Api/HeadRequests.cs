using Microsoft.AspNetCore.Http.Features;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// HEAD wherever GET is (RFC 9110, 9.3.2), in one place: monitors and link checkers ask so for pages and documents too. The application
/// answers a GET, and its body goes nowhere.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Needed before routing, which would find no page for the verb.</summary>
    public static void UseHead(this WebApplication app) => app.Use((context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context));

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        int? streams = null;
        using var nowhere = new Nowhere(() => Begin(context.Response));
        context.Request.Method = HttpMethods.Get;
        context.RequestAborted = enough.Token;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(nowhere, body));
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // A stream of events has said what it is, and would go on for as long as something happens.
        }
        finally
        {
            context.Features.Set(body);
            if (streams is { } status)
            {
                // The framework takes it for a caller that left.
                context.Response.StatusCode = status;
            }
        }

        Task Begin(HttpResponse response)
        {
            if (response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) != true)
            {
                return Task.CompletedTask;
            }
            streams ??= response.StatusCode;
            return enough.CancelAsync();
        }
    }

    /// <summary>Tells when the body begins, and keeps nothing of it.</summary>
    private sealed class Nowhere(Func<Task> begun) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(begun());

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => begun();

        public override Task FlushAsync(CancellationToken cancellationToken) => begun();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }
}
