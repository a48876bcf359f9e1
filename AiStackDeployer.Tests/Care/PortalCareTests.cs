using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Care;

/// <summary>What administrators decide, as this portal and another one on the same database know it.</summary>
public sealed class PortalCareTests : IDisposable
{
    private static readonly StackDefaults Defaults = new() { DomainSuffix = "ai.test", Image = "img:1", Port = 8080 };

    private static readonly BilingualText Text = new("Work.", "Werk.");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryValues _values = new();
    private readonly MemoryPeople _people = new();
    private readonly PortalCare _care;

    public PortalCareTests() => _care = new PortalCare(_values, _time);

    public void Dispose() => _care.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task Maintenance_is_known_here_at_once_elsewhere_soon_and_ends_by_itself()
    {
        using var other = new PortalCare(_values, _time);
        Assert.Null(await other.FindMaintenanceAsync(Token));

        var maintenance = new Maintenance(Text, Now.AddMinutes(15));
        await _care.SetMaintenanceAsync(maintenance, "usr_admin", Token);

        Assert.Equal(maintenance, await _care.FindMaintenanceAsync(Token));
        _time.Advance(PortalCare.Fresh);
        Assert.Equal(maintenance, await other.FindMaintenanceAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(await _care.FindMaintenanceAsync(Token));
    }

    [Fact]
    public async Task A_watcher_is_told_of_a_change_and_of_a_notice_that_begins_and_ends()
    {
        await using var told = _care.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal(Announcement.None, told.Current);

        var next = told.MoveNextAsync().AsTask();
        var notice = new PortalNotice("req_1", Text, NoticeSeverity.Info, Now.AddMinutes(-1), Now.AddMinutes(1));
        await _care.SetNoticeAsync(notice, "usr_admin", Token);
        Assert.True(await next.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(new Announcement(null, notice), told.Current);

        next = told.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await next.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(Announcement.None, told.Current);
    }

    [Fact]
    public async Task Who_dismissed_a_notice_reads_the_next_one()
    {
        var first = new PortalNotice("req_1", Text, NoticeSeverity.Info, Now, Now.AddDays(1));
        await _care.DismissAsync(first, "usr_one", Token);

        Assert.True(await _care.IsDismissedAsync(first, "usr_one", Token));
        Assert.False(await _care.IsDismissedAsync(first, "usr_two", Token));
        Assert.False(await _care.IsDismissedAsync(first with { Id = "req_2" }, "usr_one", Token));
    }

    [Fact]
    public async Task A_stacks_life_is_decided_by_its_owners_role_and_by_the_settings_where_nothing_is_decided()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            _people.People[$"usr_{role}"] = Made.Person($"usr_{role}", role.ToString(), role);
        }
        var settings = new LifePolicy(null, TimeSpan.FromDays(60));
        await _care.SetPoliciesAsync(
            new StackPolicies([], new Dictionary<Role, RolePolicy> { [Role.User] = new(StopAfterHours: 8), [Role.Admin] = new(DeleteAfterDays: 0) }), "usr_admin", Token);

        var policyOf = (await new RolePolicies(_care, _people, settings, Defaults).ReadAsync(Token))!;

        Assert.Equal(settings with { StopAfter = TimeSpan.FromHours(8) }, policyOf("usr_User"));
        Assert.Equal(settings with { StopAfter = TimeSpan.FromHours(8) }, policyOf("usr_unknown"));
        Assert.Equal(settings, policyOf("usr_Operator"));
        Assert.Equal(LifePolicy.None, policyOf("usr_Admin"));
    }

    [Fact]
    public async Task Where_nothing_is_decided_for_anybody_nobody_is_looked_up()
    {
        Assert.Null(await new RolePolicies(_care, _people, LifePolicy.None, Defaults).ReadAsync(Token));
        var images = new RolePolicies(_care, _people, LifePolicy.None, Defaults);
        Assert.Equal("img:1", await images.ImageOfAsync("usr_one", Token));
        Assert.Equal("img:1", (await images.ReadImagesAsync(Token))("usr_one"));

        Assert.Equal(0, _people.Reads);
    }

    [Fact]
    public async Task Stacks_should_have_the_image_of_their_owners_role()
    {
        _people.People["usr_anna"] = Made.Person("usr_anna", "Anna", Role.Operator);
        await _care.SetPoliciesAsync(new StackPolicies(["img:2"], new Dictionary<Role, RolePolicy> { [Role.Operator] = new(Image: "img:2") }), "usr_admin", Token);
        var policies = new RolePolicies(_care, _people, LifePolicy.None, Defaults);

        Assert.Equal(["img:2", "img:1"], [await policies.ImageOfAsync("usr_anna", Token), await policies.ImageOfAsync("usr_bram", Token)]);
        var imageOf = await policies.ReadImagesAsync(Token);
        Assert.Equal(["img:2", "img:1"], [imageOf("usr_anna"), imageOf("usr_bram")]);
        Assert.Equal(["img:1", "img:2"], await policies.ListImagesAsync(Token));
    }
}
