using System.Net.Sockets;

namespace AiStackDeployer.Core.Provisioning;

internal static class DnsTrouble
{
    /// <summary>The name did not resolve, as against: nobody answered at its address.</summary>
    public static bool Is(SocketException e) =>
        e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery;
}
