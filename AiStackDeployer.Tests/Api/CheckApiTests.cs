using System.Net.Http.Json;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class CheckApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_free_name_is_available_and_nothing_more_is_said()
    {
        var answer = (await portal.NewScript().GetJsonAsync("api/check/Nice-Name")).AsObject();

        Assert.Equal(["available", "valid", "name"], answer.Select(m => m.Key));
        Assert.True(answer["available"]!.GetValue<bool>());
        Assert.True(answer["valid"]!.GetValue<bool>());
        Assert.Equal("nice-name", answer.Text("name"));
    }

    [Fact]
    public async Task A_taken_name_is_valid_and_three_free_ones_are_offered()
    {
        await portal.NewPerson().StartAsync("check-taken");

        var answer = await portal.NewScript().GetJsonAsync("api/check/check-taken");

        AssertRefused(answer, valid: true, "name-taken");
        Assert.Equal(3, answer["suggestions"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_name_that_only_dokploy_knows_is_taken_too()
    {
        using var dokploy = new HttpClient { BaseAddress = portal.Emulator.ApiUrl, DefaultRequestHeaders = { { "x-api-key", portal.Emulator.ApiKey } } };
        using var made = await dokploy.PostAsJsonAsync(
            "api/project.create", new { name = "AI-Stack-Upstream-Only" }, TestContext.Current.CancellationToken);
        made.EnsureSuccessStatusCode();

        AssertRefused(await portal.NewScript().GetJsonAsync("api/check/upstream-only"), valid: true, "name-taken");
    }

    [Fact]
    public async Task Ones_own_name_is_taken_by_you()
    {
        var person = portal.NewPerson();
        await person.StartAsync("check-mine");

        AssertRefused(await person.GetJsonAsync("api/check/check-mine"), valid: true, "name-taken-by-you");
    }

    [Fact]
    public async Task A_name_in_somebodys_form_is_being_chosen()
    {
        var names = portal.Services.GetRequiredService<NameAvailabilityService>();
        await names.CheckAndHoldAsync("check-held", new NameHolder("form-2", "usr_somebody"), TestContext.Current.CancellationToken);

        AssertRefused(await portal.NewScript().GetJsonAsync("api/check/check-held"), valid: true, "name-being-chosen");
    }

    [Theory]
    [InlineData("nl", "Deze naam is gereserveerd.")]
    [InlineData("nl-BE", "Deze naam is gereserveerd.")]
    public async Task A_reserved_name_is_refused_in_the_callers_language(string language, string sentence)
    {
        var answer = await portal.NewPerson(language).GetJsonAsync("api/check/admin");

        AssertRefused(answer, valid: false, "name-reserved");
        Assert.Equal(sentence, answer.Text("error"));
    }

    [Fact]
    public async Task An_illegal_name_is_invalid_and_its_legal_form_is_offered()
    {
        var answer = await portal.NewScript().GetJsonAsync("api/check/Jan%20de%20Vries");

        AssertRefused(answer, valid: false, "name-illegal-character");
        Assert.Equal("jan-de-vries", answer["suggestions"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task When_dokploy_does_not_answer_the_check_says_so_and_calls_the_name_valid()
    {
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.all", Kind = new FaultKind.Status(502) });
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.all", Kind = new FaultKind.Status(502) });

        var answer = await portal.NewScript().GetJsonAsync("api/check/upstream-down");
        portal.Emulator.World.Faults.Clear();

        AssertRefused(answer, valid: true, "name-upstream-unreachable");
    }

    public static TheoryData<string, string> HostileNames => new()
    {
        { new string('a', 1_000_000), "name-too-long" },
        { string.Concat(Enumerable.Repeat("😀", 80_000)), "name-too-long" },
        { "😀😀😀", "name-illegal-character" },
        { "jan\0vries", "name-illegal-character" },
        { "\u202Eevil\u202C", "name-illegal-character" },
        { "x'; DROP TABLE stacks; --", "name-too-long" },
        { "' OR 1=1--", "name-illegal-character" },
        { "<script>alert(1)</script>", "name-too-long" },
        { "<img src=x>", "name-illegal-character" },
        { "a/b/../c", "name-illegal-character" },
        { "..", "name-too-short" },
        { "%00", "name-illegal-character" },
        { "jan\r\nSet-Cookie: a=b", "name-illegal-character" },
        { "ｊａｎ", "name-illegal-character" },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_name_is_invalid_with_a_reason_and_never_comes_back_raw(string name, string code)
    {
        var client = portal.NewPerson("en");
        using var check = await client.GetAsync($"api/check?name={Escape(name)}", TestContext.Current.CancellationToken);
        var checkText = await check.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        AssertRefused(await check.ReadJsonAsync(), valid: false, code);
        AssertHarmless(checkText);

        using var deploy = await client.DeployAsync(name);
        await deploy.AssertProblemAsync(400, code);
        AssertHarmless(await deploy.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_name_in_the_path_is_answered_alike(string name, string code)
    {
        Assert.SkipWhen(name.Contains('\0', StringComparison.Ordinal) || name is "..", "Kestrel refuses or rewrites such a path before us.");

        var answer = await portal.NewScript().GetJsonAsync($"api/check/{Escape(name)}");

        AssertRefused(answer, valid: false, code);
    }

    [Fact]
    public async Task No_name_at_all_is_an_empty_name()
    {
        AssertRefused(await portal.NewScript().GetJsonAsync("api/check"), valid: false, "name-empty");
        AssertRefused(await portal.NewScript().GetJsonAsync("api/check/"), valid: false, "name-empty");
    }

    private static void AssertRefused(System.Text.Json.Nodes.JsonNode answer, bool valid, string code)
    {
        Assert.False(answer["available"]!.GetValue<bool>());
        Assert.Equal(valid, answer["valid"]!.GetValue<bool>());
        Assert.Equal(code, answer.Text("code"));
        Assert.NotEmpty(answer.Text("error"));
    }

    private static void AssertHarmless(string body)
    {
        Assert.True(body.Length < 2000);
        Assert.DoesNotContain(body, c => c is '<' or '>' or '\0' or '\u202E' or '\u202C');
    }

    private static string Escape(string name) => Uri.EscapeDataString(name);
}
