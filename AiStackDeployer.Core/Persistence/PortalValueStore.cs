using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <inheritdoc cref="IPortalValues"/>
internal sealed class PortalValueStore(IDbContextFactory<PortalDbContext> contexts, StorageMeter storage, TimeProvider time) : IPortalValues
{
    public Task<string?> ReadAsync(string key, CancellationToken cancellationToken) => storage.RepeatAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.PortalValues.Where(v => v.Key == key).Select(v => v.Json).SingleOrDefaultAsync(cancellationToken);
    });

    public Task<IReadOnlyDictionary<string, string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        storage.RepeatAsync<IReadOnlyDictionary<string, string>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.PortalValues.Where(v => v.Key.StartsWith(prefix)).ToDictionaryAsync(v => v.Key, v => v.Json, cancellationToken);
        });

    public Task WriteAsync(string key, string? json, string changedBy, CancellationToken cancellationToken) =>
        ChangeAsync(key, _ => json, changedBy, cancellationToken);

    public Task ChangeAsync(string key, Func<string?, string?> change, string changedBy, CancellationToken cancellationToken) => storage.RunAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.BeginWriteAsync([key], cancellationToken);
        var value = await db.PortalValues.SingleOrDefaultAsync(v => v.Key == key, cancellationToken);
        var json = change(value?.Json);
        if (json is null)
        {
            db.PortalValues.RemoveRange(value is null ? [] : [value]);
        }
        else if (value is null)
        {
            db.PortalValues.Add(new PortalValue { Key = key, Json = json, ChangedAt = time.GetUtcNow(), ChangedBy = changedBy });
        }
        else if (value.Json != json)
        {
            (value.Json, value.ChangedAt, value.ChangedBy) = (json, time.GetUtcNow(), changedBy);
        }
        var written = await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    });
}
