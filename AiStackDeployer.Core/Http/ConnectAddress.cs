using System.Net;

namespace AiStackDeployer.Core.Http;

/// <summary>Where to connect for a stack's host: where its name points, or where the operator says.</summary>
internal static class ConnectAddress
{
    /// <param name="address"><c>host</c> or <c>host:port</c>; null = where the name points.</param>
    public static EndPoint Instead(string? address, DnsEndPoint asked)
    {
        if (address is null)
        {
            return asked;
        }
        if (IPEndPoint.TryParse(address, out var ip))
        {
            return ip.Port == 0 ? new IPEndPoint(ip.Address, asked.Port) : ip;
        }
        var colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address.AsSpan(colon + 1), out var port)
            ? new DnsEndPoint(address[..colon], port)
            : new DnsEndPoint(address, asked.Port);
    }
}
