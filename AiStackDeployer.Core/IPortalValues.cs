namespace AiStackDeployer.Core;

/// <summary>What was decided for the whole portal, or saved for one person, as JSON under keys that never change.</summary>
/// <exception cref="Deployments.StorageUnavailableException">Any of these: the database cannot be used now.</exception>
public interface IPortalValues
{
    /// <summary>Null = nothing is stored.</summary>
    Task<string?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <param name="json">Null = removes it.</param>
    /// <param name="changedBy">Who decided it (<c>usr_…</c>).</param>
    Task WriteAsync(string key, string? json, string changedBy, CancellationToken cancellationToken);

    /// <summary>Everything under keys that begin so.</summary>
    Task<IReadOnlyDictionary<string, string>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Reads, lets <paramref name="change"/> act and writes, in one transaction that has the key for itself.</summary>
    /// <param name="change">Null = it is removed. It may be called again.</param>
    Task ChangeAsync(string key, Func<string?, string?> change, string changedBy, CancellationToken cancellationToken);
}

public static class PortalValues
{
    /// <summary>Writes only what nobody else has changed meanwhile.</summary>
    /// <param name="before">As it was read; null = nothing was stored.</param>
    /// <returns>False = somebody has changed it since, and nothing was written.</returns>
    public static async Task<bool> TryWriteAsync(this IPortalValues values, string key, string? before, string json, string changedBy, CancellationToken cancellationToken)
    {
        var isMine = false;
        await values.ChangeAsync(key, stored => (isMine = stored == before) ? json : stored, changedBy, cancellationToken);
        return isMine;
    }
}
