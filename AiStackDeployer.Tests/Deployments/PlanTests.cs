using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>A start's rehearsal, and the list of all deployments, over a real database.</summary>
public sealed class PlanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_name_is_planned_and_nothing_is_written_held_or_handed_over()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        var forecast = await PlannedAsync(world, "  Jan ");

        Assert.Equal(("jan", "https://jan.ai.test", "https://jan.ai.test/terminal/", "registry.test/stack:1", "ai-stack-jan"),
            (forecast.Name, forecast.Url, forecast.TerminalUrl, forecast.Image, forecast.ProjectName));
        Assert.Equal(Some.PlanOf(OperationCatalog.Deploy), forecast.Steps.Select(s => s.Step));
        Assert.Equal((null, null, 0, null, false),
            (forecast.ExpectedTotal, forecast.ExpectedAtMost, forecast.InLineBefore, forecast.RepeatOf, forecast.IsNameUncertain));
        Assert.All(forecast.Steps, s => Assert.Null(s.Usually));
        Assert.Equal([0, 0, 0], new[] { "deployments", "stacks", "name_holds" }.Select(world.Database.Count));
        Assert.Empty(world.Engine.Jobs);
        Assert.False((await world.StartedAsync("jan", "usr_2")).IsTerminal);
    }

    [Fact]
    public async Task It_expects_what_past_runs_took_and_counts_those_in_line()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        foreach (var n in Enumerable.Range(1, 5))
        {
            var id = (await world.StartedAsync($"past-{n}", request: $"past-{n}")).Id;
            await world.ChangeAsync(id, (d, now) =>
            {
                var run = d.BeginRun(now)!.Value;
                d.BeginStep(run, DeploymentStep.EnsureProject, now);
                d.EndStep(run, DeploymentStep.EnsureProject, now.AddSeconds(n));
                d.Complete(run, now.AddSeconds(2 * n));
            });
        }
        await world.StartedAsync("waits-1", request: "waits-1");
        await world.StartedAsync("waits-2", request: "waits-2");
        world.Time.Advance(TimeSpan.FromMinutes(1));

        var forecast = await PlannedAsync(world, "jan");

        Assert.Equal((TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10), 2), (forecast.ExpectedTotal, forecast.ExpectedAtMost, forecast.InLineBefore));
        Assert.Equal(TimeSpan.FromSeconds(3), forecast.Steps.Single(s => s.Step == DeploymentStep.EnsureProject).Usually);
        Assert.Null(forecast.Steps.Single(s => s.Step == DeploymentStep.EnsureDomain).Usually);
    }

    /// <summary>Each refusal is asked for twice: the rehearsal must say what the start then says.</summary>
    [Fact]
    public async Task It_refuses_exactly_as_the_start_would()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync("theirs", "usr_2");
        await world.StartedAsync("mine", "usr_1", "req_mine");
        world.Upstream.Taken.Add("upstream");
        var now = world.Time.GetUtcNow();
        await world.Register.TryHoldAsync(StackName.FromStored("chosen"), new NameHolder("form_2", "usr_2"), now, now.AddMinutes(2), Token);

        await AssertSameAsync("-bad", "req_1", typeof(BeginResult.NameRefused));
        await AssertSameAsync("admin", "req_1", typeof(BeginResult.NameRefused));
        await AssertSameAsync("theirs", "req_1", typeof(BeginResult.NameTaken));
        await AssertSameAsync("upstream", "req_1", typeof(BeginResult.NameTaken));
        await AssertSameAsync("chosen", "req_1", typeof(BeginResult.NameTaken));
        await AssertSameAsync("mine", "req_1", typeof(BeginResult.NameYours));
        await AssertSameAsync("other", "req_mine", typeof(BeginResult.RequestIdReused));
        world.Store.Lock(nameof(IDeploymentStore.FindByRequestAsync));
        await AssertSameAsync("jan", "req_1", typeof(BeginResult.StorageUnavailable));

        async Task AssertSameAsync(string name, string request, Type refusal)
        {
            var planned = await world.Service.PlanAsync(Request(name, request), Token);
            var started = await world.StartAsync(name, "usr_1", request);

            var reason = Assert.IsType<PlanResult.Refused>(planned).Reason;
            Assert.IsType(refusal, reason);
            Assert.Equivalent(started, reason, strict: true);
        }
    }

    [Fact]
    public async Task An_own_failed_stack_is_planned_to_be_taken_up_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.FailAsync((await world.StartedAsync("jan")).Id);

        Assert.Null((await PlannedAsync(world, "jan")).RepeatOf);
        Assert.IsType<BeginResult.Started>(await world.StartAsync("jan", "usr_1", "req_plan"));
    }

    [Fact]
    public async Task A_repeated_request_is_planned_as_what_it_began()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync("first", request: "req_first");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var started = await world.StartedAsync("jan", request: "req_plan");
        Assert.Equal(2, started.PlaceInLine);

        var waiting = await PlannedAsync(world, "jan");
        await world.CompleteAsync(started.Id);
        var done = await PlannedAsync(world, "jan");

        Assert.Equal((started.Id, 1), (waiting.RepeatOf, waiting.InLineBefore));
        Assert.Equal((started.Id, 0), (done.RepeatOf, done.InLineBefore));
    }

    [Fact]
    public async Task While_Dokploy_is_silent_the_name_is_uncertain()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Upstream.IsDown = true;

        Assert.True((await PlannedAsync(world, "jan")).IsNameUncertain);
    }

    [Fact]
    public async Task The_list_of_deployments_holds_its_bounds_and_tells_places_in_line()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        foreach (var n in Enumerable.Range(1, 3))
        {
            await world.StartedAsync($"name-{n}", request: $"req_{n}");
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var all = await world.Service.ListDeploymentsAsync(new DeploymentQuery { Skip = -5, Take = 1000 }, Token);
        var one = await world.Service.ListDeploymentsAsync(new DeploymentQuery { Take = 0 }, Token);

        Assert.Equal([("name-3", 3), ("name-2", 2), ("name-1", (int?)1)], all.Rows.Select(d => (d.Name.Value, d.PlaceInLine)));
        Assert.Equal((1, 3), (one.Rows.Count, one.Total));
    }

    [Theory]
    [InlineData("jan", true)]
    [InlineData("piet", false)]
    [InlineData("JAN", false)]
    [InlineData("", false)]
    [InlineData("../jan", false)]
    public async Task A_stack_is_found_by_its_exact_name(string name, bool isThere)
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var started = await world.StartedAsync("jan");

        var row = await world.Service.FindStackByNameAsync(name, Token);

        Assert.Equal(isThere ? (started.StackId, StackState.Creating) : default, row is null ? default : (row.Stack.Id, row.Stack.State));
    }

    private static StartRequest Request(string name, string request = "req_plan") =>
        new() { Name = name, OwnerId = "usr_1", RequestId = request };

    private static async Task<DeploymentForecast> PlannedAsync(DeploymentWorld world, string name) =>
        Assert.IsType<PlanResult.Planned>(await world.Service.PlanAsync(Request(name), Token)).Forecast;
}
