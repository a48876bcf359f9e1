using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Tests.Dokploy;

namespace AiStackDeployer.Tests.Connections;

/// <summary>What is told about Dokploy by single answers of it.</summary>
public sealed class DokployAnswersTests
{
    private const string Owner = """{"userId":"u","role":"owner","user":{"apiKeys":[]}}""";

    [Theory]
    [InlineData("v0.30.2", ConnectionVerdict.Good, ConnectionCause.DokployAnswers, "0.30.2")]
    [InlineData("v0.30.9", ConnectionVerdict.Good, ConnectionCause.DokployAnswers, "0.30.9")]
    [InlineData("0.25.0", ConnectionVerdict.Good, ConnectionCause.DokployAnswers, "0.25.0")]
    [InlineData("v0.31.0", ConnectionVerdict.Good, ConnectionCause.DokployAnswers, "0.31.0")]
    [InlineData("v0.31.0-rc.1", ConnectionVerdict.Good, ConnectionCause.DokployAnswers, "0.31.0")]
    [InlineData("v1.0.0", ConnectionVerdict.Doubtful, ConnectionCause.DokployUntested, "1.0.0")]
    [InlineData("v0.24.12", ConnectionVerdict.Bad, ConnectionCause.DokployTooOld, "0.24.12")]
    [InlineData("canary", ConnectionVerdict.Doubtful, ConnectionCause.DokployUntested, null)]
    [InlineData("v0.30.2.7.1", ConnectionVerdict.Doubtful, ConnectionCause.DokployUntested, null)]
    [InlineData("", ConnectionVerdict.Doubtful, ConnectionCause.DokployUntested, null)]
    public async Task A_version_is_too_old_good_or_untested(string version, ConnectionVerdict verdict, ConnectionCause cause, string? told)
    {
        var result = (await LookAsync(s => s.On("settings.getDokployVersion", Replies.Json(200, $"\"{version}\""))))[ConnectionTarget.Dokploy];

        result.Is(verdict, cause);
        Assert.Equal(told, result.Facts.Version);
    }

    [Theory]
    [InlineData("owner", "", ConnectionVerdict.Good, ConnectionCause.RoleSuffices, "")]
    [InlineData("admin", "", ConnectionVerdict.Good, ConnectionCause.RoleSuffices, "")]
    [InlineData("emperor", "", ConnectionVerdict.Doubtful, ConnectionCause.RoleUnknown, "")]
    [InlineData("member", "CreateProjects CreateServices DeleteProjects DeleteServices AccessToDocker", ConnectionVerdict.Doubtful, ConnectionCause.MemberKey, "")]
    [InlineData("member", "CreateProjects CreateServices DeleteProjects DeleteServices", ConnectionVerdict.Doubtful, ConnectionCause.MemberKey, "canAccessToDocker")]
    [InlineData("member", "CreateProjects CreateServices AccessToDocker", ConnectionVerdict.Bad, ConnectionCause.MemberMayNotDeploy, "canDeleteProjects canDeleteServices")]
    [InlineData("member", "CreateServices DeleteProjects DeleteServices", ConnectionVerdict.Bad, ConnectionCause.MemberMayNotDeploy, "canCreateProjects")]
    public async Task A_role_and_its_flags_tell_what_a_deployment_may_do(
        string role, string flags, ConnectionVerdict verdict, ConnectionCause cause, string missing)
    {
        var members = string.Concat(flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => $",\"can{f}\":true"));
        var result = (await LookAsync(s => s.On("user.get", Replies.Json(200, $$"""{"userId":"u","role":"{{role}}"{{members}}}"""))))[ConnectionTarget.DokployPermissions];

        result.Is(verdict, cause);
        Assert.Equal(missing, string.Join(' ', result.Facts.Missing ?? []));
    }

    [Theory]
    [InlineData("""{"enabled":true,"expiresAt":"2030-01-10T00:00:00Z"}""", ConnectionCause.KeyExpiresSoon)]
    [InlineData("""{"enabled":true,"expiresAt":"2030-03-10T00:00:00Z"}""", ConnectionCause.KeyAccepted)]
    [InlineData("""{"enabled":true,"expiresAt":null}""", ConnectionCause.KeyAccepted)]
    // Which of two is being used is not known, so nothing is said.
    [InlineData("""{"enabled":true,"expiresAt":"2030-01-10T00:00:00Z"},{"enabled":true,"expiresAt":null}""", ConnectionCause.KeyAccepted)]
    // The other one cannot be it.
    [InlineData("""{"enabled":true,"expiresAt":"2030-01-10T00:00:00Z"},{"enabled":false,"expiresAt":null}""", ConnectionCause.KeyExpiresSoon)]
    [InlineData("""{"enabled":true,"expiresAt":"2030-01-10T00:00:00Z"},{"enabled":true,"expiresAt":"2029-12-31T00:00:00Z"}""", ConnectionCause.KeyExpiresSoon)]
    public async Task An_expiry_is_told_when_it_must_be_the_keys_own(string keys, ConnectionCause cause)
    {
        var result = (await LookAsync(s => s.On("user.get", Replies.Json(200, $$$"""{"role":"owner","user":{"apiKeys":[{{{keys}}}]}}"""))))[ConnectionTarget.DokployKey];

        Assert.Equal(cause, result.Cause);
    }

    [Fact]
    public async Task Whose_key_it_is_in_words_nobody_knows_is_doubted_and_the_key_is_good()
    {
        var results = await LookAsync(s => s.On("user.get", Replies.Json(200, "[]")));

        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Good, ConnectionCause.KeyAccepted);
        results[ConnectionTarget.DokployPermissions].Is(ConnectionVerdict.Doubtful, ConnectionCause.RoleUnknown);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Good, ConnectionCause.RateLimitExcluded);
    }

    [Theory]
    [InlineData(9, ConnectionCause.QueueMoves)]
    [InlineData(11, ConnectionCause.QueueBlocked)]
    public async Task A_deployment_that_holds_up_all_others_is_told_with_since_when_and_how_many_wait(int minutes, ConnectionCause cause)
    {
        await using var bench = await StartAsync(_ => { });
        var began = bench.Time.GetUtcNow().AddMinutes(-minutes);
        string Job(string state, DateTimeOffset at) => $$"""{"id":"j","data":{"applicationId":"a","titleLog":"x"},"timestamp":{{at.ToUnixTimeMilliseconds()}},"state":"{{state}}"}""";

        bench.Server.On("deployment.queueList", Replies.Json(
            200, $"[{Job("waiting", began.AddMinutes(2))},{Job("waiting", began.AddMinutes(1))},{Job("active", began)}]"));

        var result = (await Check(bench).RunAsync())[ConnectionTarget.DokployQueue];

        Assert.Equal((cause, 2), (result.Cause, result.Facts.Waiting));
        Assert.Equal(began, result.Facts.Since!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_queue_that_may_not_be_seen_is_not_known()
    {
        var results = await LookAsync(s => s.On("deployment.queueList", Replies.Json(404, """{"message":"Not found","code":"NOT_FOUND"}""")));

        results[ConnectionTarget.DokployQueue].Is(ConnectionVerdict.NotChecked, ConnectionCause.QueueNotVisible);
    }

    [Fact]
    public async Task A_website_in_Dokploys_place_is_told_as_that()
    {
        var results = await LookAsync(s => s.On("settings.health", Replies.Html(200)).On("settings.getDokployVersion", Replies.Html(200)));

        Assert.Single(results).Value.Is(ConnectionVerdict.Bad, ConnectionCause.DokployNotUnderstood);
    }

    [Fact]
    public async Task A_redirect_is_told_with_where_it_leads_and_nothing_else_of_it()
    {
        var results = await LookAsync(s => s.On("settings.health", Replies.Redirect("https://login.test/sign-in?secret=1")));

        var result = Assert.Single(results).Value;
        result.Is(ConnectionVerdict.Bad, ConnectionCause.DokployRedirects);
        Assert.Equal(["https://login.test"], result.Facts.Addresses);
    }

    [Fact]
    public async Task A_proxy_before_nothing_is_told_with_its_status()
    {
        var result = Assert.Single(await LookAsync(s => s.On("settings.health", Replies.Html(502)))).Value;

        result.Is(ConnectionVerdict.Bad, ConnectionCause.DokployFailing);
        Assert.Equal(502, result.Facts.HttpStatus);
    }

    [Fact]
    public async Task A_proxys_refusal_counts_neither_for_the_key_nor_against_it()
    {
        await using var bench = await StartAsync(s => s.On("user.get", Replies.Html(403)));
        await Check(bench).RunAsync();

        // Six times the version, and the queue; the refusal in between is not among them.
        Assert.Equal(7, bench.Health.Current.Key.AcceptedInARow);
    }

    [Theory]
    [InlineData("database down", DokployFault.DatabaseDown)]
    [InlineData("key refused", DokployFault.KeyRefused)]
    [InlineData("a proxy's sign-in", DokployFault.Unreachable)]
    public async Task A_look_in_the_middle_of_a_trouble_neither_ends_it_nor_lets_it_begin_anew(string trouble, DokployFault fault)
    {
        var (version, health) = trouble switch
        {
            "database down" => (Replies.ShortUnauthorized, Replies.DatabaseDown),
            "key refused" => (Replies.ShortUnauthorized, Replies.DatabaseWell),
            _ => (Replies.Html(401), Replies.Html(401)),
        };
        await using var bench = await StartAsync(s => s.On("settings.getDokployVersion", version).On("settings.health", health));
        List<DokployFault?> told = [];
        bench.Health.Changed += () => told.Add(bench.Health.Current.Problem);
        await Assert.ThrowsAsync<DokployException>(() => bench.Client.GetVersionAsync(TestContext.Current.CancellationToken));
        var since = bench.Time.GetUtcNow();
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        await Check(bench).RunAsync();

        Assert.Equal((false, since), (bench.Health.Current.IsWell, bench.Health.Current.ProblemSince));
        Assert.DoesNotContain(null, told);
        Assert.Contains(fault, told);
        if (fault != DokployFault.Unreachable)
        {
            Assert.Single(told);
        }
    }

    [Fact]
    public async Task A_key_that_is_refused_and_accepted_by_turns_is_suspected_for_a_day()
    {
        await using var bench = await StartAsync(s => s.On("settings.getDokployVersion",
            Replies.Json(200, "\"v0.30.2\""), Replies.Json(200, "\"v0.30.2\""), Replies.ShortUnauthorized, Replies.Json(200, "\"v0.30.2\"")));
        var check = Check(bench);
        // Whose key it is comes between: three calls were accepted before the refusal.
        (await check.RunAsync())[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Doubtful, ConnectionCause.RateLimitLikely);

        var turned = (await check.RunAsync())[ConnectionTarget.DokployRateLimit];
        turned.Is(ConnectionVerdict.Doubtful, ConnectionCause.RateLimitLikely);
        Assert.Equal(3, turned.Facts.Calls);
        bench.Time.Advance(TimeSpan.FromDays(1));
        (await check.RunAsync())[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Good, ConnectionCause.RateLimitExcluded);
    }

    [Fact]
    public async Task An_outage_in_the_middle_leaves_the_limit_unknown()
    {
        var results = await LookAsync(s => s.On("settings.getDokployVersion", Replies.Json(200, "\"v0.30.2\""), Replies.Json(500, "{}")));

        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Good, ConnectionCause.KeyAccepted);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.NotChecked, ConnectionCause.RateLimitNotKnownYet);
    }

    [Fact]
    public async Task After_a_day_of_silence_the_counting_begins_anew_as_Dokploys_does()
    {
        await using var bench = await StartAsync(_ => { });
        await Check(bench).RunAsync();
        bench.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        await bench.Client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, bench.Health.Current.Key.AcceptedInARow);
    }

    private static async Task<Dictionary<ConnectionTarget, ConnectionResult>> LookAsync(Action<ScriptedDokploy> script)
    {
        await using var bench = await StartAsync(script);
        return await Check(bench).RunAsync();
    }

    private static DokployCheck Check(DokployBench bench) => new(
        bench.Client, bench.Health, new DokployOptions { Url = bench.Server.Url, ApiToken = DokployBench.Token },
        new ConnectionOptions().CheckTimeout, bench.Time);

    /// <summary>A Dokploy that is well in all that the script does not say otherwise.</summary>
    private static async Task<DokployBench> StartAsync(Action<ScriptedDokploy> script)
    {
        var bench = await DokployBench.StartAsync(options => options with { Retries = 0 });
        bench.Server
            .On("settings.health", Replies.DatabaseWell)
            .On("settings.getDokployVersion", Replies.Json(200, "\"v0.30.2\""))
            .On("user.get", Replies.Json(200, Owner));
        script(bench.Server);
        return bench;
    }
}
