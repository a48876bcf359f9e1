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

    public Task WriteAsync(string key, string? json, string changedBy, CancellationToken cancellationToken) =>
        WriteAsync(key, _ => true, json, changedBy, cancellationToken);

    public Task<bool> TryWriteAsync(string key, string? before, string json, string changedBy, CancellationToken cancellationToken) =>
        WriteAsync(key, stored => stored == before, json, changedBy, cancellationToken);

    private Task<bool> WriteAsync(string key, Func<string?, bool> isWanted, string? json, string changedBy, CancellationToken cancellationToken) => storage.RunAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.BeginWriteAsync([key], cancellationToken);
        var value = await db.PortalValues.SingleOrDefaultAsync(v => v.Key == key, cancellationToken);
        if (!isWanted(value?.Json))
        {
            return false;
        }
        if (json is null)
        {
            db.PortalValues.RemoveRange(value is null ? [] : [value]);
        }
        else if (value is null)
        {
            db.PortalValues.Add(new PortalValue { Key = key, Json = json, ChangedAt = time.GetUtcNow(), ChangedBy = changedBy });
        }
        else
        {
            (value.Json, value.ChangedAt, value.ChangedBy) = (json, time.GetUtcNow(), changedBy);
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    });
}
