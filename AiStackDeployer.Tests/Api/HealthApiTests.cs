using System.Globalization;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

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
        using var held = await portal.HoldAsync("project.create");
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
    public async Task Another_method_is_told_so_as_a_problem()
    {
        using var answer = await portal.NewScript().PostAsync("health", null, TestContext.Current.CancellationToken);

        await answer.AssertProblemAsync(405, "method-not-allowed");
    }

    [Fact]
    public async Task Both_probes_say_yes_while_database_and_engine_work()
    {
        await portal.ReadyAsync();
        var script = portal.NewScript();

        Assert.Equal("alive", (await script.GetJsonAsync("health/live")).Text("status"));
        var ready = await script.GetJsonAsync("health/ready");
        Assert.Equal("ready", ready.Text("status"));
        Assert.Equal(["database", "engine"], ready["checks"]!.AsObject().Select(c => c.Key).Order());
        Assert.All(ready["checks"]!.AsObject(), c => Assert.Equal("ready", c.Value!.GetValue<string>()));
    }

    [Fact]
    public async Task Before_the_engine_has_started_it_lives_and_is_not_ready()
    {
        await using var starting = new PortalFactory();
        starting.With(services => services.RemoveAll<IHostedService>());
        await starting.InitializeAsync();

        using var live = await starting.NewScript().GetAsync("health/live", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("alive", (await live.ReadJsonAsync()).Text("status"));
        using var ready = await starting.NewScript().GetAsync("health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var answer = await ready.ReadJsonAsync();
        Assert.Equal("not-ready", answer.Text("status"));
        Assert.Equal("not-ready", answer["checks"]!.Text("engine"));
        Assert.Equal("ready", answer["checks"]!.Text("database"));
    }

    [Fact]
    public async Task Without_its_database_it_lives_and_is_not_ready_and_says_nothing_of_the_cause()
    {
        await using var broken = new PortalFactory();
        // The sweep would make the file anew in the moment between.
        broken.With(services => services.RemoveAll<IHostedService>());
        await broken.InitializeAsync();
        IdleConnections.CloseIn(broken.Folder);
        foreach (var file in Directory.EnumerateFiles(broken.Folder, "portal.db*"))
        {
            File.Delete(file);
        }
        Directory.CreateDirectory(Path.Combine(broken.Folder, "portal.db"));

        using var live = await broken.NewScript().GetAsync("health/live", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, live.StatusCode);
        using var ready = await broken.NewScript().GetAsync("health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not-ready", (await ready.ReadJsonAsync())["checks"]!.Text("database"));
        Assert.DoesNotContain("portal.db", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
