using System.Net;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;

namespace AiStackDeployer.Tests.Hetzner;

/// <summary>Every code of the reference's table, and what proxies add to it.</summary>
public sealed class HetznerFailureTests
{
    private const string Fields = """{"fields":[{"name":"records.0.value","messages":["leaked-parameter"]},{"name":"leaked parameter!"}]}""";

    private static readonly Dictionary<string, Reply> Others = new()
    {
        ["401 of an older gateway"] = Replies.Json(401, """{"message":"No API key found in request"}"""),
        ["403 of a proxy"] = Replies.Html(403),
        ["404 of a proxy"] = Replies.Text(404, "404 page not found"),
        ["408"] = Replies.Html(408),
        ["429 of a proxy"] = Replies.Html(429),
        ["502 of a proxy"] = Replies.Html(502),
        ["redirect"] = Replies.Redirect("https://elsewhere.test/v1/zones"),
        ["code of a kind nobody knows"] = FakeHetzner.Failing(418, "teapot"),
        ["code that is no code"] = FakeHetzner.Failing(422, "leaked parameter, with spaces"),
        ["error that is no object"] = Replies.Json(422, """{"error":"leaked-parameter"}"""),
        ["200 with HTML"] = Replies.Html(200),
        ["200 with null"] = Replies.Json(200, "null"),
        ["200 with an empty body"] = Replies.Empty,
        ["reset"] = Replies.Reset,
        ["cut off"] = Replies.CutOff,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "json_error", HetznerFault.Invalid)]
    [InlineData(401, "unauthorized", HetznerFault.TokenRefused)]
    [InlineData(401, "token_readonly", HetznerFault.PermissionDenied)]
    [InlineData(403, "forbidden", HetznerFault.PermissionDenied)]
    [InlineData(403, "maintenance", HetznerFault.ServerError)]
    [InlineData(403, "resource_limit_exceeded", HetznerFault.Rejected)]
    [InlineData(404, "not_found", HetznerFault.NotFound)]
    [InlineData(405, "method_not_allowed", HetznerFault.Rejected)]
    [InlineData(409, "uniqueness_error", HetznerFault.Conflict)]
    [InlineData(409, "conflict", HetznerFault.Conflict)]
    [InlineData(410, "deprecated_api_endpoint", HetznerFault.Rejected)]
    [InlineData(412, "resource_unavailable", HetznerFault.Rejected)]
    [InlineData(422, "invalid_input", HetznerFault.Invalid)]
    [InlineData(422, "incorrect_zone_mode", HetznerFault.WrongZoneMode)]
    [InlineData(422, "service_error", HetznerFault.Rejected)]
    [InlineData(422, "unsupported_error", HetznerFault.Rejected)]
    [InlineData(423, "locked", HetznerFault.Locked)]
    [InlineData(423, "protected", HetznerFault.Protected)]
    [InlineData(429, "rate_limit_exceeded", HetznerFault.RateLimited)]
    [InlineData(500, "server_error", HetznerFault.ServerError)]
    [InlineData(503, "unavailable", HetznerFault.ServerError)]
    [InlineData(504, "timeout", HetznerFault.ServerError)]
    public async Task Each_code_of_the_reference_is_one_kind_of_fault(int status, string code, HetznerFault kind)
    {
        var fault = await CreateAsync(FakeHetzner.Failing(status, code));

        Assert.Equal((kind, status, code), (fault.Kind, fault.HttpStatus, fault.Diagnostic));
        Assert.Equal(status >= 500, fault.MayHaveHappened);
    }

    [Theory]
    [InlineData("401 of an older gateway", HetznerFault.TokenRefused, false)]
    [InlineData("403 of a proxy", HetznerFault.Unreadable, false)]
    [InlineData("404 of a proxy", HetznerFault.Unreadable, false)]
    [InlineData("408", HetznerFault.TimedOut, true)]
    [InlineData("429 of a proxy", HetznerFault.RateLimited, false)]
    [InlineData("502 of a proxy", HetznerFault.ServerError, true)]
    [InlineData("redirect", HetznerFault.Unreadable, false)]
    [InlineData("code of a kind nobody knows", HetznerFault.Rejected, false)]
    [InlineData("code that is no code", HetznerFault.Invalid, false)]
    [InlineData("error that is no object", HetznerFault.Invalid, false)]
    [InlineData("200 with HTML", HetznerFault.Unreadable, true)]
    [InlineData("200 with null", HetznerFault.Unreadable, true)]
    [InlineData("200 with an empty body", HetznerFault.Unreadable, true)]
    [InlineData("reset", HetznerFault.Unreachable, true)]
    [InlineData("cut off", HetznerFault.Unreachable, true)]
    public async Task Whatever_else_comes_back_is_told_apart_as_far_as_it_can_be(string answer, HetznerFault kind, bool mayHaveHappened)
    {
        var fault = await CreateAsync(Others[answer]);

        Assert.Equal((kind, mayHaveHappened), (fault.Kind, fault.MayHaveHappened));
    }

    [Fact]
    public async Task Refused_members_are_named_and_nothing_of_Hetzners_own_text_is()
    {
        var fault = await CreateAsync(FakeHetzner.Failing(422, "invalid_input", Fields));

        Assert.Equal("invalid_input; members: records.0.value", fault.Diagnostic);
        Assert.Equal("rrsets.create: Hetzner found the request invalid. (HTTP 422; invalid_input; members: records.0.value)", fault.Message);
    }

    [Fact]
    public async Task A_proxys_404_does_not_pass_for_a_record_that_does_not_exist()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").Instead("GET", Others["404 of a proxy"]);

        var fault = await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.FindRRSetByNameAsync("example.org", "*", "A", Stop));

        Assert.Equal(HetznerFault.Unreadable, fault.Kind);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_can_have_happened()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 0, Url = new Uri("http://127.0.0.1:1/v1") });

        var fault = await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.CreateARecordAsync("example.org", "*", IPAddress.Broadcast, 300, Stop));

        Assert.Equal((HetznerFault.Unreachable, false), (fault.Kind, fault.MayHaveHappened));
    }

    [Fact]
    public void Options_with_which_no_call_could_be_made_are_refused_without_quoting_the_token()
    {
        foreach (var options in new[]
        {
            new HetznerOptions { ApiToken = "token with-a-secret" },
            new HetznerOptions { ApiToken = "" },
            new HetznerOptions { ApiToken = "with-a-secret", Url = new Uri("ftp://api.test/v1") },
        })
        {
            Assert.DoesNotContain("secret", Assert.Throws<ArgumentException>(options.EnsureUsable).ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<HetznerException> CreateAsync(Reply reply)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").Instead("POST", reply);

        var fault = await Assert.ThrowsAsync<HetznerException>(
            () => hetzner.Client.CreateARecordAsync("example.org", "*", IPAddress.Parse("203.0.113.9"), 300, Stop));

        // Never a second try, and never a word of the other side's.
        Assert.Single(hetzner.Server.Calls);
        foreach (var text in new[] { fault.ToString(), hetzner.Logs })
        {
            Assert.DoesNotContain("leaked", text, StringComparison.Ordinal);
            Assert.DoesNotContain("elsewhere.test", text, StringComparison.Ordinal);
            Assert.DoesNotContain(FakeHetzner.Token, text, StringComparison.Ordinal);
        }
        return fault;
    }
}
