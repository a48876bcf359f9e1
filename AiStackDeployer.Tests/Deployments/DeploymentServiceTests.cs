using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Start, retry, cancel and credentials, over a real database.</summary>
public sealed class DeploymentServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_name_is_started_and_handed_to_the_engine_whether_or_not_the_caller_stays()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        var started = Assert.IsType<BeginResult.Started>(await world.StartAsync("  Jan "));

        Assert.False(started.Existing);
        Assert.Equal(("jan", "https://jan.ai.test", DeploymentPhase.Queued, 1),
            (started.Deployment.Name.Value, started.Deployment.Url, started.Deployment.Phase, started.Deployment.QueuePosition));
        Assert.Equal([started.Deployment.Id], world.Engine.Jobs);
        Assert.False(world.Engine.HeardACallersToken);
    }

    [Theory]
    [InlineData("-jan")]
    [InlineData("admin")]
    [InlineData("")]
    [InlineData(null)]
    public async Task An_illegal_or_reserved_name_is_refused_before_anything_is_asked(string? name)
    {
        await using var world = await DeploymentWorld.CreateAsync();

        Assert.NotEmpty(Assert.IsType<BeginResult.NameRefused>(await world.StartAsync(name!)).Verdict.Faults);
        Assert.Equal(0, world.Upstream.Calls);
        Assert.Equal(0, world.Database.Count("deployments"));
    }

    [Fact]
    public async Task An_own_name_leads_to_its_deployment()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();

        Assert.Equal(first.Id, Assert.IsType<BeginResult.NameYours>(await world.StartAsync(request: "req_2")).DeploymentId);
    }

    [Fact]
    public async Task Somebody_elses_name_is_taken_with_suggestions_here_and_in_Dokploy()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync("jan", "usr_1");
        world.Upstream.Taken.Add("piet");

        AssertTaken(await world.StartAsync("jan", "usr_2"), beingChosen: false);
        AssertTaken(await world.StartAsync("piet", "usr_2"), beingChosen: false);
    }

    [Fact]
    public async Task A_name_that_somebody_else_is_choosing_is_refused_and_the_choosers_own_start_uses_the_hold_up()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var now = world.Time.GetUtcNow();
        await world.Register.TryHoldAsync(StackName.FromStored("jan"), new NameHolder("form_1", "usr_1"), now, now.AddMinutes(2), Token);

        AssertTaken(await world.StartAsync("jan", "usr_2"), beingChosen: true);
        Assert.IsType<BeginResult.Started>(await world.StartAsync("jan", "usr_1", holder: "form_1"));
        Assert.Equal(0, world.Database.Count("name_holds"));
    }

    [Fact]
    public async Task While_Dokploy_is_silent_the_claim_decides()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Upstream.IsDown = true;

        await world.StartedAsync();
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_deployment_also_when_it_has_ended()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();

        var again = Assert.IsType<BeginResult.Started>(await world.StartAsync());
        await world.FailAsync(first.Id);
        var afterwards = Assert.IsType<BeginResult.Started>(await world.StartAsync());

        Assert.Equal((first.Id, true), (again.Deployment.Id, again.Existing));
        Assert.Equal((first.Id, true), (afterwards.Deployment.Id, afterwards.Existing));
        Assert.Single(world.Engine.Jobs);
    }

    [Fact]
    public async Task A_request_id_belongs_to_one_name_and_to_one_person()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync("jan");

        Assert.Equal("jan", Assert.IsType<BeginResult.RequestIdReused>(await world.StartAsync("piet")).OtherName);
        Assert.False(Assert.IsType<BeginResult.Started>(await world.StartAsync("piet", "usr_2")).Existing);
    }

    [Fact]
    public async Task Only_what_may_begin_counts_and_nothing_begins_past_the_count()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var (counted, wait) = (0, (TimeSpan?)null);
        var allowance = new Allowance
        {
            Stacks = (owner, _) => Task.FromResult<int?>(owner == "usr_1" ? 1 : null),
            Count = () =>
            {
                counted++;
                return wait;
            },
        };
        await world.StartedAsync("piet", "usr_2");
        Task<BeginResult> StartAsync(string name, string request) => world.Service.StartAsync(
            new StartRequest { Name = name, OwnerId = "usr_1", RequestId = request, Allowance = allowance }, Token);
        var first = Assert.IsType<BeginResult.Started>(await StartAsync("jan", "req_1")).Deployment;

        Assert.IsType<BeginResult.Started>(await StartAsync("jan", "req_1"));
        Assert.IsType<BeginResult.NameRefused>(await StartAsync("admin", "req_2"));
        AssertTaken(await StartAsync("piet", "req_3"), beingChosen: false);
        Assert.Equal(1, counted);
        Assert.Equal(new BeginResult.QuotaReached(1), await StartAsync("kees", "req_4"));
        wait = TimeSpan.FromMinutes(3);
        var refused = new BeginResult.TooMany(TimeSpan.FromMinutes(3));
        Assert.Equal(refused, await StartAsync("kees", "req_5"));
        await world.FailAsync(first.Id);
        Assert.Equal(refused, await world.Service.RetryAsync(first.Id, "req_6", allowance, Token));
        Assert.Equal(refused, await world.Service.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = first.StackId, ConfirmName = "jan", RequestId = "req_7", Allowance = allowance }, Token));
        Assert.Equal(2, world.Database.Count("deployments"));
    }

    [Fact]
    public async Task A_double_click_is_one_deployment()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => world.StartAsync(), Token)));

        var started = results.Select(Assert.IsType<BeginResult.Started>).ToList();
        Assert.Single(started, s => !s.Existing);
        Assert.Single(started.Select(s => s.Deployment.Id).Distinct());
        Assert.Single(world.Engine.Jobs);
    }

    [Fact]
    public async Task Of_many_people_in_the_same_instant_one_wins_and_the_others_get_suggestions()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => world.StartAsync(owner: $"usr_{n}"), Token)));

        Assert.Single(results.OfType<BeginResult.Started>());
        Assert.All(results.Where(r => r is not BeginResult.Started), r => AssertTaken(r, beingChosen: false));
        Assert.Equal(1, world.Database.Count("stacks"));
    }

    [Theory]
    [InlineData(nameof(IDeploymentStore.FindByRequestAsync))]
    [InlineData(nameof(IDeploymentStore.BeginAsync))]
    public async Task Without_storage_nothing_is_begun(string locked)
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Store.Lock(locked);

        Assert.IsType<BeginResult.StorageUnavailable>(await world.StartAsync());
        Assert.Empty(world.Engine.Jobs);
    }

    [Fact]
    public async Task What_has_begun_is_told_also_when_storage_fails_right_after()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Store.Lock(nameof(IDeploymentStore.CountQueuedBeforeAsync), nameof(IDeploymentStore.ReadPastRunsAsync));

        Assert.Equal([(await world.StartedAsync()).Id], world.Engine.Jobs);
    }

    [Fact]
    public async Task A_deployment_that_could_not_be_handed_over_is_started_all_the_same()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        world.Engine.IsBroken = true;

        var started = await world.StartedAsync();

        Assert.Equal(DeploymentPhase.Queued, (await world.Service.FindAsync(started.Id, Token))!.Phase);
    }

    [Fact]
    public async Task A_failed_deployment_goes_on_with_the_same_stack_and_password()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        var password = await world.Service.GetCredentialsAsync(first.StackId, "usr_1", Token);
        await world.ChangeAsync(first.Id, (d, _) => d.Stack.TerminalAnswers = true);
        await world.FailAsync(first.Id);

        var again = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(first.Id, "req_2", Allowance.Unlimited, Token)).Deployment;

        Assert.NotEqual(first.Id, again.Id);
        Assert.Equal(first.StackId, again.StackId);
        Assert.Equal(password, await world.Service.GetCredentialsAsync(again.StackId, "usr_1", Token));
        Assert.Null(again.TerminalAnswers);
        var stack = await world.Store.FindStackAsync(again.StackId, Token);
        Assert.Equal((StackState.Creating, again.Id), (stack!.State, stack.LastDeploymentId));
    }

    [Fact]
    public async Task A_cancelled_deployment_is_tried_again_with_a_stack_of_its_own()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        await world.Service.CancelAsync(first.Id, Token);

        var again = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(first.Id, "req_2", Allowance.Unlimited, Token)).Deployment;

        Assert.NotEqual(first.StackId, again.StackId);
    }

    [Fact]
    public async Task A_try_that_a_later_one_came_after_leads_to_that_one_and_is_not_tried_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        await world.FailAsync(first.Id);
        var second = Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(first.Id, "req_2", Allowance.Unlimited, Token)).Deployment;

        Assert.False((await world.Service.FindAsync(first.Id, Token))!.MayBeRetried());
        Assert.Equal(new BeginResult.NameYours(second.Id), await world.Service.RetryAsync(first.Id, "req_3", Allowance.Unlimited, Token));
        await world.CompleteAsync(second.Id);
        Assert.False((await world.Service.FindAsync(first.Id, Token))!.MayBeRetried());
        Assert.Equal(new BeginResult.NameYours(second.Id), await world.Service.RetryAsync(first.Id, "req_4", Allowance.Unlimited, Token));
    }

    [Fact]
    public async Task The_volumes_that_a_failed_try_left_are_the_next_ones_to_tell_of_until_they_are_in_use_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        await world.ChangeAsync(first.Id, (d, now) => d.KeepVolumes(d.BeginRun(now)!.Value, ["v1"], now));
        await world.FailAsync(first.Id);

        var second = await AgainAsync(first.Id, "req_2");
        Assert.Empty((await world.Service.FindAsync(second, Token))!.KeptVolumes);
        await world.CancelAsync(second);
        Assert.Equal(["v1"], (await world.Service.FindAsync(second, Token))!.KeptVolumes);

        var third = await AgainAsync(second, "req_3");
        await world.FailAsync(third);
        Assert.Equal(["v1"], (await world.Service.FindAsync(third, Token))!.KeptVolumes);

        var fourth = await AgainAsync(third, "req_4");
        await world.CompleteAsync(fourth);
        Assert.Empty((await world.Service.FindAsync(fourth, Token))!.KeptVolumes);

        async Task<string> AgainAsync(string id, string request) =>
            Assert.IsType<BeginResult.Started>(await world.Service.RetryAsync(id, request, Allowance.Unlimited, Token)).Deployment.Id;
    }

    [Fact]
    public async Task A_retry_finds_out_what_has_become_of_the_name()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();

        Assert.IsType<BeginResult.NameYours>(await world.Service.RetryAsync(first.Id, "req_2", Allowance.Unlimited, Token));
        Assert.Null(await world.Service.RetryAsync("dep_none", "req_3", Allowance.Unlimited, Token));
        await world.Service.CancelAsync(first.Id, Token);
        await world.StartedAsync(owner: "usr_2");
        AssertTaken((await world.Service.RetryAsync(first.Id, "req_4", Allowance.Unlimited, Token))!, beingChosen: false);
        world.Store.Lock(nameof(IDeploymentStore.FindAsync));
        Assert.IsType<BeginResult.StorageUnavailable>(await world.Service.RetryAsync(first.Id, "req_5", Allowance.Unlimited, Token));
    }

    [Fact]
    public async Task Cancelling_one_that_waits_ends_it_and_frees_the_name()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();

        Assert.Equal(CancelResult.Cancelled, await world.Service.CancelAsync(first.Id, Token));
        Assert.Equal(DeploymentPhase.Cancelled, (await world.Service.FindAsync(first.Id, Token))!.Phase);
        await world.StartedAsync(owner: "usr_2");
    }

    [Fact]
    public async Task Cancelling_one_that_runs_is_written_and_wakes_its_run()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        await world.BeginAsync(first.Id);
        using var wish = world.Signals.WatchForCancel(first.Id);

        Assert.Equal(CancelResult.Requested, await world.Service.CancelAsync(first.Id, Token));

        Assert.True(wish.Token.IsCancellationRequested);
        Assert.True((await world.Service.FindAsync(first.Id, Token))!.CancelRequested);
        Assert.Equal(CancelResult.AlreadyEnding, await world.Service.CancelAsync(first.Id, Token));
    }

    [Fact]
    public async Task Cancelling_what_has_ended_or_never_was_changes_nothing()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        await world.CompleteAsync(first.Id);

        Assert.Equal(CancelResult.AlreadyEnded, await world.Service.CancelAsync(first.Id, Token));
        Assert.Equal(CancelResult.NotFound, await world.Service.CancelAsync("dep_none", Token));
    }

    [Fact]
    public async Task Credentials_are_for_the_owner_only_and_end_with_the_stack()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();

        var credentials = await world.Service.GetCredentialsAsync(first.StackId, "usr_1", Token);
        Assert.Equal(("opencode", 24), (credentials!.UserName, credentials.Password.Length));
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
        Assert.Null(await world.Service.GetCredentialsAsync(first.StackId, "usr_2", Token));
        Assert.Null(await world.Service.GetCredentialsAsync("stk_none", "usr_1", Token));
        await world.Service.CancelAsync(first.Id, Token);
        Assert.Null(await world.Service.GetCredentialsAsync(first.StackId, "usr_1", Token));
    }

    [Fact]
    public async Task A_failed_stack_keeps_its_name_for_a_day_and_then_leaves_nothing_to_the_next_owner()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var first = await world.StartedAsync();
        var old = await world.Service.GetCredentialsAsync(first.StackId, "usr_1", Token);
        await world.FailAsync(first.Id);

        world.Time.Advance(DeploymentService.FailedNameKept);
        AssertTaken(await world.StartAsync(owner: "usr_2"), beingChosen: false);
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        var next = await world.StartedAsync(owner: "usr_2");

        // Volumes carry the stack's id.
        Assert.NotEqual(first.StackId, next.StackId);
        Assert.NotEqual(old!.Password, (await world.Service.GetCredentialsAsync(next.StackId, "usr_2", Token))!.Password);
        Assert.Null(await world.Service.GetCredentialsAsync(first.StackId, "usr_1", Token));
        AssertTaken((await world.Service.RetryAsync(first.Id, "req_2", Allowance.Unlimited, Token))!, beingChosen: false);
    }

    private static void AssertTaken(BeginResult result, bool beingChosen)
    {
        var taken = Assert.IsType<BeginResult.NameTaken>(result);
        Assert.Equal(beingChosen, taken.BeingChosen);
        Assert.Equal(3, taken.Suggestions.Count);
    }
}
