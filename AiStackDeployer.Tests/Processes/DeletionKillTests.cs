using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal as a process that dies in the middle of a deletion.</summary>
public sealed class DeletionKillTests : ProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = GivesUpAfter)]
    public async Task Killed_at_call_after_call_the_same_deletion_completes_and_nothing_is_removed_twice()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var started = await person.StartAsync("design-lab");
        await using (var made = await EventReader.OpenAsync(person, started.Text("deploymentId")))
        {
            Assert.Equal("complete", (await made.RestAsync())[^1].Type);
        }

        // Accepted by a process that dies before it has handed it to its engine: the next start finds it.
        await Home.Process.KillAsync();
        var id = await AcceptAsync("design-lab");
        foreach (var (call, afterWork) in new[] { ("mounts.listByServiceId", true), ("application.delete", true), ("project.remove", true) })
        {
            var gate = Dokploy.World.Faults.Hold(call, afterWork);
            await Home.StartAsync(Token);
            await gate.Arrived.WaitAsync(Token);
            await Home.Process.KillAsync();
            gate.Release();
        }
        await Home.StartAsync(Token);

        await using var reader = await EventReader.OpenAsync(person, id);
        var end = (await reader.RestAsync())[^1];
        Assert.True(end.Type == "complete", $"{end.Data}\n{Home.Process.Output}");
        Assert.Equal(("delete", "completed", 2), (end.Json.Text("kind"), end.Json.Text("status"), end.Json["keptVolumes"]!.AsArray().Count));
        var world = Dokploy.World;
        Assert.Empty(world.Projects);
        Assert.Empty(world.Applications);
        Assert.Empty(world.Services);
        Assert.Empty(world.RoutedHosts);
        Assert.Equal((1, 1), (world.Calls.Count("application.delete"), world.Calls.Count("project.remove")));

        var again = await person.StartAsync("design-lab");
        await using var next = await EventReader.OpenAsync(person, again.Text("deploymentId"));
        Assert.Equal("complete", (await next.RestAsync())[^1].Type);
    }

    private async Task<string> AcceptAsync(string name)
    {
        var store = TestDatabase.StoreOn(TestDatabase.OpenFile(Home.DatabaseFile));
        var stack = await store.FindStackByNameAsync(StackName.FromStored(name), Token);
        var outcome = await store.BeginAsync(
            new NewOperation
            {
                Operation = OperationCatalog.Delete, StackId = stack!.Stack.Id, ConfirmName = name, RequestId = "req_del", DeploymentId = "dep_1_deletion", TraceId = new string('a', 32),
                Now = TimeProvider.System.GetUtcNow(),
            },
            Token);
        return Assert.IsType<BeginResult.Started>(outcome).Deployment.Id;
    }
}
