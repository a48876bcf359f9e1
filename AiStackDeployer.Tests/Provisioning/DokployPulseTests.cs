using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

public sealed class DokployPulseTests
{
    [Fact]
    public async Task A_key_with_Dokploys_default_limit_is_found_out_at_the_start()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Faults.Add(new Fault { Call = "settings.getDokployVersion", After = 5, Kind = new FaultKind.Unauthorized() });
        var health = portal.Get<DokployHealth>();
        var refused = new TaskCompletionSource();
        health.Changed += () =>
        {
            if (health.Current.Problem == DokployFault.KeyRefused)
            {
                refused.TrySetResult();
            }
        };

        // Its own clock never moves: all of this is before the first half minute.
        using var pulse = new DokployPulse(portal.Get<DokployClient>(), health, new FakeTimeProvider(), portal.Get<ILogger<DokployPulse>>());
        await pulse.StartAsync(TestContext.Current.CancellationToken);
        await refused.Task.WaitAsync(TestContext.Current.CancellationToken);
        await pulse.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(5, health.Current.Key.LastRefusal?.AfterAccepted);
    }
}
