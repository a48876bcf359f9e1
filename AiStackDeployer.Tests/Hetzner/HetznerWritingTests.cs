using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;

namespace AiStackDeployer.Tests.Hetzner;

public sealed class HetznerWritingTests
{
    private const string Zone = "example.org";

    private static readonly IPAddress Address = IPAddress.Parse("203.0.113.9");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_made_with_its_one_address_and_its_ttl()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);

        var set = await hetzner.Client.CreateARecordAsync(Zone, "*.ai", Address, 300, Stop);

        Assert.Equal(("*.ai", "A", 300), (set.Name, set.Type, set.Ttl));
        Assert.Equal(["203.0.113.9"], set.Values);
        Assert.Equal(["*.ai A 300 203.0.113.9"], hetzner.Server.SetsOf(Zone));
        var call = Assert.Single(hetzner.Server.Calls);
        Assert.Equal(("POST", "/v1/zones/example.org/rrsets"), (call.Method, call.Target));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"name":"*.ai","type":"A","ttl":300,"records":[{"value":"203.0.113.9"}]}"""), JsonNode.Parse(call.Body)));
    }

    [Fact]
    public async Task A_change_is_done_when_its_action_is_not_when_it_is_accepted()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).ActionLooks = 2;

        var call = hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop);
        await hetzner.PollAsync(call);
        await hetzner.Server.ArrivalAsync();
        await hetzner.Server.ArrivalAsync();
        Assert.Equal((false, 0), (call.IsCompleted, hetzner.Server.SetsOf(Zone).Count));
        await hetzner.PollAsync(call);
        await call;

        Assert.Equal(["* A 300 203.0.113.9"], hetzner.Server.SetsOf(Zone));
        Assert.Equal(["/v1/zones/example.org/rrsets", "/v1/actions/1000", "/v1/actions/1000"], hetzner.Server.Calls.Select(c => c.Target));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_action_that_fails_is_told_with_its_code(int looks)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);
        (hetzner.Server.ActionLooks, hetzner.Server.ActionError) = (looks, "action_failed");

        var call = hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop);
        for (var i = 0; i < looks; i++)
        {
            await hetzner.PollAsync(call);
        }
        var fault = await Assert.ThrowsAsync<HetznerException>(() => call);

        Assert.Equal((HetznerFault.ActionFailed, "action_failed", "rrsets.create"), (fault.Kind, fault.Diagnostic, fault.Call));
        Assert.DoesNotContain("leaked", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(hetzner.Server.SetsOf(Zone));
    }

    [Fact]
    public async Task An_action_without_an_end_is_given_up_as_undecided()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ActionTimeout = TimeSpan.FromSeconds(3) });
        hetzner.Server.AddZone(42, Zone).ActionLooks = int.MaxValue;

        var call = hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop);
        for (var i = 0; i < 3; i++)
        {
            await hetzner.PollAsync(call);
        }
        var fault = await Assert.ThrowsAsync<HetznerException>(() => call);

        Assert.Equal((HetznerFault.TimedOut, true), (fault.Kind, fault.MayHaveHappened));
    }

    [Fact]
    public async Task A_change_whose_end_cannot_be_seen_may_have_happened()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 0 });
        hetzner.Server.AddZone(42, Zone).ActionLooks = 1;
        hetzner.Server.Instead("GET", FakeHetzner.Failing(503, "unavailable"));

        var call = hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop);
        await hetzner.PollAsync(call);
        var fault = await Assert.ThrowsAsync<HetznerException>(() => call);

        Assert.Equal((HetznerFault.ServerError, true, "rrsets.create"), (fault.Kind, fault.MayHaveHappened, fault.Call));
    }

    [Fact]
    public async Task A_wait_for_an_action_ends_when_nobody_wants_it_any_more()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).ActionLooks = int.MaxValue;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var call = hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, gone.Token);
        await hetzner.WaitsAsync(call, TimeSpan.FromSeconds(1));
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Records_of_an_existing_set_are_replaced_and_its_ttl_stays()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 3600, "203.0.113.1", "203.0.113.2").AddSet(Zone, "*.ai", "AAAA", null, "2001:db8::1");

        await hetzner.Client.SetARecordAsync(Zone, "*.ai", Address, Stop);

        Assert.Equal(["*.ai A 3600 203.0.113.9", "*.ai AAAA - 2001:db8::1"], hetzner.Server.SetsOf(Zone));
        var call = Assert.Single(hetzner.Server.Calls);
        Assert.Equal("/v1/zones/example.org/rrsets/*.ai/A/actions/set_records", call.Target);
        Assert.Equal("""{"records":[{"value":"203.0.113.9"}]}""", call.Body);
    }

    [Fact]
    public async Task What_exists_is_not_made_again()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*", "A", 60, "203.0.113.1");

        var fault = await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop));

        Assert.Equal((HetznerFault.Conflict, false), (fault.Kind, fault.MayHaveHappened));
        Assert.Equal(["* A 60 203.0.113.1"], hetzner.Server.SetsOf(Zone));
    }

    [Fact]
    public async Task A_token_that_may_only_read_is_known_after_it_was_refused_a_change_until_one_succeeds()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).TokenIsReadOnly = true;
        Assert.False(hetzner.Client.TokenIsReadOnly);

        var fault = await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop));
        Assert.Equal((HetznerFault.PermissionDenied, "token_readonly"), (fault.Kind, fault.Diagnostic));
        Assert.True(hetzner.Client.TokenIsReadOnly);
        await hetzner.Client.FindZoneOfAsync(Zone, retry: true, Stop);
        Assert.True(hetzner.Client.TokenIsReadOnly);

        hetzner.Server.TokenIsReadOnly = false;
        await hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop);
        Assert.False(hetzner.Client.TokenIsReadOnly);
    }

    [Fact]
    public async Task Arguments_that_make_no_sense_are_refused_here()
    {
        await using var hetzner = await HetznerBench.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => hetzner.Client.CreateARecordAsync(Zone, "*", IPAddress.IPv6Loopback, 300, Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => hetzner.Client.CreateARecordAsync(Zone, "*", Address, 59, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => hetzner.Client.SetARecordAsync(Zone, "*", IPAddress.IPv6Loopback, Stop));

        Assert.Empty(hetzner.Server.Calls);
    }

    [Fact]
    public async Task An_accepted_change_whose_answer_cannot_be_read_may_have_happened()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).Instead("POST", Replies.Json(201, """{"rrset":{"name":"*","type":"A","records":[]}}"""));

        var fault = await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.CreateARecordAsync(Zone, "*", Address, 300, Stop));

        Assert.Equal((HetznerFault.Unreadable, 201, true), (fault.Kind, fault.HttpStatus, fault.MayHaveHappened));
    }
}
