using System.Collections.Concurrent;
using AiStackDeployer.Contract;

namespace AiStackDeployer.StackGate.SignIn;

/// <summary>A ticket opens once. Only good ones are kept here, and only until they would have expired anyway.</summary>
internal sealed class UsedTickets(TimeProvider time)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new();

    /// <summary>Whether this is its first use.</summary>
    public bool Use(StackTicket ticket)
    {
        var now = time.GetUtcNow();
        foreach (var (id, expires) in _used)
        {
            if (expires + StackTickets.ClockSkew < now)
            {
                _used.TryRemove(id, out _);
            }
        }
        // One from before this start may have been used then: this list is gone with the process.
        return ticket.ExpiresAt - StackTickets.Lifetime >= Floor(_since) && _used.TryAdd(ticket.Id, ticket.ExpiresAt);
    }

    /// <summary>A ticket's times are whole seconds.</summary>
    private static DateTimeOffset Floor(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
