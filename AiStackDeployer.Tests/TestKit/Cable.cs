using System.Net;
using System.Net.Sockets;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>The way to Dokploy. Pulled out, every call of the client is refused by the machine itself: nobody listens at the port.</summary>
internal sealed class Cable : IDisposable
{
    // Bound and not listening, so that nobody else can come to listen there.
    private readonly Socket _closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile string? _pullAt;
    private volatile bool _isOut;

    public Cable() => _closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Completes when the cable is out.</summary>
    public TaskCompletionSource Out { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It comes out with the next call of this name.</summary>
    public void PullAt(string call)
    {
        Out = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pullAt = call;
    }

    public void PutBack() => (_pullAt, _isOut) = (null, false);

    public DelegatingHandler Handler() => new Plug(this);

    public void Dispose() => _closed.Dispose();

    private sealed class Plug(Cable cable) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (cable._pullAt is { } call && request.RequestUri!.AbsolutePath.EndsWith("/" + call, StringComparison.Ordinal))
            {
                cable._isOut = true;
                cable.Out.TrySetResult();
            }
            if (!cable._isOut)
            {
                return await base.SendAsync(request, cancellationToken);
            }
            var meant = request.RequestUri!;
            request.RequestUri = new UriBuilder(meant) { Port = ((IPEndPoint)cable._closed.LocalEndPoint!).Port }.Uri;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                // The same request is sent again when the call is retried.
                request.RequestUri = meant;
            }
        }
    }
}
