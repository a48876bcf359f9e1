using System.Net;
using System.Net.Sockets;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// Ports of 127.0.0.1 for programs that are told theirs, or come back to the same one. They lie below those that the system gives
/// away by itself (Linux: from 32768), so nobody takes one while its program is down.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // Another test program on this machine begins elsewhere.
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }
}
