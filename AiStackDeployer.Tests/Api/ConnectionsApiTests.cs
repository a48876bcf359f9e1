using System.Net;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Api;

public sealed class ConnectionsApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_the_portal_depends_on_is_told_with_code_sentence_and_latency()
    {
        var answer = await portal.NewScript().GetJsonAsync("api/connections");

        Assert.Equal("good", answer.Text("overall"));
        Assert.Equal(
            [
                "dokploy good dokploy-answers", "dokploy-key good key-accepted", "dokploy-permissions good role-suffices",
                "dokploy-rate-limit good rate-limit-excluded", "dokploy-queue good queue-moves", "hetzner-token not-configured hetzner-token-not-set",
                "wildcard-dns not-configured wildcard-local", "stack-certificate not-configured certificate-not-needed",
                "portal-address not-configured portal-local", "portal-site not-configured portal-local", "database good database-writable", "mail not-configured mail-not-set",
            ],
            answer["results"]!.AsArray().Select(r => $"{r!.Text("target")} {r!.Text("verdict")} {r!.Text("cause")}"));
        var dokploy = answer["results"]![0]!;
        Assert.Equal($"Dokploy 0.30.2 answers at {portal.Emulator.ApiUrl.ToString().TrimEnd('/')}.", dokploy.Text("message"));
        Assert.True(dokploy["latencyMs"]!.GetValue<int>() > 0);
        Assert.Equal("0.30.2", dokploy["facts"]!.Text("version"));
        Assert.Null(dokploy["remedy"]);
        Assert.DoesNotContain(portal.Emulator.ApiKey, answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_is_the_callers()
    {
        var answer = await portal.NewPerson("nl").GetJsonAsync("api/connections");

        Assert.Equal("Alles wat de portal nodig heeft, werkt.", answer.Text("message"));
        Assert.Equal("Dokploy: API-sleutel", answer["results"]![1]!.Text("name"));
    }

    [Fact]
    public async Task A_storm_of_callers_is_one_look_and_fresh_means_once_in_a_while()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var check = new CountingCheck();
        await using var own = new PortalFactory();
        own.With(services => services.AddSingleton(new ConnectionReports([check], new ConnectionOptions(), time, NullLogger<ConnectionReports>.Instance)));
        await own.InitializeAsync();
        using var script = own.NewScript();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => script.GetJsonAsync("api/connections?fresh=true")));
        Assert.Equal(1, check.Runs);
        time.Advance(TimeSpan.FromSeconds(4));
        await script.GetJsonAsync("api/connections");
        Assert.Equal(1, check.Runs);
        await script.GetJsonAsync("api/connections?fresh=true");
        Assert.Equal(2, check.Runs);
    }

    [Fact]
    public async Task Something_bad_is_still_200_for_the_verdict_is_in_the_body()
    {
        await using var own = new PortalFactory();
        await own.InitializeAsync();
        own.Emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.DatabaseDown() });

        using var answer = await own.NewScript().GetAsync("api/connections", Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var body = await answer.ReadJsonAsync();
        Assert.Equal("bad", body.Text("overall"));
        Assert.Equal(
            ["dokploy-database-down", "earlier-failed", "earlier-failed", "earlier-failed"],
            body["results"]!.AsArray().Take(4).Select(r => r!.Text("cause")));
        Assert.NotNull(body["results"]![0]!["remedy"]);
    }

    private sealed class CountingCheck : IConnectionCheck
    {
        public IReadOnlyList<ConnectionTarget> Targets => [ConnectionTarget.Database];

        public int Runs { get; private set; }

        public async IAsyncEnumerable<ConnectionResult> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Runs++;
            await Task.CompletedTask;
            yield return new ConnectionResult(ConnectionTarget.Database, ConnectionCause.DatabaseWritable);
        }
    }
}
