using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

internal static class DatabaseWrite
{
    /// <summary>Writes whatever tables there are, as every deployment does, and takes it back.</summary>
    public static async Task TryAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"CREATE TABLE connection_check (at INTEGER)", cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO connection_check VALUES (1)", cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }
}
