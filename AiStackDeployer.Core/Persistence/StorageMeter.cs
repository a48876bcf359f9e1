using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiStackDeployer.Core.Persistence;

/// <summary>
/// How often the portal's database did not do what it was asked, and whether it takes writes: a database that is full, read-only or
/// locked can be read all the same.
/// </summary>
public sealed class StorageMeter
{
    public const string Name = "AiStackDeployer.Storage";

    /// <summary>The one writer's lock is taken for it, for a moment.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly Counter<long> _failures;

    private readonly GaugeReading<object> _writing;

    public StorageMeter(IMeterFactory meters, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
    {
        var meter = meters.Create(Name);
        _failures = meter.CreateCounter<long>(
            "aistack.storage.failures", "{failure}", "Readings and writes that the portal's database refused, by why.");
        _writing = new GaugeReading<object>(() => WriteAsync(contexts), Fresh, time);
        meter.CreateObservableGauge(
            "aistack.database.writable", Writable, description: "1 = the portal's database takes writes; tried with one that is taken back.");
    }

    /// <inheritdoc cref="GaugeReading{T}.ReadTimeout"/>
    internal TimeSpan ReadTimeout
    {
        get => _writing.ReadTimeout;
        set => _writing.ReadTimeout = value;
    }

    /// <summary>Every series of the counter, at zero: the first failure of all must be seen to rise. To be called once something listens.</summary>
    public void BeginAtZero()
    {
        foreach (var cause in Enum.GetValues<StorageFailure>())
        {
            Count(0, cause);
        }
    }

    /// <summary>The stores' guard: counts what <see cref="StorageGuard"/> explains.</summary>
    internal async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await StorageGuard.RunAsync(work);
        }
        catch (StorageUnavailableException e)
        {
            Count(1, StorageGuard.FailureOf(e) ?? StorageFailure.Unusable);
            throw;
        }
    }

    /// <summary>
    /// The same for work that may be done twice. A server that was restarted leaves connections in the pool of which nobody knows that
    /// they are dead: the first one that is used says so, and the work is done once more over a new one.
    /// </summary>
    internal Task<T> RepeatAsync<T>(Func<Task<T>> work) => RunAsync(async () =>
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (StorageGuard.FailureOf(e) == StorageFailure.Unreachable)
        {
            NpgsqlConnection.ClearAllPools();
            return await work();
        }
    });

    private IEnumerable<Measurement<int>> Writable()
    {
        if (_writing.Read() is { IsKnown: true, Value: var taken })
        {
            yield return new Measurement<int>(taken is null ? 0 : 1);
        }
    }

    private static async Task<object?> WriteAsync(IDbContextFactory<PortalDbContext> contexts)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await DatabaseWrite.TryAsync(db, CancellationToken.None);
        return true;
    }

    private void Count(int count, StorageFailure cause) =>
        _failures.Add(count, new KeyValuePair<string, object?>("cause", Label.Of(cause)));
}

/// <summary>Why the database did not do it, as far as an operator acts differently.</summary>
internal enum StorageFailure
{
    /// <summary>Another process or connection holds it.</summary>
    Locked,

    /// <summary>The disk is full.</summary>
    Full,

    ReadOnly,

    /// <summary>A backup is needed.</summary>
    Damaged,

    /// <summary>The file or its disk cannot be used: gone, not permitted, I/O errors.</summary>
    Unusable,

    /// <summary>The server does not answer, stops, or the connection to it broke.</summary>
    Unreachable,

    /// <summary>The server answers, but not this user, password, database or right.</summary>
    Refused,

    TooManyConnections,

    /// <summary>The server did not answer in time.</summary>
    Slow,
}
