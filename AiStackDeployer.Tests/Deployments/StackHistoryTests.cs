using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>The day of a stack, what its owner calls it, and variables that are changed one by one, over the real store.</summary>
public sealed class StackHistoryTests
{
    private static readonly HealthFinding Silent = new(AddressLayer.Http);
    private static readonly HealthFinding Fine = new((AddressLayer?)null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_day_follows_from_operations_and_looks()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var start = world.Time.GetUtcNow();
        var made = (await world.StartedAsync()).Id;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.CompleteAsync(made);
        world.Time.Advance(TimeSpan.FromHours(30));
        await LookAsync(world, made, Silent);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await LookAsync(world, made, Silent with { Missing = MissingPart.Service });
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await LookAsync(world, made, Fine);
        world.Time.Advance(TimeSpan.FromHours(2));
        var stop = await BeginAsync(world, made, OperationCatalog.Stop, OperationCause.Idle);
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.CompleteAsync(stop);
        world.Time.Advance(TimeSpan.FromHours(1));
        var to = world.Time.GetUtcNow();

        var history = await world.Service.ReadHistoryAsync((await world.Service.FindStackByNameAsync("jan", Token))!, to.AddHours(-24), Token);

        Assert.Equal([(stop, OperationCause.Idle), (made, OperationCause.Person)], history.Operations.Select(o => (o.Id, o.Cause)));
        var silent = start.AddMinutes(1).AddHours(30);
        Assert.Equal(
            [
                new HealthSpan(SpanKind.Answering, to.AddHours(-24), silent),
                new HealthSpan(SpanKind.NotAnswering, silent, silent.AddMinutes(20)),
                new HealthSpan(SpanKind.Missing, silent.AddMinutes(20), silent.AddMinutes(30)),
                new HealthSpan(SpanKind.Answering, silent.AddMinutes(30), silent.AddMinutes(150)),
                new HealthSpan(SpanKind.AtWork, silent.AddMinutes(150), silent.AddMinutes(152)),
                new HealthSpan(SpanKind.Stopped, silent.AddMinutes(152), to),
            ],
            history.Health);
    }

    [Fact]
    public async Task A_young_stack_has_no_day_before_it_and_after_a_failure_nothing_is_known_until_somebody_looks()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = (await world.StartedAsync()).Id;
        var start = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.CompleteAsync(made);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var restart = await BeginAsync(world, made, OperationCatalog.Restart);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.ChangeAsync(restart, (d, now) =>
        {
            d.BeginRun(now);
            d.Fail(d.Run, Some.Failure, now);
        });
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(world, restart, Fine);
        world.Time.Advance(TimeSpan.FromMinutes(1));

        var history = await world.Service.ReadHistoryAsync((await world.Service.FindStackByNameAsync("jan", Token))!, start.AddHours(-20), Token);

        Assert.Equal(
            [(SpanKind.AtWork, 0), (SpanKind.Answering, 1), (SpanKind.AtWork, 2), (SpanKind.Unknown, 3), (SpanKind.Answering, 4)],
            history.Health.Select(span => (span.Kind, (int)(span.From - start).TotalMinutes)));
    }

    [Fact]
    public async Task Looks_of_other_stacks_are_none_of_its()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var mine = (await world.StartedAsync()).Id;
        await world.CompleteAsync(mine);
        var other = (await world.StartedAsync("piet", request: "req_2")).Id;
        await world.CompleteAsync(other);
        await LookAsync(world, other, Silent);

        var stack = (await world.Service.FindStackByNameAsync("jan", Token))!.Stack.Id;
        Assert.Empty(await world.Store.ReadLooksAsync(stack, 10, Token));
    }

    [Fact]
    public async Task A_label_is_trimmed_bounded_and_nobody_elses_business()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = (await world.StartedAsync()).Id;
        await world.CompleteAsync(made);

        Assert.Equal(DescribeResult.Done, await world.Service.DescribeAsync(made, "  Website  ", " ", Token));
        Assert.Equal(DescribeResult.TooLong, await world.Service.DescribeAsync(made, new string('x', Stack.LongestLabel + 1), null, Token));
        Assert.Equal(DescribeResult.NotFound, await world.Service.DescribeAsync("dep_none", "x", null, Token));

        var stack = (await world.Service.FindStackByNameAsync("jan", Token))!.Stack;
        Assert.Equal(("Website", null, StackState.Ready), (stack.Label, stack.Description, stack.State));
    }

    [Fact]
    public async Task Variables_that_are_not_named_in_a_change_are_kept_and_only_names_are_told()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = (await world.StartedAsync()).Id;
        await world.CompleteAsync(made);
        await ChangeAsync(world, made, new() { ["KEPT"] = "1", ["GONE"] = "2" });
        var second = await ChangeAsync(world, made, new() { ["ADDED"] = "3" }, "GONE");

        var stack = (await world.Service.FindStackByNameAsync("jan", Token))!.Stack;
        Assert.Equal(["ADDED", "KEPT"], await world.Service.ListVariablesAsync(stack.Id, Token));
        Assert.Equal("1", OwnEnvironment.Read(stack.ProtectedEnvironment, new TestKit.TestSecrets())["KEPT"]);
        Assert.False((await world.Service.FindAsync(second, Token))!.MayBeRetried());
    }

    [Fact]
    public async Task A_variable_that_the_portal_sets_itself_is_refused_and_nothing_begins()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var made = (await world.StartedAsync()).Id;
        await world.CompleteAsync(made);

        var result = await BeginChangeAsync(world, made, new() { ["STACK_NAME"] = "x" });

        Assert.Equal(new BeginResult.VariablesRefused(new EnvironmentRefusal(EnvironmentFault.Reserved, "STACK_NAME")), result);
        Assert.Equal(StackState.Ready, (await world.Service.FindStackByNameAsync("jan", Token))!.Stack.State);
    }

    private static Task LookAsync(DeploymentWorld world, string id, HealthFinding finding) =>
        world.ChangeAsync(id, (d, now) => d.RecordLook(d.Stack.Health, finding, now));

    private static async Task<string> ChangeAsync(DeploymentWorld world, string made, Dictionary<string, string> set, params string[] removed)
    {
        var begun = Assert.IsType<BeginResult.Started>(await BeginChangeAsync(world, made, set, removed)).Deployment.Id;
        await world.CompleteAsync(begun);
        return begun;
    }

    private static async Task<BeginResult> BeginChangeAsync(DeploymentWorld world, string made, Dictionary<string, string> set, params string[] removed) =>
        await world.Service.BeginAsync(
            new OperationRequest
            {
                Operation = OperationCatalog.ChangeEnvironment, StackId = (await world.Service.FindAsync(made, Token))!.StackId, RequestId = $"change_{world.Engine.Jobs.Count}",
                EnvironmentChange = new EnvironmentChange(set, removed),
            },
            Token);

    private static async Task<string> BeginAsync(DeploymentWorld world, string made, Operation operation, OperationCause cause = OperationCause.Person)
    {
        var result = await world.Service.BeginAsync(
            new OperationRequest
            {
                Operation = operation, StackId = (await world.Service.FindAsync(made, Token))!.StackId, RequestId = $"req_{operation}", Cause = cause,
            },
            Token);
        return Assert.IsType<BeginResult.Started>(result).Deployment.Id;
    }
}
