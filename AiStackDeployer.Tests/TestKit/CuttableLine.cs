using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A line to a server of this machine that a test can cut and mend.</summary>
internal sealed class CuttableLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public CuttableLine(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is open breaks, and what is tried breaks at once.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var (client, _) in _open)
        {
            client.Dispose();
        }
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task PassAsync(TcpClient caller)
    {
        using var server = new TcpClient();
        _open.TryAdd(caller, 0);
        _open.TryAdd(server, 0);
        try
        {
            if (!_isCut)
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(
                    caller.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(caller.GetStream()));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or ended by either side.
        }
        finally
        {
            _open.TryRemove(caller, out _);
            _open.TryRemove(server, out _);
            caller.Dispose();
        }
    }
}
