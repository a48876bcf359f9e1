using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.DokployEmulator.World;
using AiStackDeployer.Tests.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning.Faults;

/// <summary>Plays one cell: sets the scene, lets the fault strike, runs as the engine would, and looks at everything that must hold.</summary>
internal sealed class FaultCell(FaultCase row, TestPortal portal, Cable cable, FastClock clock)
{
    /// <summary>Longer than anything that is executed late.</summary>
    private static readonly TimeSpan LatestExecution = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(8);
    private const int PassesWithFault = 3;
    private const int MaxPasses = 30;

    private readonly EmulatorWorld _world = portal.Emulator.World;
    private Task _outage = Task.CompletedTask;
    private int _passes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Returns in one word how it ended.</summary>
    public async Task<string> PlayAsync()
    {
        var operation = await SetSceneAsync();
        _world.Calls.Clear();
        Strike();
        await RunToEndAsync(operation.Id);
        Lift();
        if (row.Fault.Kind is FaultKind.Late)
        {
            await Task.Delay(LatestExecution, clock, Token);
        }
        Assert.True(row.Fault.Kind is null ? cable.Out.Task.IsCompleted : _world.Calls.Count(row.Call) > 0, "the call was never made");
        var ended = await portal.SeeAsync(operation.Id);
        await AssertEndAsync(ended);
        return await HowAsync(ended);
    }

    private async Task<DeploymentSnapshot> SetSceneAsync()
    {
        switch (row.Scene)
        {
            case Scene.Deploy:
                return await SetDeploySceneAsync();
            case Scene.Cancel:
                return await SetCancelSceneAsync();
            case Scene.CrashLoop or Scene.NoRoom:
                _world.Outcomes.Set("*", row.Scene == Scene.NoRoom ? ImageOutcome.Unschedulable : ImageOutcome.CrashLoop);
                return await portal.ClaimAsync("lab");
        }
        var made = await portal.DeployAsync("lab");
        Assert.Equal(DeploymentPhase.Completed, made.Phase);
        if (row.Scene == Scene.Update)
        {
            return Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
                new OperationRequest { Operation = MadeUpOperation.Instance, StackId = made.StackId, RequestId = portal.Get<Core.Ids>().NewRequestId() },
                Token)).Deployment;
        }
        if (row.Scene == Scene.DeleteTaken)
        {
            await portal.Emulator.DoAsync("application.update", new { applicationId = _world.Applications[0].ApplicationId, description = "mine now" });
        }
        DenyTasksIfNeeded();
        return await portal.AcceptDeletionAsync(made);
    }

    private async Task<DeploymentSnapshot> SetDeploySceneAsync()
    {
        switch (row.Call)
        {
            case "project.all":
                // As before v0.28.3, which has no search.
                _world.Faults.Add(new Fault { Call = "project.search", Kind = new FaultKind.Status(404, """{"message":"Not found","code":"NOT_FOUND"}""") });
                break;
            case "project.one" or "mounts.listByServiceId" or "domain.byApplicationId" or "mounts.remove" or "domain.update":
                // What this run has just made is only looked for when in doubt.
                _world.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.AnswerLost() });
                _world.Faults.Add(new Fault { Call = "application.create", Times = 1, Kind = new FaultKind.AnswerLost() });
                break;
            case "application.one" or "deployment.queueList" or "deployment.readLogs":
                _world.Outcomes.Set("*", ImageOutcome.SlowPull);
                break;
        }
        if (row.Fault.Kind is FaultKind.Late)
        {
            // So that it comes while the deployment still runs.
            _world.Outcomes.Set("*", ImageOutcome.SlowPull);
        }
        if (row.Call is "mounts.remove" or "domain.update")
        {
            _outage = MakeByHandAsync();
        }
        DenyTasksIfNeeded();
        return await portal.ClaimAsync("lab");
    }

    /// <summary>A volume twice, and the route with another port: as after a lost answer, and after a change of the settings.</summary>
    private async Task MakeByHandAsync()
    {
        using var gate = _world.Faults.Hold("mounts.listByServiceId", onlyFirst: true);
        await gate.Arrived.WaitAsync(Token);
        var id = _world.Applications[0].ApplicationId;
        var volume = portal.Get<StackVolumes>().Of((await portal.Deployments.FindStackByNameAsync("lab", Token))!.Stack.Id)[0];
        for (var n = 0; n < 2; n++)
        {
            await portal.Emulator.DoAsync("mounts.create", new { type = "volume", volumeName = volume.Name, mountPath = volume.Path, serviceType = "application", serviceId = id });
        }
        await portal.Emulator.DoAsync("domain.create", new { host = "lab.ai.localhost", applicationId = id, domainType = "application", port = 1, https = false, certificateType = "none" });
    }

    private async Task<DeploymentSnapshot> SetCancelSceneAsync()
    {
        _world.Outcomes.Set("*", ImageOutcome.NeverHealthy);
        var claimed = await portal.ClaimAsync("lab");
        using var stopping = new CancellationTokenSource();
        var run = portal.RunUntilStoppedAsync(claimed.Id, stopping.Token);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitReadiness);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        DenyTasksIfNeeded();
        await portal.Deployments.CancelAsync(claimed.Id, Token);
        return claimed;
    }

    /// <summary>Containers are asked for where the key may not see the swarm.</summary>
    private void DenyTasksIfNeeded()
    {
        if (row is { Scene: Scene.Deploy, Call: "docker.getContainersByAppNameMatch" })
        {
            _world.Faults.Add(new Fault
            {
                Call = "docker.getServiceContainersByAppName",
                Kind = new FaultKind.Status(401, """{"message":"no","code":"UNAUTHORIZED","data":{"code":"UNAUTHORIZED","httpStatus":401,"path":"docker"}}"""),
            });
        }
    }

    private void Strike()
    {
        if (row.Fault.Kind is not { } kind)
        {
            cable.PullAt(row.Call);
            _outage = Task.WhenAll(_outage, EndOutageAsync(cable.Out.Task));
        }
        else if (row.Fault.IsWide)
        {
            _outage = Task.WhenAll(_outage, StrikeAllAsync(kind));
        }
        else
        {
            _world.Faults.Add(new Fault
            {
                Call = row.Call, Kind = kind, Times = row.Lasts ? null : row.IsQuery && row.Fault.IsRetriedByClient ? 5 : 1,
            });
        }
    }

    private async Task StrikeAllAsync(FaultKind kind)
    {
        using var gate = _world.Faults.Hold(row.Call, onlyFirst: true);
        await gate.Arrived.WaitAsync(Token);
        _world.Faults.Add(new Fault { Call = "*", Kind = kind });
        gate.Release();
        await EndOutageAsync(Task.CompletedTask);
    }

    private async Task EndOutageAsync(Task begun)
    {
        await begun.WaitAsync(Token);
        if (!row.Lasts)
        {
            await Task.Delay(Outage, clock, Token);
            Lift();
        }
    }

    private void Lift()
    {
        cable.PutBack();
        _world.Faults.Clear();
        if (row.Fault.Kind is FaultKind.Restart)
        {
            // It is up again.
            _world.Restart();
        }
        DenyTasksIfNeeded();
    }

    private async Task RunToEndAsync(string id)
    {
        while (await portal.RunAsync(id) is { } again)
        {
            await Task.Delay(again, clock, Token);
            Assert.True(++_passes < MaxPasses, "it never ends");
            if (_passes == PassesWithFault && row.Lasts)
            {
                Lift();
            }
        }
        Assert.True((await portal.SeeAsync(id)).IsTerminal, "no run is due, and it has not ended");
    }

    private async Task AssertEndAsync(DeploymentSnapshot ended)
    {
        var events = await portal.EventsAsync(ended.Id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.Equal(events.Select(e => e.Progress).Order(), events.Select(e => e.Progress));
        Assert.Equal(events.Count, ended.LastSequence);
        Assert.DoesNotContain(events, e => e.ToString().Contains("Failed query", StringComparison.Ordinal));
        Assert.Contains((ended.Phase, ended.Failure?.Code), Ends());
        var isMade = ended.Operation.MakesStack && ended.Phase == DeploymentPhase.Completed;
        if (isMade || row.Scene == Scene.Update)
        {
            await AssertMadeAsync(ended);
            return;
        }
        if (ended.Failure is null && !row.Fault.IsBelieved)
        {
            Assert.Equal(2, ended.KeptVolumes.Count);
        }
        if (ended.StackState == StackState.DeleteFailed)
        {
            await AssertCanBeDeletedAsync(ended);
        }
        Assert.Empty(_world.Projects);
        Assert.Empty(_world.Applications);
        Assert.Empty(_world.Domains);
        Assert.Empty(_world.Services);
        Assert.Empty(_world.RoutedHosts);
    }

    private IEnumerable<(DeploymentPhase, FailureCode?)> Ends()
    {
        var good = row.Scene switch
        {
            Scene.Cancel => (DeploymentPhase.Cancelled, null),
            Scene.CrashLoop => (DeploymentPhase.Failed, FailureCode.CrashLoop),
            Scene.NoRoom => (DeploymentPhase.Failed, FailureCode.Unschedulable),
            Scene.DeleteTaken => (DeploymentPhase.Failed, FailureCode.ProjectInUse),
            _ => (DeploymentPhase.Completed, (FailureCode?)null),
        };
        yield return good;
        if ((row.Lasts || row.Fault.IsBelieved) && row.Scene is Scene.Deploy or Scene.Delete or Scene.Update or Scene.DeleteTaken)
        {
            foreach (var code in row.Fault.Lasting)
            {
                yield return (DeploymentPhase.Failed, code);
            }
        }
    }

    private async Task AssertMadeAsync(DeploymentSnapshot ended)
    {
        Assert.Equal(StackState.Ready, ended.StackState);
        Assert.Single(_world.Projects);
        var application = Assert.Single(_world.Applications);
        Assert.Single(_world.Domains);
        Assert.Equal(2, _world.Mounts.Count);
        Assert.Equal(2, _world.Mounts.Select(m => m.MountPath).Distinct().Count());
        var service = Assert.Single(_world.Services);
        Assert.False(service.IsOrphan);
        Assert.True(_world.Deployments.Count <= 2, "it was deployed more than once more");
        var shown = (await portal.Deployments.GetCredentialsAsync(ended.StackId, ended.OwnerId, Token))!;
        Assert.Contains($"OPENCODE_SERVER_PASSWORD={shown.Password}", service.Env);
        Assert.Equal(service.Name, application.AppName);
    }

    /// <summary>What could not be removed is named, and goes once Dokploy lets it.</summary>
    private async Task AssertCanBeDeletedAsync(DeploymentSnapshot ended)
    {
        if (row.Scene == Scene.DeleteTaken)
        {
            await portal.Emulator.DoAsync("application.delete", new { applicationId = _world.Applications[0].ApplicationId });
        }
        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(ended)).Phase);
    }

    private async Task<string> HowAsync(DeploymentSnapshot ended)
    {
        var log = (await portal.EventsAsync(ended.Id)).Select(e => e.Log).ToList();
        return ended.Failure is { } failure ? "failed: " + failure.Code.ToWire()
            : log.Contains(LogCode.DeployRepeated) ? "re-issued"
            : _passes > 0 ? "resumed"
            : log.Contains(LogCode.Retrying) ? "retried"
            : "unnoticed";
    }
}
