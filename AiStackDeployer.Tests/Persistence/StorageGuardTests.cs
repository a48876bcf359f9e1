using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>A trouble of the database is known as one however deep the libraries wrap it.</summary>
public sealed class StorageGuardTests
{
    private static readonly PostgresException Restarting = new("terminating connection due to administrator command", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown);

    public static TheoryData<Exception> Wrapped =>
    [
        Restarting,
        new DbUpdateException("While saving.", Restarting),
        // As EF Core gives on what may pass by itself: seen when a server was restarted under load.
        new InvalidOperationException("Likely due to a transient failure.", new DbUpdateException("While saving.", Restarting)),
        new InvalidOperationException("Likely due to a transient failure.", Restarting),
    ];

    [Theory]
    [MemberData(nameof(Wrapped), DisableDiscoveryEnumeration = true)]
    public async Task A_server_that_restarts_is_waited_for(Exception trouble)
    {
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => StorageGuard.RunAsync(() => Task.FromException(trouble)));

        Assert.Equal("The portal's database server cannot be reached.", e.Message);
    }

    [Fact]
    public async Task A_fault_of_ours_stays_one() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StorageGuard.RunAsync(() => Task.FromException(new InvalidOperationException("Sequence contains no elements."))));
}
