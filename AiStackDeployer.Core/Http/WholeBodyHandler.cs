namespace AiStackDeployer.Core.Http;

/// <summary>
/// Innermost handler: reads the whole body, up to a limit, inside the attempt. Otherwise a server that sends its
/// headers and then stalls, or breaks off, would do so beyond the reach of time-out, repeat and breaker.
/// </summary>
internal sealed class WholeBodyHandler(long maxResponseBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // SocketsHttpHandler reports its ConnectTimeout as a cancellation; nothing was sent yet.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The connection was not established in time.", e);
        }
        try
        {
            await response.Content.LoadIntoBufferAsync(maxResponseBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
