using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using static AiStackDeployer.Tests.Gate.GateWorld;

namespace AiStackDeployer.Tests.Gate;

public sealed class FrontTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenCode_gets_its_own_password_and_nothing_of_the_gates()
    {
        await using var world = await StartAsync();
        var cookie = await world.SignInAsync();
        using var response = await world.SendAsync(Ask(
            "/session/a%20b?directory=%2Fworkspace&auth_token=secret&%61uth_token=secret&x=1", cookie: $"theme=dark; {cookie}; other=2", headers:
            [("X-Auth-User", "root"), ("Authorization", "Bearer mine")]));
        var seen = world.OpenCode.Requests.Single(request => request.Target.StartsWith("/session/a", StringComparison.Ordinal));
        Assert.Equal("/session/a%20b?directory=%2Fworkspace&x=1", seen.Target);
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{world.Endpoint.User}:{world.Endpoint.Password}"));
        Assert.Equal($"Basic {own}", seen.Headers["Authorization"]);
        Assert.Equal("theme=dark; other=2", seen.Headers["Cookie"]);
        Assert.False(seen.Headers.ContainsKey("X-Auth-User"));
        Assert.Equal(world.Address.Authority, seen.Headers["Host"]);
        Assert.Equal("SAMEORIGIN", response.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task The_terminal_gets_the_person_and_no_password()
    {
        await using var world = await StartAsync();
        using var response = await world.SendAsync(Ask("/terminal/token", cookie: await world.SignInAsync(), headers: ("X-Auth-User", "root")));
        var seen = world.Terminal.Requests.Last();
        Assert.Equal(("/terminal/token", "usr_piet"), (seen.Target, seen.Headers["X-Auth-User"]));
        Assert.False(seen.Headers.ContainsKey("Authorization") || seen.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Events_pass_one_by_one()
    {
        await using var world = await StartAsync();
        var next = new SemaphoreSlim(0);
        world.OpenCode.Answer = async context =>
        {
            if (context.Request.Path != "/stream")
            {
                // The gate itself listens to events too.
                await FakeServer.VersionOne(context);
                return;
            }
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(Cancellation);
            for (var number = 1; number <= 2; number++)
            {
                await next.WaitAsync(Cancellation);
                await context.Response.WriteAsync($"data: {number}\n\n", Cancellation);
            }
        };
        // The headers arrive before the first event does.
        using var response = await world.SendAsync(Ask("/stream", basic: true));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        foreach (var expected in new[] { "data: 1", "data: 2" })
        {
            next.Release();
            Assert.Equal(expected, await lines.ReadLineAsync(Cancellation));
            await lines.ReadLineAsync(Cancellation);
        }
        Assert.Equal((null, null), (world.Activity.LastHuman, world.Activity.LastTerminalInput));
    }

    [Fact]
    public async Task An_upload_may_be_larger_than_the_servers_usual_limit()
    {
        await using var world = await StartAsync();
        long received = 0;
        world.OpenCode.Answer = async context =>
        {
            var buffer = new byte[128 * 1024];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
            {
                received += read;
            }
        };
        using var content = new ByteArrayContent(new byte[31_000_000]);
        var request = Ask("/file", HttpMethod.Post, basic: true);
        request.Content = content;
        using var response = await world.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, 31_000_000), (response.StatusCode, received));
        Assert.NotNull(world.Activity.LastHuman);
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_cannot_send_much()
    {
        await using var world = await StartAsync();
        var request = Ask("/.stack/enter", HttpMethod.Post, headers: ("Origin", Stack));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["ticket"] = new('x', 100_000) });
        using var response = await world.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Pages_of_other_stacks_cannot_make_a_browser_do_anything_here()
    {
        await using var world = await StartAsync();
        var cookie = await world.SignInAsync();
        (string, string) sibling = ("Origin", "https://jan-lab.example.test");
        (HttpMethod Method, (string, string)[] Headers, HttpStatusCode Expected)[] cases =
        [
            (HttpMethod.Post, [("Origin", Stack)], HttpStatusCode.OK),
            (HttpMethod.Post, [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")], HttpStatusCode.OK),
            (HttpMethod.Post, [sibling], HttpStatusCode.Forbidden),
            (HttpMethod.Post, [sibling, ("Sec-Fetch-Site", "same-site")], HttpStatusCode.Forbidden),
            (HttpMethod.Post, [("Origin", "null")], HttpStatusCode.Forbidden),
            (HttpMethod.Delete, [], HttpStatusCode.Forbidden),
            (HttpMethod.Get, [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors")], HttpStatusCode.Forbidden),
            (HttpMethod.Get, [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")], HttpStatusCode.Forbidden),
            (HttpMethod.Get, [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")], HttpStatusCode.OK),
        ];
        foreach (var (method, headers, expected) in cases)
        {
            using var response = await world.SendAsync(Ask("/session", method, cookie, headers: headers));
            Assert.Equal(expected, response.StatusCode);
        }
        // A browser keeps a password as it keeps a cookie; a program sends no Origin.
        using var cached = await world.SendAsync(Ask("/session", HttpMethod.Post, basic: true, headers: sibling));
        using var program = await world.SendAsync(Ask("/session", HttpMethod.Post, basic: true));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (cached.StatusCode, program.StatusCode));
    }

    [Theory]
    [InlineData("/terminal/ws", Stack, true, true)]
    [InlineData("/terminal/ws", "https://jan-lab.example.test", true, false)]
    [InlineData("/terminal/ws", null, true, false)]
    [InlineData("/terminal/ws", null, false, false)]
    [InlineData("/pty/p1/connect", Stack, true, true)]
    [InlineData("/pty/p1/connect", "https://jan-lab.example.test", true, false)]
    [InlineData("/pty/p1/connect", null, true, false)]
    [InlineData("/pty/p1/connect", null, false, true)]
    public async Task WebSockets_are_opened_by_own_pages(string path, string? origin, bool byCookie, bool opens)
    {
        await using var world = await StartAsync();
        (world.OpenCode.Answer, world.Terminal.Answer) = (EchoAsync, EchoAsync);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(byCookie ? "Cookie" : "Authorization", byCookie ? await world.SignInAsync() : $"Basic {Encoded()}");
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }
        socket.Options.CollectHttpResponseDetails = true;
        var error = await Record.ExceptionAsync(() => socket.ConnectAsync(new Uri($"ws://{world.Address.Authority}{path}"), Cancellation));
        Assert.Equal(opens ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
        Assert.Equal(opens, error is null);
    }

    [Fact]
    public async Task What_is_typed_into_a_terminal_is_activity_and_its_other_messages_are_not()
    {
        await using var world = await StartAsync();
        world.Terminal.Answer = EchoAsync;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", await world.SignInAsync());
        socket.Options.SetRequestHeader("Origin", Stack);
        socket.Options.AddSubProtocol("tty");
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(new Uri($"ws://{world.Address.Authority}/terminal/ws"), Cancellation);
        Assert.Equal("tty", socket.SubProtocol);
        // Long enough for each of the three forms of a length.
        foreach (var other in new[] { "{\"AuthToken\":\"\"}", "1" + new string('0', 300), "2" + new string('0', 70_000) })
        {
            Assert.Equal(other.Length, await SayAsync(socket, other));
        }
        Assert.Null(world.Activity.LastTerminalInput);
        await SayAsync(socket, "0");
        Assert.NotNull(world.Activity.LastTerminalInput);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    [Theory]
    [InlineData("/", "navigate", true)]
    [InlineData("/session", "cors", false)]
    public async Task A_page_that_is_opened_is_activity_and_a_poll_is_not(string path, string mode, bool isHuman)
    {
        await using var world = await StartAsync();
        using var response = await world.SendAsync(Ask(path, basic: true, headers: ("Sec-Fetch-Mode", mode)));
        Assert.Equal(isHuman, world.Activity.LastHuman is not null);
    }

    [Fact]
    public async Task While_OpenCode_starts_there_is_a_page_for_people_and_an_answer_for_programs()
    {
        await using var world = await BeginAsync(openCode: context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        using var page = await world.SendAsync(Ask("/", basic: true, headers: ("Accept", "text/html")));
        using var answer = await world.SendAsync(Ask("/api/health", basic: true));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (page.StatusCode, answer.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("http-equiv=\"refresh\"", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("""{"error":"starting","message":"OpenCode does not answer yet. This page tries again every few seconds."}""", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_terminal_that_is_away_is_said_to_start_and_one_that_is_not_wanted_is_not_there()
    {
        await using var world = await StartAsync();
        await world.Terminal.DisposeAsync();
        using var away = await world.SendAsync(Ask("/terminal/", basic: true));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        await using var without = await StartAsync(options => options with { TerminalCommand = null });
        using var none = await without.SendAsync(Ask("/terminal/", basic: true));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Single(without.Programs.All);
    }

    [Theory]
    [InlineData("/.stack/enter")]
    [InlineData("/.stack/leave")]
    [InlineData("/.stack/nothing")]
    [InlineData("/")]
    public async Task The_gates_own_pages_run_no_script_and_no_style_but_their_own(string path)
    {
        await using var world = await StartAsync();
        using var response = await world.SendAsync(Ask(path, headers: ("Accept", "text/html")));
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        var html = await response.Content.ReadAsStringAsync(Cancellation);
        foreach (var tag in new[] { "style", "script" })
        {
            var inline = html.Split($"<{tag}>").Skip(1).Select(part => part.Split($"</{tag}>")[0]);
            Assert.All(inline, text => Assert.Contains($"{tag}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'", policy, StringComparison.Ordinal));
        }
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    private static async Task<int> SayAsync(ClientWebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Binary, true, Cancellation);
        var (buffer, length) = (new byte[100_000], 0);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        return length;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(),
            DangerousEnableCompression = true,
        });
        var buffer = new byte[4_096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
        {
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
