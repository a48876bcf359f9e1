using System.Net;
using System.Net.Http.Headers;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.SignIn;
using AiStackDeployer.Web.Security.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security.Tokens;

public sealed class BearerTests(SignInPortal portal) : IClassFixture<SignInPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_acts_for_its_person_at_REST_and_MCP_until_it_is_revoked()
    {
        using var anna = await portal.SignInAsync("Anna");
        using var script = portal.NewScript();
        var token = await anna.MakeTokenAsync("read", "First one");

        Assert.Equal(HttpStatusCode.OK, (await script.GetWithAsync("api/stacks?mine=true", token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await script.CallToolAsync(token)).StatusCode);
        var stored = Assert.Single(await People.ListTokensAsync(IdOf("Anna"), Token), t => t.Name == "First one");
        Assert.NotNull(stored.UsedAt);
        Assert.DoesNotContain(token, stored.Hash, StringComparison.Ordinal);

        await anna.PressAsync("account", $"account/tokens/{stored.Id}/revoke");

        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetWithAsync("api/stacks?mine=true", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.CallToolAsync(token)).StatusCode);
    }

    [Fact]
    public async Task A_stream_that_is_open_with_a_token_ends_when_it_is_revoked()
    {
        using var bram = await portal.SignInAsync("Bram");
        using var script = portal.NewScript();
        var token = await bram.MakeTokenAsync("read deploy", "Stream");
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy");
        var deployment = (await script.StartAsync("token-stream")).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(script, deployment);

        var stored = Assert.Single(await People.ListTokensAsync(IdOf("Bram"), Token), t => t.Name == "Stream");
        await bram.PressAsync("account", $"account/tokens/{stored.Id}/revoke");

        await Assert.ThrowsAnyAsync<Exception>(events.RestAsync);
    }

    [Fact]
    public async Task A_bad_token_is_refused_whatever_cookie_comes_with_it()
    {
        using var anna = await portal.SignInAsync("Anna", "Admin");
        var good = await anna.MakeTokenAsync("read");

        foreach (var bad in (string[])["", "x", good + "0", good[..^1] + (good[^1] == 'a' ? 'b' : 'a'), TokenText.Of(new string('B', 43))])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/stacks");
            request.Headers.TryAddWithoutValidation("Authorization", "bearer " + bad);
            using var answer = await anna.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.Single().ToString());
        }
    }

    [Fact]
    public async Task Another_scheme_is_no_token_and_the_cookie_counts()
    {
        using var anna = await portal.SignInAsync("Anna");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/stacks?mine=true");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "Og==");
        Assert.Equal(HttpStatusCode.OK, (await anna.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task A_token_that_has_expired_is_refused()
    {
        using var anna = await portal.SignInAsync("Anna");
        using var script = portal.NewScript();
        var now = TimeProvider.System.GetUtcNow();
        var text = TokenText.Of(new string('C', 43));
        await People.AddTokenAsync(
            new AccessToken
            {
                Id = "tok_expired", PersonId = IdOf("Anna"), Name = "Old", Hash = LiveSessions.HashOf(text), Scopes = Scopes.Read, CreatedAt = now.AddDays(-2),
                EndsAt = now.AddMinutes(-1),
            },
            Token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetWithAsync("api/stacks?mine=true", text)).StatusCode);
    }

    [Fact]
    public async Task No_cookie_opens_MCP()
    {
        using var anna = await portal.SignInAsync("Anna", "Admin");
        using var answer = await anna.CallToolAsync(null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($"Bearer resource_metadata=\"{portal.Root}.well-known/oauth-protected-resource/mcp\"", answer.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task A_token_in_the_address_is_nothing()
    {
        using var anna = await portal.SignInAsync("Anna");
        using var script = portal.NewScript();
        var token = await anna.MakeTokenAsync("read");
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync($"api/stacks?mine=true&access_token={token}", Token)).StatusCode);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("stacks")]
    public async Task A_token_opens_no_page(string page)
    {
        using var anna = await portal.SignInAsync("Anna");
        var token = await anna.MakeTokenAsync("read deploy manage credentials");
        using var script = portal.NewScript();
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetWithAsync(page, token)).StatusCode);
    }

    [Fact]
    public async Task A_token_does_no_more_than_its_scopes_and_says_which_one_is_missing()
    {
        using var dewi = await portal.SignInAsync("Dewi");
        using var script = portal.NewScript();
        var token = await dewi.MakeTokenAsync("read");
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.DeployAsync("not-with-this")).StatusCode);
        using var answer = await script.CallToolAsync(token, "deploy_stack", new() { ["name"] = "not-with-this" });
        Assert.Contains("scope deploy", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private IPeople People => portal.Services.GetRequiredService<IPeople>();

    private static string IdOf(string person) => Person.IdOf(SignInEndpoints.DevelopmentIssuer, person.ToLowerInvariant());
}

/// <summary>Where nobody signs in, visitors have tokens as well.</summary>
public sealed class VisitorTokenTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_visitors_token_is_the_same_person_and_a_bad_one_nobody()
    {
        using var visitor = portal.NewPerson();
        using var script = portal.NewScript();
        var token = await visitor.MakeTokenAsync("read deploy");
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await script.StartAsync("visitor-by-token");
        Assert.Equal("visitor-by-token", (await visitor.GetJsonAsync("api/stacks?mine=true"))["items"]![0]!.Text("name"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.NewScript().GetWithAsync("api/stacks", token + "0")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.NewScript().CallToolAsync(token + "0")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.NewScript().CallToolAsync(null)).StatusCode);
    }
}
