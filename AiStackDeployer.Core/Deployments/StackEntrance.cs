using AiStackDeployer.Contract;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Lets a stack's owner in without its password: by a ticket for its gate, where it has one.</summary>
public sealed class StackEntrance(IDeploymentStore store, IStackGates gates, ISecretProtector secrets, Ids ids, TimeProvider time)
{
    /// <summary>A fresh ticket; null when there is no such stack, or it is somebody else's.</summary>
    /// <param name="isTerminal">To its web terminal, where it has one.</param>
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    public async Task<StackEntry?> OpenAsync(string stackId, string ownerId, bool isTerminal, CancellationToken cancellationToken)
    {
        if (await store.FindStackAsync(stackId, cancellationToken) is not { } stack || stack.OwnerId != ownerId)
        {
            return null;
        }
        var path = isTerminal ? stack.TerminalPath : null;
        if (!await gates.HasGateAsync(stack, cancellationToken))
        {
            return new StackEntry(stack.Url + (path ?? "/"), null);
        }
        var now = time.GetUtcNow();
        var ticket = StackTickets.Issue(secrets.Unprotect(stack.ProtectedPassword), stack.Url, TicketUse.Enter, ownerId, ids.NewTicketId(), now);
        var to = path is null ? "" : "&to=" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal);
        return new StackEntry($"{stack.Url}/.stack/enter#ticket={ticket}{to}", now + StackTickets.Lifetime);
    }
}
