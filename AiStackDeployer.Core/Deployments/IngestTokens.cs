using AiStackDeployer.Contract;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Deployments;

/// <summary>A stack's password as it is stored.</summary>
public sealed record StackPassword(string StackId, StackName Name, string ProtectedPassword);

/// <summary>What the log ingest knows of a stack: its name, and the hash of the token that it sends its events with.</summary>
public sealed record IngestToken(StackName Name, string TokenHash);

/// <summary>The tokens that the log ingest takes. They are derived from the stacks' passwords, so a new password ends the old token.</summary>
public sealed partial class IngestTokens(IDeploymentStore store, ISecretProtector secrets, ILogger<IngestTokens> logger)
{
    /// <summary>By the stack's id. The ingest asks every few seconds, and no password is decrypted twice for it.</summary>
    private volatile Dictionary<string, Derived> _known = [];

    /// <summary>Of all stacks that have their name now, by name. A stack whose password cannot be read is left out.</summary>
    public async Task<IReadOnlyList<IngestToken>> ListAsync(CancellationToken cancellationToken)
    {
        var before = _known;
        var stacks = await store.ListStackPasswordsAsync(cancellationToken);
        var now = new Dictionary<string, Derived>(stacks.Count);
        foreach (var stack in stacks)
        {
            now[stack.StackId] = before.TryGetValue(stack.StackId, out var known) && known.From == stack.ProtectedPassword ? known : Derive(stack);
        }
        _known = now;
        return [.. stacks.Where(stack => now[stack.StackId].Hash is not null).Select(stack => new IngestToken(stack.Name, now[stack.StackId].Hash!))];
    }

    private Derived Derive(StackPassword stack)
    {
        try
        {
            return new Derived(stack.ProtectedPassword, StackKeys.HashOf(StackKeys.IngestToken(secrets.Unprotect(stack.ProtectedPassword))));
        }
        catch (SecretUnreadableException)
        {
            Unreadable(stack.StackId);
            return new Derived(stack.ProtectedPassword, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of stack {StackId} is not taken in: its password cannot be read")]
    private partial void Unreadable(string stackId);

    private sealed record Derived(string From, string? Hash);
}
