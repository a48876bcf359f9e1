using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>What the service finds, over a real database.</summary>
public sealed class ServiceLookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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

        Assert.Equal([("name-3", 3), ("name-2", 2), ("name-1", (int?)1)], all.Rows.Select(d => (d.Name.Value, d.QueuePosition)));
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
}
