using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>
/// Stands before everything that a browser asks of a circuit, whoever holds the circuit's id: nothing happens for a session that has
/// ended, and a circuit goes on only with the session that began it.
/// </summary>
internal sealed class CircuitGate(LiveSessions live, TimeProvider time) : IHubFilter
{
    /// <summary>Longer than a circuit that lost its connection is kept.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>Under it a connection keeps when a use of its session was last written down.</summary>
    private static readonly object Seen = new();

    /// <summary>Whose each circuit is, by the hash of its secret id.</summary>
    private readonly ConcurrentDictionary<string, Circuit> _circuits = [];

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var (connection, method) = (invocationContext.Context, invocationContext.HubMethodName);
        var user = connection.User ?? new ClaimsPrincipal();
        if (user.CredentialId() is { } id)
        {
            if (!await live.IsLiveAsync(id, connection.ConnectionAborted))
            {
                return null;
            }
            if (method == "BeginInvokeDotNetFromJS")
            {
                // A press or a key, and not the browser's own answers to what the portal draws.
                connection.Items[Seen] = await live.SeenAsync(id, connection.Items.TryGetValue(Seen, out var at) ? (DateTimeOffset?)at : null, connection.ConnectionAborted);
            }
        }
        if (method is "ConnectCircuit" && invocationContext.HubMethodArguments is [string secret, ..])
        {
            if (!_circuits.TryGetValue(LiveSessions.HashOf(secret), out var circuit) || circuit.Of != HolderOf(user))
            {
                return false;
            }
            circuit.GoneAt = null;
            connection.Items[this] = circuit;
        }
        var result = await next(invocationContext);
        if (method is "StartCircuit" or "ResumeCircuit" && result is string begun)
        {
            connection.Items[this] = _circuits[LiveSessions.HashOf(begun)] = new Circuit(HolderOf(user));
        }
        return result;
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        var now = time.GetUtcNow();
        if (context.Context.Items.TryGetValue(this, out var begun) && begun is Circuit circuit)
        {
            circuit.GoneAt = now;
        }
        foreach (var (secret, _) in _circuits.Where(c => now - c.Value.GoneAt > Kept))
        {
            _circuits.TryRemove(secret, out _);
        }
        return next(context, exception);
    }

    /// <summary>Where nobody signs in there is no session; then it is the person's.</summary>
    private static string? HolderOf(ClaimsPrincipal user) => user.CredentialId() ?? user.PersonIdOrNull();

    private sealed class Circuit(string? holder)
    {
        public string? Of => holder;

        public DateTimeOffset? GoneAt { get; set; }
    }
}
