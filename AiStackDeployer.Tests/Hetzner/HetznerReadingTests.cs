namespace AiStackDeployer.Tests.Hetzner;

public sealed class HetznerReadingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_pages_of_zones_are_searched()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.MostPerPage = 2;
        for (var i = 1; i <= 5; i++)
        {
            hetzner.Server.AddZone(i, $"zone{i}.example");
        }

        Assert.Equal(5, (await hetzner.Client.FindZoneOfAsync("ai.zone5.example", retry: true, Stop))!.Id);
        Assert.Equal(
            ["/v1/zones?page=1&per_page=50", "/v1/zones?page=2&per_page=50", "/v1/zones?page=3&per_page=50"],
            hetzner.Server.Calls.Select(c => c.Target));
        Assert.All(hetzner.Server.Calls, call => Assert.Equal($"Bearer {FakeHetzner.Token}", call.Authorization));
    }

    [Fact]
    public async Task A_next_page_that_is_no_later_page_ends_the_reading()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.Instead("GET", Dokploy.Replies.Json(
            200, """{"zones":[{"id":1,"name":"a.example"}],"meta":{"pagination":{"page":1,"next_page":1}}}"""));

        Assert.NotNull(await hetzner.Client.FindZoneOfAsync("a.example", retry: true, Stop));
        Assert.Single(hetzner.Server.Calls);
    }

    [Theory]
    [InlineData("42", true)]
    [InlineData("example.org", true)]
    [InlineData("43", false)]
    public async Task A_configured_zone_is_found_by_its_id_or_its_name(string idOrName, bool isFound)
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = idOrName });
        hetzner.Server.AddZone(42, "example.org", mode: "secondary");

        var zone = await hetzner.Client.FindZoneOfAsync("ai.example.org", retry: true, Stop);

        Assert.Equal(isFound ? "42 example.org secondary" : null, zone is null ? null : $"{zone.Id} {zone.Name} {zone.Mode}");
    }

    [Theory]
    [InlineData("valid", true)]
    [InlineData("partially-valid", true)]
    [InlineData("lame", false)]
    [InlineData("invalid", false)]
    [InlineData("unregistered", false)]
    [InlineData("unknown", null)]
    [InlineData("something-new", null)]
    public async Task Hetzner_tells_whether_a_zone_is_delegated_to_it(string delegation, bool? delegated)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org", delegation: delegation);

        Assert.Equal(delegated, (await hetzner.Client.FindZoneOfAsync("example.org", retry: true, Stop))!.IsDelegated);
    }

    [Theory]
    [InlineData("ai.example.org", "example.org")]
    [InlineData("stacks.dev.example.org", "dev.example.org")]
    [InlineData("dev.example.org", "dev.example.org")]
    [InlineData("AI.Example.org", "example.org")]
    [InlineData("notexample.org", null)]
    [InlineData("org", null)]
    public async Task The_zone_of_a_domain_is_the_longest_one_it_lies_in(string domain, string? zone)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(1, "example.org").AddZone(2, "dev.example.org").AddZone(3, "example.net");

        Assert.Equal(zone, (await hetzner.Client.FindZoneOfAsync(domain, retry: true, Stop))?.Name);
    }

    [Fact]
    public async Task A_configured_zone_is_asked_for_and_no_other()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = "1" });
        hetzner.Server.AddZone(1, "example.org").AddZone(2, "dev.example.org");

        Assert.Equal("example.org", (await hetzner.Client.FindZoneOfAsync("ai.dev.example.org", retry: true, Stop))?.Name);
        Assert.Equal("/v1/zones/1", Assert.Single(hetzner.Server.Calls).Target);
    }

    [Fact]
    public async Task Record_sets_are_filtered_by_name_and_types()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org")
            .AddSet("example.org", "*.ai", "A", 300, "203.0.113.1", "203.0.113.2").AddSet("example.org", "*.ai", "TXT", null, "\"x\"")
            .AddSet("example.org", "*.ai", "AAAA", null, "2001:db8::1").AddSet("example.org", "www", "A", 60, "203.0.113.3");

        var wildcard = await hetzner.Client.ListRRSetsAsync("example.org", "*.ai", ["A", "AAAA"], Stop);

        Assert.Equal([("*.ai", "A", 300), ("*.ai", "AAAA", null)], wildcard.Select(s => (s.Name, s.Type, s.Ttl)));
        Assert.Equal(["203.0.113.1", "203.0.113.2"], wildcard[0].Values);
        Assert.Equal("/v1/zones/example.org/rrsets?name=%2A.ai&type=A&type=AAAA", hetzner.Server.Calls[0].Target);
    }

    [Fact]
    public async Task A_record_set_is_found_by_name_and_type_with_its_star_as_it_is()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").AddSet("example.org", "*.ai", "A", null, "203.0.113.1").AddSet("example.org", "@", "A", 60, "203.0.113.2");

        Assert.Equal(["203.0.113.1"], (await hetzner.Client.FindRRSetByNameAsync("example.org", "*.ai", "A", Stop))!.Values);
        Assert.True(await hetzner.Client.RecordExistsAsync("42", "@", "A", Stop));
        Assert.False(await hetzner.Client.RecordExistsAsync("example.org", "*.ai", "AAAA", Stop));
        Assert.False(await hetzner.Client.RecordExistsAsync("example.net", "*.ai", "A", Stop));
        Assert.Equal(["/v1/zones/example.org/rrsets/*.ai/A", "/v1/zones/42/rrsets/@/A"], hetzner.Server.Calls.Take(2).Select(c => c.Target));
    }

    [Fact]
    public async Task A_name_that_is_no_name_stays_one_segment_of_the_address()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = "a/b?c#d e" });

        Assert.Null(await hetzner.Client.FindZoneOfAsync("example.org", retry: true, Stop));

        Assert.Equal("/v1/zones/a%2Fb%3Fc%23d%20e", Assert.Single(hetzner.Server.Calls).Target);
    }
}
