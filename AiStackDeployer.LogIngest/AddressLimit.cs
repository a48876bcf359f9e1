using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace AiStackDeployer.LogIngest;

/// <summary>Connections that one address may have open. Kestrel's own limit is one for all, which one stack could use up.</summary>
internal sealed class AddressLimit(int most)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (_open.AddOrUpdate(address, 1, static (_, count) => count + 1) > most)
            {
                connection.Abort();
                return;
            }
            await next(connection);
        }
        finally
        {
            // Those that have none left go, so that the dictionary does not grow with all addresses ever seen.
            if (_open.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
            {
                _open.TryRemove(KeyValuePair.Create(address, 0));
            }
        }
    };
}
