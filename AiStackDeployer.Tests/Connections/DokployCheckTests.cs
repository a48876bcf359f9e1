using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using Microsoft.Extensions.DependencyInjection;
using Results = System.Collections.Generic.Dictionary<
    AiStackDeployer.Core.Connections.ConnectionTarget, AiStackDeployer.Core.Connections.ConnectionResult>;

namespace AiStackDeployer.Tests.Connections;

/// <summary>What is told about Dokploy: where behaviour counts against the emulator, where only an answer does against a script.</summary>
public sealed class DokployCheckTests
{
    [Fact]
    public async Task An_owners_key_is_good_in_all_and_known_to_have_no_default_limit()
    {
        await using var dokploy = await Emulated.StartAsync();

        var results = await dokploy.LookAsync();

        results[ConnectionTarget.Dokploy].Is(ConnectionVerdict.Good, ConnectionCause.DokployAnswers);
        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Good, ConnectionCause.KeyAccepted);
        results[ConnectionTarget.DokployPermissions].Is(ConnectionVerdict.Good, ConnectionCause.RoleSuffices);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Good, ConnectionCause.RateLimitExcluded);
        results[ConnectionTarget.DokployQueue].Is(ConnectionVerdict.Good, ConnectionCause.QueueMoves);
        Assert.Equal("0.30.2", results[ConnectionTarget.Dokploy].Facts.Version);
        Assert.Equal("owner", results[ConnectionTarget.DokployPermissions].Facts.Role);
        Assert.Equal(6, results[ConnectionTarget.DokployRateLimit].Facts.Calls);
        Assert.All(dokploy.Emulator.World.Calls.All, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task What_is_known_about_the_limit_is_asked_for_once_in_a_process()
    {
        await using var dokploy = await Emulated.StartAsync();
        await dokploy.LookAsync();
        var calls = dokploy.Emulator.World.Calls.All.Count;

        await dokploy.LookAsync();

        // Health, version, whose key it is, and the queue.
        Assert.Equal(4, dokploy.Emulator.World.Calls.All.Count - calls);
    }

    [Fact]
    public async Task A_key_made_by_script_dies_while_it_is_looked_at_and_is_suspected_of_its_limit()
    {
        await using var dokploy = await Emulated.StartAsync(emulator => emulator.World.AddKey());

        var results = await dokploy.LookAsync();

        results[ConnectionTarget.Dokploy].Is(ConnectionVerdict.Good, ConnectionCause.DokployAnswers);
        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Bad, ConnectionCause.KeyRefused);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Doubtful, ConnectionCause.RateLimitLikely);
        Assert.Equal(5, results[ConnectionTarget.DokployRateLimit].Facts.Calls);
        Assert.StartsWith("Suspected:", ConnectionAssert.Said(results[ConnectionTarget.DokployRateLimit]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_is_not_asked_about_its_limit_again()
    {
        await using var dokploy = await Emulated.StartAsync(emulator => emulator.World.AddKey());
        await dokploy.LookAsync();

        var again = await dokploy.LookAsync();

        again[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Bad, ConnectionCause.KeyRefused);
        again[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Doubtful, ConnectionCause.RateLimitLikely);
        Assert.False(again.ContainsKey(ConnectionTarget.DokployPermissions));
    }

    [Fact]
    public async Task A_key_that_worked_for_long_and_is_refused_is_suspected_too()
    {
        await using var dokploy = await Emulated.StartAsync();
        await dokploy.LookAsync();
        dokploy.Emulator.World.DisableKey(dokploy.Key);

        var results = await dokploy.LookAsync();

        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Bad, ConnectionCause.KeyRefused);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Doubtful, ConnectionCause.RateLimitLikely);
        Assert.Equal(7, results[ConnectionTarget.DokployRateLimit].Facts.Calls);
    }

    [Fact]
    public async Task A_key_that_never_worked_tells_nothing_about_a_limit()
    {
        await using var dokploy = await Emulated.StartAsync(_ => "wrong-key");

        var results = await dokploy.LookAsync();

        results[ConnectionTarget.Dokploy].Is(ConnectionVerdict.Good, ConnectionCause.DokployAnswers);
        Assert.Equal($"Dokploy answers at {dokploy.Emulator.ApiUrl.ToString().TrimEnd('/')}.", ConnectionAssert.Said(results[ConnectionTarget.Dokploy]));
        results[ConnectionTarget.DokployKey].Is(ConnectionVerdict.Bad, ConnectionCause.KeyRefused);
        results[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.NotChecked, ConnectionCause.RateLimitNotKnownYet);
    }

    [Fact]
    public async Task A_database_of_Dokploys_that_is_down_is_not_blamed_on_the_key()
    {
        await using var dokploy = await Emulated.StartAsync();
        await dokploy.LookAsync();
        dokploy.Emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.DatabaseDown() });

        var results = await dokploy.LookAsync();

        Assert.Single(results).Value.Is(ConnectionVerdict.Bad, ConnectionCause.DokployDatabaseDown);
        dokploy.Emulator.World.Faults.Clear();
        (await dokploy.LookAsync())[ConnectionTarget.DokployRateLimit].Is(ConnectionVerdict.Good, ConnectionCause.RateLimitExcluded);
    }

    [Fact]
    public async Task A_member_without_rights_is_told_which_ones_are_missing()
    {
        await using var dokploy = await Emulated.StartAsync(emulator => emulator.World.AddKey("member", rateLimitMax: null));

        var rights = (await dokploy.LookAsync())[ConnectionTarget.DokployPermissions];

        rights.Is(ConnectionVerdict.Bad, ConnectionCause.MemberMayNotDeploy);
        Assert.Equal(["canCreateProjects", "canCreateServices", "canDeleteProjects", "canDeleteServices"], rights.Facts.Missing);
    }

    [Fact]
    public async Task Nobody_there_is_told_as_that()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var nobody = new Uri($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        await using var dokploy = await Emulated.StartAsync(url: nobody);

        Assert.Single(await dokploy.LookAsync()).Value.Is(ConnectionVerdict.Bad, ConnectionCause.DokployUnreachable);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_told_as_that()
    {
        await using var dokploy = await Emulated.StartAsync(url: new Uri("http://dokploy.invalid:3000/"));

        var result = Assert.Single(await dokploy.LookAsync()).Value;

        result.Is(ConnectionVerdict.Bad, ConnectionCause.DokployUnresolved);
        Assert.Equal("http://dokploy.invalid:3000", result.Facts.Host);
    }

    [Fact]
    public async Task Https_to_who_speaks_plain_http_is_told_as_that()
    {
        await using var plain = await Emulated.StartAsync();
        await using var dokploy = await Emulated.StartAsync(url: new UriBuilder(plain.Emulator.ApiUrl) { Scheme = "https" }.Uri);

        Assert.Single(await dokploy.LookAsync()).Value.Is(ConnectionVerdict.Bad, ConnectionCause.DokployTlsFailed);
    }

    /// <summary>An emulator, and the client of a process of its own.</summary>
    private sealed class Emulated : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly DokployCheck _check;

        private Emulated(DokployEmulatorHost emulator, string key, Uri url)
        {
            (Emulator, Key) = (emulator, key);
            var options = new DokployOptions { Url = url, ApiToken = key, RetryDelay = TimeSpan.Zero };
            _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddDokployClient(_ => options).BuildServiceProvider();
            _check = new DokployCheck(
                _services.GetRequiredService<DokployClient>(), _services.GetRequiredService<DokployHealth>(), options, TimeSpan.FromMinutes(10), TimeProvider.System);
        }

        public DokployEmulatorHost Emulator { get; }

        public string Key { get; }

        public static async Task<Emulated> StartAsync(Func<DokployEmulatorHost, string>? key = null, Uri? url = null)
        {
            var emulator = await DokployEmulatorHost.StartAsync(new EmulatorOptions { Pace = 0 }, TimeProvider.System, TestContext.Current.CancellationToken);
            return new Emulated(emulator, key?.Invoke(emulator) ?? emulator.ApiKey, url ?? emulator.ApiUrl);
        }

        public Task<Results> LookAsync() => _check.RunAsync();

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await Emulator.DisposeAsync();
        }
    }
}
