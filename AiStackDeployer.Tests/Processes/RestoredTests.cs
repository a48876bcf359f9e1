using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>A backup from the middle of a deployment, restored after that had completed.</summary>
public sealed class RestoredTests : ProcessTests
{
    private readonly DirectoryInfo _backups = Directory.CreateTempSubdirectory("portal-backups-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _backups.Delete(recursive: true);
    }

    /// <param name="call">The backup is taken while the portal waits for this call's answer.</param>
    /// <param name="afterWork">Whether Dokploy had done the work by then.</param>
    [Theory(Timeout = GivesUpAfter)]
    [InlineData("project.create", false, Explicit = true)]
    [InlineData("application.create", true, Explicit = true)]
    [InlineData("application.deploy", true, Explicit = true)]
    [InlineData("docker.getServiceContainersByAppName", false, Explicit = true)]
    public async Task Restored_to_the_middle_of_a_deployment_that_had_completed_since_it_completes_again_with_one_of_everything(string call, bool afterWork)
    {
        var backup = Path.Combine(_backups.FullName, "portal.tar.gz");
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold(call, afterWork);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await Home.AssertEndsAsync(0, "backup", backup);
        gate.Release();
        await AssertCompletesAsync(person, started);
        var deploysBefore = Dokploy.World.Calls.Count("application.deploy");

        await Home.Process.TerminateAsync();
        await Home.AssertEndsAsync(0, "restore", backup, "--force");
        await Home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
        Assert.Equal(deploysBefore, Dokploy.World.Calls.Count("application.deploy"));
    }
}
