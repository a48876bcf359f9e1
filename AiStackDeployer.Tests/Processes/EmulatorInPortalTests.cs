using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal on a fresh machine, with the emulated Dokploy inside its own process.</summary>
public sealed class EmulatorInPortalTests
{
    [Fact(Timeout = 600_000)]
    public async Task Killed_with_its_Dokploy_inside_both_come_back_with_the_same_world_and_the_deployment_completes()
    {
        var (api, stacks) = (FreePort.Next(), FreePort.Next());
        await using var home = PortalHome.Unconfigured()
            .With("EMULATOR_API_PORT", Text(api)).With("EMULATOR_STACKS_PORT", Text(stacks)).With("EMULATOR_PACE", "0");
        await home.StartAsync(TestContext.Current.CancellationToken);
        using var person = await home.SignInAsync("Anna");
        using var developer = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Text(api)}/emulator/") };
        using var slow = await developer.PostAsJsonAsync(
            "faults", new { call = "domain.create", kind = "hang" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, slow.StatusCode);

        var started = await person.StartAsync("design-lab");
        await using (var reader = await EventReader.OpenAsync(person, started.Text("deploymentId")))
        {
            while (!(await reader.NextAsync()).Data.Contains("Attaching the address", StringComparison.Ordinal))
            {
            }
        }
        var before = await developer.GetJsonAsync("world");
        await home.Process.KillAsync();
        await home.StartAsync(TestContext.Current.CancellationToken);

        await using var again = await EventReader.OpenAsync(person, started.Text("deploymentId"));
        Assert.Equal("complete", (await again.RestAsync())[^1].Type);
        var after = await developer.GetJsonAsync("world");
        Assert.Single(before["projects"]!.AsArray());
        foreach (var kept in new[] { "projects", "mounts" })
        {
            Assert.Equal(before[kept]!.ToJsonString(), after[kept]!.ToJsonString());
        }
        Assert.Equal(before["applications"]![0]!.Text("appName"), Assert.Single(after["applications"]!.AsArray())!.Text("appName"));
        Assert.Single(after["domains"]!.AsArray());
        Assert.Single(after["deployments"]!.AsArray());
        Assert.Equal($"http://design-lab.ai.localhost:{Text(stacks)}", started.Text("url"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
