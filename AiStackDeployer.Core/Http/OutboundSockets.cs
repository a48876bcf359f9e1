using System.Net;

namespace AiStackDeployer.Core.Http;

/// <summary>What every connection to another company's API has in common.</summary>
internal static class OutboundSockets
{
    /// <param name="target">Where the calls go; on this machine no proxy is asked.</param>
    /// <param name="idle">How long an unused connection is kept: less than the other side keeps it.</param>
    public static void Configure(SocketsHttpHandler handler, Uri target, TimeSpan connectTimeout, TimeSpan idle)
    {
        handler.ConnectTimeout = connectTimeout;
        handler.PooledConnectionIdleTimeout = idle;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate;
        // A redirect would carry the key to wherever it points.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = !target.IsLoopback;
    }
}
