using System.Net;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security.Tokens;

public sealed class AccountPageTests(SignInPortal portal) : IClassFixture<SignInPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPeople People => portal.Services.GetRequiredService<IPeople>();

    [Theory]
    [InlineData("", "read", "90")]
    [InlineData("Script", "", "90")]
    [InlineData("Script", "everything", "90")]
    [InlineData("Script", "read", "366")]
    [InlineData("Script", "read", "-1")]
    public async Task A_token_without_name_or_scope_or_with_another_lifetime_is_not_made(string name, string scopes, string days)
    {
        using var chris = await portal.SignInAsync("Chris");
        using var answer = await chris.PressAsync("account", "account", ("_handler", "make-token"), ("Wish.Name", name), ("Wish.Scopes", scopes), ("Wish.Days", days));
        Assert.Contains("No token was made", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(await People.ListTokensAsync(IdOf("Chris"), Token));
    }

    [Theory]
    [InlineData("User", "read")]
    [InlineData("Operator", "read admin")]
    public async Task A_token_never_may_more_than_its_person(string role, string scopes)
    {
        using var person = await portal.SignInAsync("Eva-" + role, role);
        Assert.Equal(role != "User", (await person.GetStringAsync("account", Token)).Contains("value=\"admin\"", StringComparison.Ordinal));
        await person.MakeTokenAsync("read admin");
        Assert.Equal(scopes, Assert.Single(await People.ListTokensAsync(IdOf("Eva-" + role), Token)).Scopes.ToWords());
    }

    [Fact]
    public async Task A_session_is_ended_from_another_browser()
    {
        using var here = await portal.SignInAsync("Finn");
        using var there = await portal.SignInAsync("Finn");
        var session = (await People.ListSessionsAsync(IdOf("Finn"), TimeProvider.System.GetUtcNow(), Token)).OrderBy(s => s.CreatedAt).Last();

        await here.PressAsync("account", $"account/sessions/{session.Id}/end");

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("account", Token)).StatusCode);
        using var led = await there.GetAsync("account", Token);
        Assert.Equal(HttpStatusCode.Redirect, led.StatusCode);
        Assert.Contains("/sign-in", led.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_revokes_or_ends_what_is_somebody_elses()
    {
        using var gijs = await portal.SignInAsync("Gijs");
        using var hanna = await portal.SignInAsync("Hanna");
        await gijs.MakeTokenAsync("read");
        var token = Assert.Single(await People.ListTokensAsync(IdOf("Gijs"), Token));
        var session = Assert.Single(await People.ListSessionsAsync(IdOf("Gijs"), TimeProvider.System.GetUtcNow(), Token));

        await hanna.PressAsync("account", $"account/tokens/{token.Id}/revoke");
        await hanna.PressAsync("account", $"account/sessions/{session.Id}/end");

        Assert.Null(Assert.Single(await People.ListTokensAsync(IdOf("Gijs"), Token)).RevokedAt);
        Assert.Equal(HttpStatusCode.OK, (await gijs.GetAsync("account", Token)).StatusCode);
    }

    [Fact]
    public async Task A_webhook_is_set_tried_and_removed_and_its_secret_is_shown_once()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        using var ilse = await portal.SignInAsync("Ilse");

        var refused = await NoticesAsync(ilse, ("Choice.Address", "http://hooks.example.org"));
        Assert.Contains("must begin with https://", refused, StringComparison.Ordinal);
        var made = await NoticesAsync(ilse, ("Choice.Address", server.Url.ToString()));
        Assert.Contains("whsec_", made, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", await ilse.GetStringAsync("account", Token), StringComparison.Ordinal);

        await NoticesAsync(ilse, ("Choice.Webhook", "Stop"), ("Choice.Webhook", "Update"));
        var chosen = await portal.Services.GetRequiredService<NoticeStore>().ReadAsync(IdOf("Ilse"), Token);
        Assert.Equal([NoticeKind.Stop, NoticeKind.Update], chosen.WebhookKinds);
        Assert.DoesNotContain("127.0.0.1", chosen.Webhook!.ProtectedAddress, StringComparison.Ordinal);

        Assert.Contains("Webhook: It was accepted.", await NoticesAsync(ilse, ("Choice.Act", "Webhook")), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"test\"", Assert.Single(server.Requests).Body, StringComparison.Ordinal);

        Assert.DoesNotContain("Choice.Webhook", await NoticesAsync(ilse, ("Choice.Act", "remove")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account/tokens/tok_1/revoke")]
    [InlineData("account/clients/1/revoke")]
    [InlineData("account/sessions/ses_1/end")]
    [InlineData("account")]
    public async Task A_press_without_the_pages_own_token_is_refused(string action)
    {
        using var anna = await portal.SignInAsync("Anna");
        using var answer = await anna.PostAsync(action, SignInPortal.Form(("_handler", "make-token"), ("Wish.Name", "x"), ("Wish.Scopes", "read"), ("Wish.Days", "90")), Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<string> NoticesAsync(HttpClient browser, params (string, string)[] fields)
    {
        using var answer = await browser.PressAsync("account", "account", [("_handler", "notices"), .. fields]);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static string IdOf(string person) => Person.IdOf(SignInEndpoints.DevelopmentIssuer, person.ToLowerInvariant());
}
