using System.Net;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class DnsApiTests : IAsyncLifetime
{
    private readonly FakeWildcard _wildcard = new();
    private readonly PortalFactory _portal = new();
    private HttpClient _person = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal.With(services => services.AddSingleton<IWildcardRecord>(_wildcard));
        await _portal.InitializeAsync();
        // A visit makes a caller a person; without sign-in each one is an administrator.
        _person = _portal.NewPerson();
        using var page = await _person.GetAsync("/", Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _person.Dispose();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task The_record_is_told_with_what_it_is_what_it_should_be_and_what_a_repair_would_do()
    {
        _wildcard.State = FakeWildcard.With(FakeWildcard.Correct);

        var answer = await _person.GetJsonAsync("api/dns");

        Assert.Equal("*.ai.example.org", answer.Text("name"));
        Assert.Equal(("bad", "wildcard-points-elsewhere"), (answer["world"]!.Text("verdict"), answer["world"]!.Text("cause")));
        Assert.Equal("""["192.0.2.1"]""", answer["world"]!["facts"]!["expectedAddresses"]!.ToJsonString());
        Assert.Equal(
            """{"zone":"example.org","name":"*.ai","addresses":["198.51.100.7"],"ipv6Addresses":[],"ttl":300}""", answer["record"]!.ToJsonString());
        Assert.Equal("change", answer["repair"]!.Text("plan"));
        Assert.Equal(
            "The A record *.ai in the zone example.org at Hetzner is changed from 198.51.100.7 to 192.0.2.1. Nothing else is changed.",
            answer["repair"]!.Text("message"));
    }

    [Fact]
    public async Task A_repair_says_what_was_done()
    {
        _wildcard.Result = FakeWildcard.Correct;

        using var answer = await _person.PostAsync("api/dns/repair", null, Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.ReadJsonAsync();
        Assert.Equal(("changed", "*.ai", "192.0.2.1"), (body.Text("outcome"), body.Text("name"), body.Text("to")));
        Assert.Equal("""["198.51.100.7"]""", body["from"]!.ToJsonString());
        Assert.Equal(1, _wildcard.Repairs);
    }

    [Fact]
    public async Task A_repair_that_is_not_possible_is_a_conflict_with_cause_and_remedy()
    {
        _wildcard.Result = new WildcardChange.NotPossible(new ConnectionResult(ConnectionTarget.WildcardDns, ConnectionCause.HetznerTokenNotSet));

        using var answer = await _person.PostAsync("api/dns/repair", null, Stop);

        var problem = await answer.AssertProblemAsync(409, "hetzner-token-not-set");
        Assert.StartsWith("Nothing was changed. ", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("HETZNER_API_TOKEN", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "The record may have been changed.")]
    [InlineData(false, "Nothing was changed.")]
    public async Task A_failure_of_Hetzners_says_whether_it_may_have_happened(bool perhaps, string said)
    {
        _wildcard.Result = new WildcardChange.Failed(new ConnectionResult(ConnectionTarget.WildcardDns, ConnectionCause.HetznerUnreachable), perhaps);

        using var answer = await _person.PostAsync("api/dns/repair", null, Stop);

        var problem = await answer.AssertProblemAsync(502, "hetzner-unreachable");
        Assert.Equal(perhaps, problem["mayHaveHappened"]!.GetValue<bool>());
        Assert.StartsWith(said, problem.Text("detail"), StringComparison.Ordinal);
    }
}
