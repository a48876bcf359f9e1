using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>Runs the migrations that are missing. Of several portals that start at once one does it, and the others wait for it.</summary>
internal static class PostgresUpgrade
{
    /// <summary>Any number, as long as nobody else in this database uses it.</summary>
    private const long Lock = 0x6169_7374_6163_6b73;

    public static async Task RunAsync(PostgresPortalDbContext db, CancellationToken cancellationToken)
    {
        // A connection of its own, not from the pool: EF opens and closes its own between the migrations, and the lock goes with the
        // connection, however the process ends.
        var own = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(own.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SET lock_timeout = 0; SELECT pg_advisory_lock({Lock})", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (DatabaseTooNewException.Unknown(applied, known) is not [])
        {
            throw new DatabaseTooNewException(
                $"A newer version of this program has upgraded the database: it has {applied[^1]}, and this version knows up to {known[^1]}. "
                + "Start the newer version, or restore a dump of before. Nothing was changed.");
        }
        if (known.Except(applied).Any())
        {
            await db.Database.MigrateAsync(cancellationToken);
        }
    }
}
