using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class DeployApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_name_is_accepted_with_address_status_and_credentials()
    {
        using var answer = await portal.NewPerson().DeployAsync("  Free-Name ");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var body = (await answer.ReadJsonAsync()).AsObject();
        Assert.Equal(["deploymentId", "url", "statusEndpoint", "credentials"], body.Select(m => m.Key));
        var id = body.Text("deploymentId");
        Assert.Matches("^dep_[0-9]+_[a-z0-9]+$", id);
        Assert.Equal($"http://free-name.ai.localhost:{portal.Emulator.StacksUrl.Port}", body.Text("url"));
        Assert.Equal($"/api/status/{id}", body.Text("statusEndpoint"));
        Assert.Equal(body.Text("statusEndpoint"), answer.Headers.Location!.ToString());
        Assert.Equal("opencode", body["credentials"]!.Text("username"));
        Assert.True(body["credentials"]!.Text("password").Length >= 20);
    }

    [Fact]
    public async Task A_member_that_is_there_twice_is_refused()
    {
        using var answer = await portal.NewPerson().PostAsync(
            "api/deploy", new StringContent("""{"name":"twice-one","name":"twice-two"}""", Encoding.UTF8, "application/json"), Token);

        Assert.Equal((HttpStatusCode.BadRequest, "malformed-request"), (answer.StatusCode, (await answer.ReadJsonAsync()).AsObject().Text("code")));
    }

    [Fact]
    public async Task No_other_answer_nor_event_nor_log_line_holds_the_password_or_the_owner()
    {
        var person = portal.NewPerson();
        var started = await person.StartAsync("password-once");
        var (id, password) = (started.Text("deploymentId"), started["credentials"]!.Text("password"));
        await using var events = await EventReader.OpenAsync(person, id);
        var told = string.Join('\n', (await events.RestAsync()).Select(e => e.Data));
        await using var replay = await EventReader.OpenAsync(person, id, lastEventId: 0);
        told += string.Join('\n', (await replay.RestAsync()).Select(e => e.Data));
        told += (await person.StatusAsync(id)).ToJsonString();
        told += (await person.GetJsonAsync("api/check/password-once")).ToJsonString();
        told += await person.GetStringAsync("health", Token);
        using (var again = await person.DeployAsync("password-once"))
        {
            told += await again.Content.ReadAsStringAsync(Token);
        }
        told += await person.GetStringAsync($"deployments/{id}", Token);

        Assert.DoesNotContain(password, told, StringComparison.Ordinal);
        Assert.DoesNotContain("usr_", told, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(portal.Log.Events, e => CapturedLog.Whole(e).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_deployment_and_one_project()
    {
        var person = portal.NewPerson();
        var first = await person.StartAsync("twice-the-same", "key-1");
        var second = await person.StartAsync("twice-the-same", "key-1");

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        await using var events = await EventReader.OpenAsync(person, first.Text("deploymentId"));
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        Assert.Single(portal.Emulator.World.Projects, p => p.Name == "ai-stack-twice-the-same");
    }

    [Fact]
    public async Task A_key_sent_many_times_at_once_is_one_deployment()
    {
        var person = portal.NewPerson();
        await person.StartAsync("cookie-first");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.StartAsync("all-at-once", "key-many")));

        Assert.Single(answers.Select(a => a.Text("deploymentId")).Distinct());
    }

    [Fact]
    public async Task Somebody_elses_key_proves_nothing()
    {
        const string key = "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c3a";
        await portal.NewPerson().StartAsync("no-cookies", key);
        using var stranger = await portal.NewScript().DeployAsync("no-cookies", key);

        await stranger.AssertProblemAsync(409, "name-taken");
    }

    [Fact]
    public async Task The_same_key_for_another_name_is_refused()
    {
        var person = portal.NewPerson();
        await person.StartAsync("key-owner", "key-2");

        using var answer = await person.DeployAsync("key-other", "key-2");

        await answer.AssertProblemAsync(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_key_opens_what_it_began_so_neither_the_database_nor_the_log_holds_it()
    {
        const string key = "5e1d0c9a-7b3f-4e2d-9a55-3c4b6f7a8d90";
        portal.Emulator.World.Outcomes.Set("ai-stack-hidden-key", ImageOutcome.MissingImage);
        var script = portal.NewScript();
        script.DefaultRequestHeaders.Add("Idempotency-Key", key);
        var id = (await script.StartAsync("hidden-key")).Text("deploymentId");
        await EndAsync(id);
        using var again = await script.PostAsync($"api/deployments/{id}/retry", null, Token);
        await EndAsync((await again.ReadJsonAsync()).Text("deploymentId"));
        using var deleted = await script.DeleteAsync("api/stacks/hidden-key?confirm=hidden-key", Token);
        await EndAsync((await deleted.ReadJsonAsync()).Text("deploymentId"));

        var contexts = portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(Token);
        var rows = await db.Deployments.Where(d => d.Name == "hidden-key").Select(d => d.OwnerId + " " + d.RequestId).ToListAsync(Token);
        Assert.Equal(3, rows.Count);
        Assert.DoesNotContain(rows, row => row.Contains(key, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(portal.Log.Events, e => CapturedLog.Whole(e).Contains(key, StringComparison.OrdinalIgnoreCase));

        async Task EndAsync(string deployment)
        {
            await using var events = await EventReader.OpenAsync(script, deployment);
            Assert.True((await events.RestAsync())[^1].IsTerminal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    [InlineData(5000)]
    public async Task A_key_that_is_empty_or_too_long_is_refused(int length)
    {
        using var answer = await portal.NewPerson().DeployAsync("long-key", new string('k', length));

        await answer.AssertProblemAsync(400, "idempotency-key-invalid");
    }

    [Theory]
    [InlineData("en", "Taken by someone else.")]
    [InlineData("nl-NL,nl;q=0.9,en;q=0.5", "Deze naam is al bezet.")]
    public async Task A_name_of_somebody_else_is_refused_in_the_callers_language_with_free_names(string language, string sentence)
    {
        await portal.NewPerson().StartAsync($"taken-{language[..2]}");

        var other = portal.NewPerson(language);
        using var answer = await other.DeployAsync($"taken-{language[..2]}");

        var problem = await answer.AssertProblemAsync(409, "name-taken");
        Assert.Equal(sentence, problem.Text("detail"));
        var suggestions = problem["suggestions"]!.AsArray();
        Assert.Equal(3, suggestions.Count);
        foreach (var suggestion in suggestions)
        {
            Assert.True((await other.GetJsonAsync($"api/check/{suggestion}"))["available"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task A_name_of_ones_own_is_refused_with_the_deployment_it_leads_to()
    {
        var person = portal.NewPerson("en");
        var first = await person.StartAsync("my-own-name");

        using var answer = await person.DeployAsync("my-own-name");

        var problem = await answer.AssertProblemAsync(409, "name-taken-by-you");
        Assert.Equal(first.Text("deploymentId"), problem.Text("deploymentId"));
        Assert.Null(problem["suggestions"]);
    }

    [Fact]
    public async Task A_name_that_somebodys_form_holds_is_being_chosen()
    {
        var names = portal.Services.GetRequiredService<NameAvailabilityService>();
        await names.CheckAndHoldAsync("held-by-form", new NameHolder("form-1", "usr_somebody"), Token);

        using var answer = await portal.NewPerson().DeployAsync("held-by-form");

        var problem = await answer.AssertProblemAsync(409, "name-being-chosen");
        Assert.Equal(3, problem["suggestions"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("admin", "name-reserved", null)]
    [InlineData("ab", "name-too-short", null)]
    [InlineData("", "name-empty", null)]
    [InlineData("   ", "name-empty", null)]
    [InlineData(null, "name-empty", null)]
    [InlineData("jan de vries", "name-illegal-character", "jan-de-vries")]
    [InlineData("trailing-", "name-trailing-hyphen", "trailing")]
    [InlineData("xn--bcher-kva", "name-punycode", null)]
    [InlineData("a-name-of-twenty-one-c", "name-too-long", "a-name-of-twenty-one")]
    public async Task An_illegal_name_is_refused_with_its_reason_and_its_legal_form(string? name, string code, string? legalForm)
    {
        using var answer = await portal.NewPerson().DeployAsync(name);

        var problem = await answer.AssertProblemAsync(400, code);
        if (legalForm is not null)
        {
            Assert.Equal(legalForm, problem["suggestions"]![0]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Of_many_who_want_one_name_in_the_same_instant_exactly_one_gets_it()
    {
        var people = Enumerable.Range(0, 4).Select(_ => portal.NewPerson()).ToList();
        for (var round = 0; round < 12; round++)
        {
            var answers = await Task.WhenAll(people.Select(p => p.DeployAsync($"same-instant-{round}")));

            Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Accepted);
            foreach (var loser in answers.Where(a => a.StatusCode != HttpStatusCode.Accepted))
            {
                var problem = await loser.AssertProblemAsync(409, "name-taken");
                Assert.NotEmpty(problem["suggestions"]!.AsArray());
            }
        }
        var contexts = portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(Token);
        Assert.Equal(12, await db.Deployments.CountAsync(d => ((string)(object)d.Name).StartsWith("same-instant-"), Token));
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("name=jan")]
    [InlineData("[1,2]")]
    [InlineData("{\"name\": 5}")]
    [InlineData("{\"name\": {\"a\": \"b\"}}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"name\": \"\\uD800\"}")]
    public async Task A_body_that_cannot_be_read_is_a_problem_without_a_trace(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await portal.NewPerson().PostAsync("api/deploy", content, Token);

        await answer.AssertProblemAsync(400, "malformed-request");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? type)
    {
        using var content = new ByteArrayContent("{\"name\":\"jan\"}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var answer = await portal.NewPerson().PostAsync("api/deploy", content, Token);

        await answer.AssertProblemAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_as_too_large()
    {
        using var content = new StringContent($"{{\"name\":\"{new string('x', 5_000_000)}\"}}", Encoding.UTF8, "application/json");
        // As curl does with a large body: Kestrel closes the connection on who sends on after the refusal.
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/deploy") { Content = content, Headers = { ExpectContinue = true } };
        using var answer = await portal.NewPerson().SendAsync(request, Token);

        await answer.AssertProblemAsync(413, "too-large");
    }
}
