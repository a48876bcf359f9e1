using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// Turns the database's troubles into 503 and requests that cannot be read into their own status; the rest is a fault of ours.
/// The middleware logs nothing that is handled here, so this does.
/// </summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
        // The middleware has put the error page's path into the request already.
        if (!Problems.IsApi(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path))
        {
            return false;
        }
        var status = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            StorageUnavailableException => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            StorageFailed(exception.Message, Problems.TraceIdOf(httpContext));
        }
        else if (status >= StatusCodes.Status500InternalServerError)
        {
            Broke(exception, Problems.TraceIdOf(httpContext));
        }
        await Problems.WriteAsync(httpContext, status);
        return true;
    }

    // The message alone: what lies below it is the driver's and may quote a statement.
    [LoggerMessage(Level = LogLevel.Error, Message = "A call of the API could not be served: {Reason} (traceId {CallTraceId})")]
    private partial void StorageFailed(string reason, string callTraceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of the API ended in a fault (traceId {CallTraceId})")]
    private partial void Broke(Exception e, string callTraceId);
}
