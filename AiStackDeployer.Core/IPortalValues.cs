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

    /// <summary>Writes only what nobody else has changed meanwhile.</summary>
    /// <param name="before">As it was read; null = nothing was stored.</param>
    /// <returns>False = it is another one by now, and stays so.</returns>
    Task<bool> TryWriteAsync(string key, string? before, string json, string changedBy, CancellationToken cancellationToken);
}
