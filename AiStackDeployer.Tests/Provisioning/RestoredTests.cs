using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>
/// A database that was restored is behind Dokploy: what it takes for running has ended since, for better or worse. Each such
/// operation comes to a proper end of its own, and makes nothing twice.
/// </summary>
public sealed class RestoredTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("project.create", false)]
    [InlineData("project.create", true)]
    [InlineData("application.create", true)]
    [InlineData("application.update", true)]
    [InlineData("mounts.create", true)]
    [InlineData("domain.create", true)]
    [InlineData("application.deploy", false)]
    [InlineData("application.deploy", true)]
    public async Task Restored_to_any_step_of_a_deployment_that_completed_since_nothing_is_made_twice(string call, bool afterWork)
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        await RunWithBackupAtAsync(portal, claimed.Id, call, afterWork);
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);

        await using var restored = await RestoreAsync(portal);
        await restored.RunAsync(claimed.Id);

        Assert.Equal(DeploymentPhase.Completed, (await restored.SeeAsync(claimed.Id)).Phase);
        var world = portal.Emulator.World;
        Assert.Single(world.Projects);
        Assert.Single(world.Applications);
        Assert.Single(world.Domains);
        Assert.Equal(2, world.Mounts.Count);
        Assert.Single(world.Deployments);
        foreach (var making in new[] { "project.create", "application.create", "domain.create", "application.deploy" })
        {
            Assert.Equal((making, 1), (making, world.Calls.Count(making)));
        }
    }

    [Theory]
    [InlineData("application.create", true)]
    [InlineData("application.deploy", true)]
    public async Task Restored_to_the_middle_of_a_deployment_that_failed_and_was_cleared_up_since_it_ends_and_leaves_nothing(string call, bool afterWork)
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var claimed = await portal.ClaimAsync("design-lab");
        await RunWithBackupAtAsync(portal, claimed.Id, call, afterWork);
        Assert.Equal(DeploymentPhase.Failed, (await portal.SeeAsync(claimed.Id)).Phase);

        await using var restored = await RestoreAsync(portal);
        await restored.RunAsync(claimed.Id);

        var ended = await restored.SeeAsync(claimed.Id);
        Assert.Equal(DeploymentPhase.Failed, ended.Phase);
        Assert.Null(ended.Failure?.LeftBehind);
        DeletionTests.AssertNothingLeft(portal);
    }

    [Theory]
    [InlineData("application.delete", false)]
    [InlineData("application.delete", true)]
    [InlineData("project.remove", true)]
    public async Task Restored_to_the_middle_of_a_deletion_that_completed_since_it_completes_again(string call, bool afterWork)
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var accepted = await portal.AcceptDeletionAsync(made);
        await RunWithBackupAtAsync(portal, accepted.Id, call, afterWork);
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(accepted.Id)).Phase);

        await using var restored = await RestoreAsync(portal);
        await restored.RunAsync(accepted.Id);

        var ended = await restored.SeeAsync(accepted.Id);
        Assert.Equal(DeploymentPhase.Completed, ended.Phase);
        Assert.Equal(2, ended.KeptVolumes?.Count);
        DeletionTests.AssertNothingLeft(portal);
    }

    [Fact]
    public async Task A_stack_that_was_deleted_since_and_whose_name_is_somebody_elses_now_is_deleted_again_without_harm_to_the_other()
    {
        await using var portal = await TestPortal.StartAsync();
        var made = await portal.DeployAsync("design-lab");
        Backup(portal);
        await portal.DeleteAsync(made);
        var other = await portal.ClaimAsync("design-lab", owner: "usr_two");
        await portal.RunAsync(other.Id);

        await using var restored = await RestoreAsync(portal);
        var deleted = await restored.DeleteAsync(made);

        // Its address answers, but not with its password: nothing of it is left, and it says so.
        Assert.Equal((DeploymentPhase.Completed, null), (deleted.Phase, deleted.Failure));
        Assert.Single(portal.Emulator.World.Applications);
        Assert.Single(portal.Emulator.World.Services, s => s.IsServing);
    }

    /// <summary>The backup is taken while the workflow waits for the answer of this call; then the run goes to its end.</summary>
    private static async Task RunWithBackupAtAsync(TestPortal portal, string id, string call, bool afterWork)
    {
        using var gate = portal.Emulator.World.Faults.Hold(call, afterWork);
        var run = portal.RunAsync(id);
        await gate.Arrived.WaitAsync(Token);
        Backup(portal);
        gate.Release();
        await run;
    }

    private static void Backup(TestPortal portal) =>
        new DataBackup(new DataFolder(portal.Folder), TimeProvider.System, "1.0.0").ToFile(FileOf(portal), overwrite: false, Token);

    private static async Task<TestPortal> RestoreAsync(TestPortal portal)
    {
        IdleConnections.CloseIn(portal.Folder);
        new DataRestore(new DataFolder(portal.Folder), TimeProvider.System, DatabaseSchema.Known()).Run(FileOf(portal), overwrite: true, Token);
        return await portal.SecondProcessAsync();
    }

    private static string FileOf(TestPortal portal) => Path.Combine(portal.Folder, "mine.backup");
}
