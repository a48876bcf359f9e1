using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Limits;

/// <summary>On whose account something is counted.</summary>
/// <param name="IsKnown">A person the portal knew before this request, whatever address they come from.</param>
public readonly record struct Caller(string Key, bool IsKnown)
{
    public static Caller Of(HttpContext context) => Of(context.User) ?? OfAddress(context.Connection.RemoteIpAddress);

    /// <summary>Null for nobody, and for a person made up in this very request: there would be a new one with each.</summary>
    public static Caller? Of(ClaimsPrincipal user) =>
        user.PersonIdOrNull() is { } id && !user.HasClaim(PersonClaims.New, "") ? OfPerson(id) : null;

    public static Caller OfPerson(string personId) => new("person " + personId, IsKnown: true);

    /// <summary>The connection's own address, or what a trusted proxy says it is.</summary>
    public static Caller OfAddress(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }
        // Each home and each server has 2^64 addresses of its own.
        return new("address " + (address is { AddressFamily: AddressFamily.InterNetworkV6 } ? NetworkOf(address) : address), IsKnown: false);
    }

    private static IPNetwork NetworkOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPNetwork(new IPAddress(bytes), 64);
    }
}
