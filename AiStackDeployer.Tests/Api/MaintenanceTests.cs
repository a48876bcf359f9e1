using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

/// <summary>During maintenance nobody but an administrator begins anything, by whichever way; what runs goes on.</summary>
public sealed class MaintenanceTests(MaintenanceTests.World portal) : IClassFixture<MaintenanceTests.World>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_is_refused_until_its_end_and_what_runs_is_completed()
    {
        using var user = await portal.SignInAsync("Ursula");
        using var held = portal.Emulator.World.Faults.Hold("project.create");
        var running = (await user.StartAsync("running-lab")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);
        await BeginAsync();

        using var refused = await user.PostAsJsonAsync("api/deploy", new { name = "later-lab" }, Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3000, 3600);
        var problem = await refused.ReadJsonAsync();
        Assert.Equal("under-maintenance", problem.Text("code"));
        Assert.StartsWith("Work on the disks. Until ", problem.Text("detail"), StringComparison.Ordinal);

        held.Release();
        await using (var events = await EventReader.OpenAsync(user, running))
        {
            await events.RestAsync();
        }
        Assert.Equal("completed", (await user.GetJsonAsync($"api/deployments/{running}")).Text("status"));
        using var stop = await user.PostAsync("api/stacks/running-lab/operations/stop", null, Token);
        Assert.Equal("under-maintenance", (await stop.ReadJsonAsync()).Text("code"));

        await EndAsync();
        using var accepted = await user.PostAsJsonAsync("api/deploy", new { name = "later-lab" }, Token);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task An_assistant_is_told_so_and_an_administrators_one_may_repair()
    {
        using var user = await portal.SignInAsync("Olga");
        using var admin = await portal.SignInAsync("Ada", "Admin");
        var (users, admins) = (await user.MakeTokenAsync("read deploy manage"), await admin.MakeTokenAsync("read deploy manage admin"));
        await BeginAsync();

        var refused = await CallAsync(users, "olga-lab");
        Assert.Contains("under-maintenance", refused, StringComparison.Ordinal);
        Assert.Contains("Work on the disks. Until ", refused, StringComparison.Ordinal);
        Assert.Contains("deployment_id", await CallAsync(admins, "ada-lab"), StringComparison.Ordinal);

        await EndAsync();
        Assert.Contains("deployment_id", await CallAsync(users, "olga-lab"), StringComparison.Ordinal);
    }

    private Task BeginAsync() => portal.Services.GetRequiredService<PortalCare>().SetMaintenanceAsync(
        new Maintenance(new BilingualText("Work on the disks.", "Werk aan de schijven."), TimeProvider.System.GetUtcNow().AddHours(1)), "usr_admin", Token);

    private Task EndAsync() => portal.Services.GetRequiredService<PortalCare>().SetMaintenanceAsync(null, "usr_admin", Token);

    private async Task<string> CallAsync(string token, string name)
    {
        using var answer = await portal.NewScript().CallToolAsync(token, "deploy_stack", new JsonObject { ["name"] = name });
        return await answer.Content.ReadAsStringAsync(Token);
    }

    public sealed class World : SignInPortal;
}
