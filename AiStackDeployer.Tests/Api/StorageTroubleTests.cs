using System.Data.Common;
using System.Globalization;
using System.Net;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiStackDeployer.Tests.Api;

/// <summary>A real database file that somebody else has locked, and one on a full disk.</summary>
public sealed class StorageTroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_another_process_writes_a_deploy_is_told_to_come_back_and_nothing_is_begun()
    {
        var disk = new SmallDisk();
        await using var portal = await StartAsync(disk);
        var person = portal.NewPerson();
        await using var other = new SqliteConnection($"Data Source={Path.Combine(portal.Folder, "portal.db")};Pooling=False");
        await other.OpenAsync(Token);
        await using (var writing = other.BeginTransaction(deferred: false))
        {
            using var refused = await person.DeployAsync("while-locked", "key-locked");
            await refused.AssertProblemAsync(503, "storage-unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
            // Reading goes on beside a writer.
            Assert.True((await person.GetJsonAsync("api/check/while-locked"))["available"]!.GetValue<bool>());
            Assert.Equal("healthy", (await person.GetJsonAsync("health")).Text("status"));
        }

        await AssertNothingWrittenAsync(portal);
        // A key opens what it began: the name tells as much.
        Assert.Contains(portal.Log.Events, e => CapturedLog.Whole(e).Contains("while-locked", StringComparison.Ordinal));
        Assert.DoesNotContain(portal.Log.Events, e => CapturedLog.Whole(e).Contains("key-locked", StringComparison.Ordinal));
        await person.StartAsync("while-locked", "key-locked");
        AssertNoStatementLogged(portal);
    }

    [Fact]
    public async Task On_a_full_disk_a_deploy_is_refused_whole_and_works_again_when_there_is_room()
    {
        var disk = new SmallDisk();
        await using var portal = await StartAsync(disk);
        disk.IsFull = true;
        var person = portal.NewPerson();
        var accepted = 0;
        HttpResponseMessage answer;
        // The pages that are there already have room for a few rows more.
        while ((answer = await person.DeployAsync($"full-{accepted}")).StatusCode == HttpStatusCode.Accepted)
        {
            Assert.InRange(++accepted, 1, 200);
        }

        await answer.AssertProblemAsync(503, "storage-unavailable");
        await using (var db = await OpenAsync(portal))
        {
            Assert.Equal(accepted, await db.Stacks.CountAsync(Token));
            Assert.Equal(accepted, await db.Deployments.CountAsync(Token));
            Assert.Equal(accepted, await db.DeploymentEvents.Select(e => e.DeploymentId).Distinct().CountAsync(Token));
        }
        disk.IsFull = false;
        await person.StartAsync($"full-{accepted}");
        AssertNoStatementLogged(portal);
    }

    private static async Task<PortalFactory> StartAsync(SmallDisk disk)
    {
        var portal = new PortalFactory();
        portal.With(services =>
        {
            // A lock timeout of one second instead of five, and nobody who works on what was accepted.
            services.RemoveAll<IDbContextFactory<PortalDbContext>>();
            services.AddSingleton(_ => TestDatabase.OpenFile(Path.Combine(portal.Folder, "portal.db"), TimeSpan.FromSeconds(1), disk));
            services.Replace(ServiceDescriptor.Singleton<IDeploymentQueue, NobodyWorks>());
            services.RemoveAll<Microsoft.Extensions.Hosting.IHostedService>();
        });
        await portal.InitializeAsync();
        return portal;
    }

    private static async Task AssertNothingWrittenAsync(PortalFactory portal)
    {
        await using var db = await OpenAsync(portal);
        Assert.Equal(0, await db.Stacks.CountAsync(Token));
        Assert.Equal(0, await db.Deployments.CountAsync(Token));
        Assert.Equal(0, await db.DeploymentEvents.CountAsync(Token));
    }

    private static Task<PortalDbContext> OpenAsync(PortalFactory portal) =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);

    private static void AssertNoStatementLogged(PortalFactory portal) => Assert.DoesNotContain(
        portal.Log.Events, e => CapturedLog.Whole(e).Contains("INSERT INTO", StringComparison.OrdinalIgnoreCase));

    private sealed class NobodyWorks : IDeploymentQueue
    {
        public Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>SQLite counts the file's pages per connection: no more than there are now is a full disk.</summary>
    private sealed class SmallDisk : DbConnectionInterceptor
    {
        private const int NoLimit = 1_000_000;

        public bool IsFull { get; set; }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA journal_mode=WAL; PRAGMA max_page_count={(IsFull ? 1 : NoLimit)};");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
