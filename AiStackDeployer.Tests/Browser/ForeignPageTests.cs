using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Browser;

/// <summary>The page of a stack in its visitor's browser: another origin, and the same site as the portal, so cookies are sent.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class ForeignPageTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_opens_no_circuit_with_its_visitors_cookie()
    {
        // Browsers lead every such name to this machine.
        var portal = new UriBuilder(site.Portal.Root) { Host = "portal.localhost" }.Uri;
        await using var ann = await site.VisitAsync(portal.ToString(), role: null);
        await ann.Button("User").First.ClickAsync();
        // Who has stacks from another test is led to those first.
        await ann.Page.GotoAsync(new Uri(portal, "/new").ToString());
        await ann.DeployAsync("foreign-lab");
        await ann.SeeAsync("Your stack is ready");

        // Who made the stack's page is signed in as well, and passes on what a circuit begins with.
        using var mallory = await site.SignInAsync("Mallory");
        var markers = string.Concat(Marker().Matches(await mallory.GetStringAsync("/", Token)).Select(m => m.Value));
        Assert.NotEmpty(markers);
        // A server on this machine, for Chromium keeps a page that came from elsewhere away from it.
        await using var evil = WebApplication.CreateSlimBuilder().Build();
        evil.Urls.Add("http://127.0.0.1:0");
        evil.MapGet("/", () => Results.Content(
            $$"""
            <!doctype html><body>{{markers}}
            <script>
              const ask = fetch;
              fetch = (to, how) => String(to).includes('_blazor/initializers') ? Promise.resolve(Response.json([])) : ask(to, how);
            </script>
            <script src="{{portal}}_framework/blazor.web.js" autostart="false"></script>
            <script>
              Blazor.start({ circuit: { configureSignalR: b => b.withUrl('ws://{{portal.Authority}}/_blazor', { skipNegotiation: true, transport: 1 }) } });
            </script>
            """,
            "text/html"));
        await evil.StartAsync(Token);
        var page = await ann.Context.NewPageAsync();
        var end = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        page.PageError += (_, error) => end.TrySetResult(error);
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, _) => end.TrySetResult("the portal answers");
            socket.SocketError += (_, error) => end.TrySetResult(error);
        };
        await page.GotoAsync(new UriBuilder(evil.Urls.Single()) { Host = "evil.portal.localhost" }.Uri.ToString());

        Assert.Contains("Unexpected response code: 403", await end.Task.WaitAsync(Token), StringComparison.Ordinal);
    }

    [GeneratedRegex("<!--Blazor:(?!Server-Component-State)(?s:.)*?-->")]
    private static partial Regex Marker();
}
