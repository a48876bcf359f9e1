using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Tests.Backup;

/// <summary>A data folder's way into PostgreSQL.</summary>
public sealed class DatabaseMoveTests : IDisposable
{
    private readonly BackupWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Every_row_and_every_key_arrives_as_it_was_and_the_folder_stays()
    {
        var folder = await _world.NewPortalAsync("jan");
        var store = BackupWorld.Store(folder);
        var run = (await store.ChangeAsync("dep_usr_1_req_1", d => d.BeginRun(Some.Start), Token))!.Value;
        await store.ChangeAsync("dep_usr_1_req_1", d => { d.Note(run, LogCode.Raw, "a line é", Some.Start); return d; }, Token);
        await store.ChangeAsync("dep_usr_1_req_1", d => { d.KeepVolumes(run, ["one", "two"], Some.Start); return d; }, Token);
        await store.ChangeAsync("dep_usr_1_req_1", d => { d.Fail(run, Some.Failure, Some.Start); return d; }, Token);
        _world.CloseConnections();
        using var target = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var password = Assert.Single(StoredPasswords.Of(folder.Database));

        var moved = await DatabaseMove.RunAsync(folder, target.Postgres!, TimeProvider.System, Token);

        await using var from = await TestDatabase.OpenFile(folder.Database).CreateDbContextAsync(Token);
        await using var to = await target.Open().CreateDbContextAsync(Token);
        Assert.Equal((1, 1, 1), (moved.Stacks, moved.Deployments, moved.Keys));
        Assert.Equivalent(await from.Stacks.AsNoTracking().ToListAsync(Token), await to.Stacks.AsNoTracking().ToListAsync(Token), strict: true);
        Assert.Equivalent(await Whole(from), await Whole(to), strict: true);
        Assert.Equivalent(await Events(from), await Events(to), strict: true);
        Assert.Equal(moved.Events, (await Events(to)).Count);
        Assert.Equal(password, (await to.Stacks.SingleAsync(Token)).ProtectedPassword);
        Assert.Equal(
            await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder.Keys)), Token), Assert.Single(await to.DataProtectionKeys.ToListAsync(Token)).Xml);
    }

    [Fact]
    public async Task A_database_that_a_portal_has_worked_on_is_left_alone()
    {
        var folder = await _world.NewPortalAsync("jan");
        _world.CloseConnections();
        using var target = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await target.OpenStore().BeginAsync(Some.Claim("piet"), Token);

        var refused = await Assert.ThrowsAsync<BackupException>(() => DatabaseMove.RunAsync(folder, target.Postgres!, TimeProvider.System, Token));

        Assert.Equal(BackupFault.Exists, refused.Fault);
        Assert.Equal(1, target.Count("stacks"));
    }

    [Fact]
    public async Task A_folder_that_a_portal_runs_on_is_not_copied()
    {
        var folder = await _world.NewPortalAsync("jan");
        _world.CloseConnections();
        using var target = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        using var running = DataFolderLock.Take(folder);

        var refused = await Assert.ThrowsAsync<BackupException>(() => DatabaseMove.RunAsync(folder, target.Postgres!, TimeProvider.System, Token));

        Assert.Equal(BackupFault.InUse, refused.Fault);
        Assert.Equal(0, target.Count("stacks"));
    }

    private static Task<List<Deployment>> Whole(PortalDbContext db) => db.Deployments.AsNoTracking().Include(d => d.Steps).ToListAsync(Token);

    private static Task<List<DeploymentEvent>> Events(PortalDbContext db) =>
        db.DeploymentEvents.AsNoTracking().OrderBy(e => e.DeploymentId).ThenBy(e => e.Sequence).ToListAsync(Token);
}
