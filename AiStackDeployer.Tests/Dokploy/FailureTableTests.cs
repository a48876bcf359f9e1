using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>The failure table of the contract, row by row: the real client over real HTTP against the emulator.</summary>
public sealed class FailureTableTests : IAsyncLifetime
{
    private DokployEmulatorHost _emulator = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await DokployEmulatorHost.StartAsync(
        new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, Token);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task A_wrong_key_is_refused() =>
        await AssertFaultAsync(DokployFault.KeyRefused, Client("no-such-key").GetVersionAsync(Token), transient: false);

    [Fact]
    public async Task An_expired_key_is_refused() => await AssertFaultAsync(
        DokployFault.KeyRefused,
        Client(_emulator.World.AddKey(expiresAt: DateTimeOffset.UnixEpoch)).GetVersionAsync(Token),
        transient: false);

    [Fact]
    public async Task A_disabled_key_is_refused()
    {
        _emulator.World.DisableKey(_emulator.ApiKey);

        await AssertFaultAsync(DokployFault.KeyRefused, Client().GetVersionAsync(Token), transient: false);
    }

    [Fact]
    public async Task A_key_made_by_script_dies_after_five_calls_and_is_then_refused_like_a_wrong_one()
    {
        var client = Client(_emulator.World.AddKey());
        for (var call = 1; call <= 5; call++)
        {
            await client.GetVersionAsync(Token);
        }

        await AssertFaultAsync(DokployFault.KeyRefused, client.GetVersionAsync(Token), transient: false);
    }

    [Fact]
    public async Task A_limit_that_ends_between_the_two_checks_of_one_call_is_a_refusal_and_no_missing_right()
    {
        var client = Client(_emulator.World.AddKey(rateLimitMax: 5));
        await client.GetVersionAsync(Token);
        await client.GetVersionAsync(Token);

        await AssertFaultAsync(DokployFault.KeyRefused, client.GetVersionAsync(Token), transient: false);
    }

    [Fact]
    public async Task A_used_up_key_is_refused()
    {
        var client = Client(_emulator.World.AddKey(rateLimitMax: null, remaining: 2));
        await client.GetVersionAsync(Token);

        await AssertFaultAsync(DokployFault.KeyRefused, client.GetVersionAsync(Token), transient: false);
    }

    [Fact]
    public async Task A_refusal_while_the_database_is_down_is_an_outage_and_not_the_keys_fault()
    {
        _emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.DatabaseDown() });

        await AssertFaultAsync(DokployFault.DatabaseDown, Client().GetVersionAsync(Token), transient: true);
        Assert.False(await Client().IsDatabaseHealthyAsync(Token));
    }

    [Fact]
    public async Task A_missing_right_is_told_from_a_refused_key()
    {
        var member = Client(_emulator.World.AddKey("member", rateLimitMax: null));

        await AssertFaultAsync(DokployFault.PermissionDenied, member.GetTasksAsync("app", Token), transient: false);
        await AssertFaultAsync(DokployFault.PermissionDenied, member.CreateProjectAsync("p", null, Token), transient: false);
    }

    [Fact]
    public async Task Validation_is_a_fault_of_ours_and_names_the_member()
    {
        var fault = await AssertFaultAsync(DokployFault.InvalidRequest, Client().CreateProjectAsync("", null, Token), transient: false);

        Assert.Contains("name", fault.Diagnostic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_empty_or_already_removed()
    {
        var client = Client();

        Assert.Null(await client.GetProjectAsync("nope", Token));
        Assert.Null(await client.GetApplicationAsync("nope", Token));
        Assert.Empty(await client.ListDomainsAsync("nope", Token));
        Assert.False(await client.RemoveProjectAsync("nope", Token));
        Assert.False(await client.DeleteApplicationAsync("nope", Token));
        Assert.False(await client.DeleteDomainAsync("nope", Token));
        await AssertFaultAsync(DokployFault.NotFound, client.DeployApplicationAsync("nope", "t", "d", Token), transient: false);
        await AssertFaultAsync(
            DokployFault.NotFound, client.UpdateApplicationAsync("nope", new ApplicationSettings { Image = "x" }, Token), transient: false);
    }

    [Fact]
    public async Task Duplicates_are_allowed_so_uniqueness_is_ours()
    {
        var client = Client();
        await client.CreateProjectAsync("twice", null, Token);
        await client.CreateProjectAsync("Twice", null, Token);

        Assert.Equal(2, (await client.FindProjectsAsync("TWICE", Token)).Count);
    }

    [Fact]
    public async Task A_text_with_sql_never_comes_through()
    {
        var domain = new DomainSettings { Host = "shop.portal.test", Port = 8080, Https = true };

        var fault = await Assert.ThrowsAsync<DokployException>(() => Client().CreateDomainAsync("nope", domain, Token));

        Assert.DoesNotContain("insert into", fault.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("params", fault.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("shop.portal.test", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_without_json_and_understood()
    {
        var fault = await AssertFaultAsync(
            DokployFault.InvalidRequest, Client().CreateProjectAsync("p", new string('x', 1_100_000), Token), transient: false);

        Assert.Equal(413, fault.HttpStatus);
    }

    [Fact]
    public async Task A_restart_breaks_connections_and_passes()
    {
        _emulator.World.Restart(TimeSpan.FromHours(1));
        await AssertFaultAsync(DokployFault.Unreachable, Client().GetVersionAsync(Token), transient: true);

        _emulator.World.Restart();
        Assert.Equal("v0.30.2", await Client().GetVersionAsync(Token));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_may_have_happened_and_is_not_sent_again()
    {
        _emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.AnswerLost() });

        var fault = await AssertFaultAsync(DokployFault.Unreachable, Client().CreateProjectAsync("p", null, Token), transient: true);

        Assert.True(fault.MayHaveHappened);
        Assert.Equal(1, _emulator.World.Calls.Count("project.create"));
        Assert.Single(_emulator.World.Projects);
    }

    [Fact]
    public async Task A_question_whose_answer_is_lost_is_asked_again()
    {
        _emulator.World.Faults.Add(new Fault { Call = "project.search", Times = 2, Kind = new FaultKind.Reset() });

        Assert.Empty(await Client().FindProjectsAsync("p", Token));

        Assert.Equal(3, _emulator.World.Calls.Count("project.search"));
    }

    [Theory]
    [InlineData(500, DokployFault.ServerError)]
    [InlineData(502, DokployFault.ServerError)]
    [InlineData(503, DokployFault.ServerError)]
    [InlineData(429, DokployFault.RateLimited)]
    public async Task A_proxys_answers_are_transient(int status, DokployFault kind)
    {
        _emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.Status(status, "<html>", "text/html") });

        await AssertFaultAsync(kind, Client().GetVersionAsync(Token), transient: true);
    }

    [Fact]
    public async Task Garbage_is_unreadable_and_transient()
    {
        _emulator.World.Faults.Add(new Fault { Call = "project.one", Kind = new FaultKind.Garbage() });

        await AssertFaultAsync(DokployFault.Unreadable, Client().GetProjectAsync("x", Token), transient: true);
    }

    [Fact]
    public async Task A_call_that_hangs_times_out_and_a_change_may_have_happened()
    {
        _emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.AnswerHangs() });

        var fault = await AssertFaultAsync(DokployFault.TimedOut, Client(timeout: TimeSpan.FromSeconds(1)).CreateProjectAsync("p", null, Token), transient: true);

        Assert.True(fault.MayHaveHappened);
    }

    [Fact]
    public async Task The_answer_to_a_deploy_is_empty_and_that_is_right()
    {
        var client = Client();
        var project = await client.CreateProjectAsync("p", null, Token);
        var application = await client.CreateApplicationAsync("a", "a", null, project.Environment.EnvironmentId, Token);
        await client.UpdateApplicationAsync(application.ApplicationId, new ApplicationSettings { Image = "x:1" }, Token);

        await client.DeployApplicationAsync(application.ApplicationId, "our title", "", Token);

        var deployed = await client.GetApplicationAsync(application.ApplicationId, Token);
        Assert.Equal("our title", Assert.Single(deployed!.Deployments).Title);
        Assert.Matches("^a-[a-z0-9]{6}$", application.AppName);
    }

    private static async Task<DokployException> AssertFaultAsync(DokployFault kind, Task call, bool transient)
    {
        var fault = await Assert.ThrowsAsync<DokployException>(() => call);
        Assert.Equal(kind, fault.Kind);
        Assert.Equal(transient, fault.IsTransient);
        return fault;
    }

    private DokployClient Client(string? key = null, TimeSpan? timeout = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddDokployClient(_ => new DokployOptions
        {
            Url = _emulator.ApiUrl,
            ApiToken = key ?? _emulator.ApiKey,
            RetryDelay = TimeSpan.FromMilliseconds(5),
            AttemptTimeout = timeout ?? TimeSpan.FromMinutes(1),
            TotalTimeout = TimeSpan.FromMinutes(5),
        });
        return services.BuildServiceProvider().GetRequiredService<DokployClient>();
    }
}
