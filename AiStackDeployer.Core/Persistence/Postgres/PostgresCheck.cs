using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>Whether the portal's database server answers and takes writes, and how quickly. Leaves nothing behind.</summary>
internal sealed class PostgresCheck(IDbContextFactory<PortalDbContext> contexts, PostgresOptions postgres, TimeProvider time) : IConnectionCheck
{
    /// <summary>A deployment makes some forty transactions; at this pace the database alone takes seconds of each.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.Database];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var cause = await CheckAsync(cancellationToken);
        var took = time.GetElapsedTime(started);
        yield return new ConnectionResult(ConnectionTarget.Database, cause) { Facts = new ConnectionFacts { Host = postgres.Host }, Latency = took };
    }

    private async Task<ConnectionCause> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // The first connection may have to be made, which says nothing about the pace of the others.
            await db.Database.OpenConnectionAsync(cancellationToken);
            var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
            var known = db.Database.GetMigrations().ToList();
            if (DatabaseTooNewException.Unknown(applied, known).Count > 0)
            {
                return ConnectionCause.DatabaseTooNew;
            }
            var started = time.GetTimestamp();
            await DatabaseWrite.TryAsync(db, cancellationToken);
            var took = time.GetElapsedTime(started);
            return took > Slow ? ConnectionCause.DatabaseServerSlow
                : applied.Count == 0 ? ConnectionCause.DatabaseServerEmpty
                : known.Except(applied).Any() ? ConnectionCause.DatabaseServerWouldBeUpgraded
                : ConnectionCause.DatabaseServerWorks;
        }
        catch (Exception e) when (StorageGuard.FailureOf(e) is { } failure)
        {
            return failure switch
            {
                StorageFailure.Locked => ConnectionCause.DatabaseLocked,
                StorageFailure.Full => ConnectionCause.DatabaseServerFull,
                StorageFailure.ReadOnly => ConnectionCause.DatabaseServerReadOnly,
                StorageFailure.Refused => ConnectionCause.DatabaseServerRefused,
                StorageFailure.TooManyConnections => ConnectionCause.DatabaseServerBusy,
                StorageFailure.Slow => ConnectionCause.DatabaseServerSilent,
                _ => ConnectionCause.DatabaseServerUnreachable,
            };
        }
    }
}
