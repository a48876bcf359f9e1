using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Persistence;

public abstract class NameRegisterTests(DatabaseKind kind)
{
    private static readonly StackName Jan = StackName.FromStored("jan");
    private static readonly StackName Piet = StackName.FromStored("piet");
    private static readonly NameHolder Me = new("form_1", "usr_1");
    private static readonly NameHolder MySecondTab = new("form_2", "usr_1");
    private static readonly NameHolder Other = new("form_9", "usr_9");
    private static readonly DateTimeOffset Now = Some.Start;
    private static readonly DateTimeOffset Until = Now.AddMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hold_blocks_other_people_but_is_taken_over_by_another_form_of_its_owner()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        Assert.Equal(new HoldResult.Held(Until), await HoldAsync(register, Jan, Me));

        Assert.IsType<HoldResult.HeldByOther>(await HoldAsync(register, Jan, Other));
        Assert.IsType<HoldResult.Held>(await HoldAsync(register, Jan, MySecondTab));

        Assert.Equal(new NameHold("form_2", "usr_1", Until), (await register.GetStandingAsync(Jan, Now, Token)).Hold);
        Assert.Equal(1, database.Count("name_holds"));
    }

    [Fact]
    public async Task The_same_form_again_renews_its_hold()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await HoldAsync(register, Jan, Me);

        await register.TryHoldAsync(Jan, Me, Now.AddSeconds(40), Until.AddSeconds(40), Token);

        Assert.Equal(Until.AddSeconds(40), (await register.GetStandingAsync(Jan, Now, Token)).Hold!.Until);
    }

    [Fact]
    public async Task A_hold_that_ran_out_means_nothing_and_goes_to_whoever_comes()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await HoldAsync(register, Jan, Me);

        Assert.NotNull((await register.GetStandingAsync(Jan, Until.AddMilliseconds(-1), Token)).Hold);
        Assert.Equal(new NameStanding(null, null), await register.GetStandingAsync(Jan, Until, Token));
        Assert.Empty(await register.FindOccupiedAsync([Jan], Until, Token));
        Assert.IsType<HoldResult.Held>(await register.TryHoldAsync(Jan, Other, Until, Until.AddMinutes(2), Token));
    }

    [Fact]
    public async Task A_form_holds_one_name_and_lets_the_other_go_only_when_it_gets_the_new_one()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await HoldAsync(register, Jan, Me);
        await HoldAsync(register, Piet, Other);

        await HoldAsync(register, Piet, Me);
        Assert.Equal([Jan, Piet], (await register.FindOccupiedAsync([Jan, Piet], Now, Token)).OrderBy(n => n.Value));
        await register.ReleaseAsync(Other.HolderId, Token);
        await HoldAsync(register, Piet, Me);

        Assert.Equal([Piet], await register.FindOccupiedAsync([Jan, Piet], Now, Token));
    }

    [Fact]
    public async Task Of_many_people_at_once_over_two_processes_one_holds()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        NameRegister[] processes = [database.OpenRegister(), database.OpenRegister()];

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            Task.Run(() => HoldAsync(processes[n % 2], Jan, new NameHolder($"form_{n}", $"usr_{n}")), Token)));

        Assert.Single(results.OfType<HoldResult.Held>());
        Assert.Equal(39, results.OfType<HoldResult.HeldByOther>().Count());
    }

    [Fact]
    public async Task A_claimed_name_is_not_held_by_anybody_and_the_form_keeps_what_it_has()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await database.OpenStore().BeginAsync(Some.Claim(), Token);
        await HoldAsync(register, Piet, Other);

        Assert.IsType<HoldResult.Claimed>(await HoldAsync(register, Jan, Other));
        Assert.IsType<HoldResult.Claimed>(await HoldAsync(register, Jan, Me));
        Assert.Equal(new NameClaim("usr_1", "dep_usr_1_req_1"), (await register.GetStandingAsync(Jan, Now, Token)).Claim);
        Assert.Equal(Other.HolderId, (await register.GetStandingAsync(Piet, Now, Token)).Hold!.HolderId);
    }

    [Fact]
    public async Task A_failed_stack_stands_for_a_day_and_a_released_one_not_at_all()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await database.OpenStore().BeginAsync(Some.Claim(), Token);
        database.Execute($"UPDATE stacks SET state = 'Failed', failed_at = {Now.ToUnixTimeMilliseconds()}");
        var dayAfter = Now + DeploymentService.FailedNameKept;

        Assert.NotNull((await register.GetStandingAsync(Jan, dayAfter, Token)).Claim);
        Assert.Null((await register.GetStandingAsync(Jan, dayAfter.AddMilliseconds(1), Token)).Claim);
        database.Execute($"UPDATE stacks SET released_at = {Now.ToUnixTimeMilliseconds()}");
        Assert.Equal(new NameStanding(null, null), await register.GetStandingAsync(Jan, Now, Token));
    }

    [Fact]
    public async Task Holds_that_ran_out_are_removed_with_the_next_one_that_is_taken()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        await HoldAsync(register, Jan, Me);
        await register.TryHoldAsync(Piet, Other, Now, Until.AddSeconds(1), Token);

        await register.TryHoldAsync(StackName.FromStored("kees"), new NameHolder("form_3", "usr_3"), Until, Until.AddMinutes(1), Token);

        // As seen from before: then Jan's would still count if its row were there.
        Assert.Equal([Piet], await register.FindOccupiedAsync([Jan, Piet], Now, Token));
    }

    [Fact]
    public async Task A_person_holds_two_names_and_the_third_form_one_once_another_lets_go()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var register = database.OpenRegister();
        var (kees, myThird) = (StackName.FromStored("kees"), new NameHolder("form_3", "usr_1"));
        await HoldAsync(register, Jan, Me);
        await HoldAsync(register, Piet, MySecondTab);

        Assert.IsType<HoldResult.TooMany>(await HoldAsync(register, kees, myThird));
        Assert.IsType<HoldResult.Held>(await HoldAsync(register, Jan, Me));
        Assert.IsType<HoldResult.Held>(await HoldAsync(register, StackName.FromStored("klaas"), Other));
        await register.ReleaseAsync(MySecondTab.HolderId, Token);

        Assert.IsType<HoldResult.Held>(await HoldAsync(register, kees, myThird));
        Assert.Equal([Jan, kees], (await register.FindOccupiedAsync([Jan, Piet, kees], Now, Token)).OrderBy(n => n.Value));
    }

    [Fact]
    public async Task Of_twenty_forms_of_one_person_at_once_over_two_processes_two_hold()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        NameRegister[] processes = [database.OpenRegister(), database.OpenRegister()];

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Task.Run(() => HoldAsync(processes[n % 2], StackName.FromStored($"name-{n}"), new NameHolder($"form_{n}", "usr_1")), Token)));

        Assert.Equal((2, 18), (results.OfType<HoldResult.Held>().Count(), results.OfType<HoldResult.TooMany>().Count()));
        Assert.Equal(2, database.Count("name_holds"));
    }

    private static Task<HoldResult> HoldAsync(NameRegister register, StackName name, NameHolder holder) =>
        register.TryHoldAsync(name, holder, Now, Until, Token);
}

public sealed class NameRegisterTestsOnSqlite() : NameRegisterTests(DatabaseKind.Sqlite);

public sealed class NameRegisterTestsOnPostgres() : NameRegisterTests(DatabaseKind.Postgres);
