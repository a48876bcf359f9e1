using System.Globalization;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

public sealed class HealthApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Health_has_the_members_that_monitors_read()
    {
        var health = (await portal.NewScript().GetJsonAsync("health")).AsObject();

        Assert.Equal(["status", "timestamp", "version", "service", "activeDeployments"], health.Select(m => m.Key));
        Assert.Equal("healthy", health.Text("status"));
        Assert.Equal("ai-stack-deployer", health.Text("service"));
        Assert.Equal("0.1.0", health.Text("version"));
        Assert.Equal(0, health["activeDeployments"]!.GetValue<int>());
        Assert.True(DateTimeOffset.TryParseExact(
            health.Text("timestamp"), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    [Fact]
    public async Task A_running_deployment_counts_as_active()
    {
        using var held = portal.Emulator.World.Faults.Hold("project.create");
        var person = portal.NewPerson();
        var started = await person.StartAsync("health-active");
        await held.Arrived;

        Assert.Equal(1, (await person.GetJsonAsync("health"))["activeDeployments"]!.GetValue<int>());

        held.Release();
        await using var events = await EventReader.OpenAsync(person, started.Text("deploymentId"));
        await events.RestAsync();
        Assert.Equal(0, (await person.GetJsonAsync("health"))["activeDeployments"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_load_balancer_may_ask_with_HEAD()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "health");
        using var answer = await portal.NewScript().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Another_method_is_told_so_as_a_problem()
    {
        using var answer = await portal.NewScript().PostAsync("health", null, TestContext.Current.CancellationToken);

        await answer.AssertProblemAsync(405, "method-not-allowed");
    }
}
