namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// Innermost handler: reads the whole body, up to a limit, inside the attempt, so that time-outs and repeats also hold for an
/// answer that stalls or breaks off after its headers. (The room for Dokploy has the like; rooms do not share.)
/// </summary>
internal sealed class HetznerWireHandler(long maxResponseBytes) : DelegatingHandler
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
