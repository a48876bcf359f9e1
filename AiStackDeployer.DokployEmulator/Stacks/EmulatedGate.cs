using System.Text.Json;
using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>
/// The gate in front of a stack's programs, as far as a visitor and the portal can tell: a way in by a ticket, a cookie, and what the
/// portal may ask. Images from before it have none, and neither has a container that was not told its own address.
/// </summary>
internal sealed class EmulatedGate(Generation container, string host, string stackUrl, string password, GateMemory memory, DateTimeOffset now)
{
    private const string Enter = "/.stack/enter";
    private const string Html = "text/html; charset=utf-8";

    private string CookieName => stackUrl.StartsWith("https:", StringComparison.Ordinal) ? "__Host-stack" : "stack";

    private string PortalUrl => container.Spec.Variable("PORTAL_URL") ?? "";

    /// <summary>Null = there is none.</summary>
    public static EmulatedGate? Of(Generation container, string host, GateMemory memory, DateTimeOffset now) =>
        container.Outcome is not ImageOutcome.NoGate && container.Spec.Variable("STACK_URL") is { Length: > 0 } url
            && container.Spec.Variable("OPENCODE_SERVER_PASSWORD") is { Length: > 0 } password
            // One that was started with another password knows no ticket of the portal's.
            ? new EmulatedGate(container, host, url, container.Outcome is ImageOutcome.WrongPassword ? password + "?" : password, memory, now)
            : null;

    public bool IsSignedIn(HttpRequest request) => GateTickets.IsCookie(request.Cookies[CookieName], password, now);

    /// <summary>A person's doing, as against polls, probes and open sockets.</summary>
    public void NoteVisit(HttpRequest request)
    {
        if (IsNavigation(request) || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            memory.SawHuman(host, now);
        }
    }

    /// <summary>What a visitor gets who is not signed in.</summary>
    public Task RefuseAsync(HttpContext context, CancellationToken gone)
    {
        if (IsNavigation(context.Request) && context.Request.Headers.Authorization.Count == 0)
        {
            return SendAsync(context, 401, Html, StackPages.Refusal(PortalUrl), gone);
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Stack\"";
        return SendAsync(context, 401, null, "", gone);
    }

    /// <summary>False = it is for what is behind the gate.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, Func<HttpRequest, bool> isBasic, CancellationToken gone)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET" or "HEAD", "/healthz"):
                await SendAsync(context, 200, "text/plain", "alive", gone);
                return true;
            case ("GET", Enter):
                await SendAsync(context, 200, Html, StackPages.Enter(PortalUrl), gone);
                return true;
            case ("POST", Enter):
                await EnterAsync(context, gone);
                return true;
            case ("POST", "/.stack/leave"):
                context.Response.Cookies.Delete(CookieName);
                Redirect(context, Enter);
                return true;
            case ("GET", "/.stack/activity"):
                await TellAsync(context, gone);
                return true;
            case ("GET", "/.stack/password") when isBasic(context.Request):
                Redirect(context, "/");
                return true;
            case ("GET", "/.stack/password"):
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"Stack\"";
                await SendAsync(context, 401, Html, StackPages.Refusal(PortalUrl), gone);
                return true;
            default:
                return false;
        }
    }

    private static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private async Task EnterAsync(HttpContext context, CancellationToken gone)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!context.Request.HasFormContentType || !new[] { stackUrl, PortalUrl }.Any(own => own.Length > 0 && new Uri(own).GetLeftPart(UriPartial.Authority) == origin))
        {
            await SendAsync(context, 403, Html, StackPages.Refusal(PortalUrl), gone);
            return;
        }

        var form = await context.Request.ReadFormAsync(gone);
        if (GateTickets.Read(form["ticket"].ToString(), password, stackUrl, "enter", now) is not var (id, person, expires) || !memory.TryUse(id, expires, now))
        {
            await SendAsync(context, 403, Html, StackPages.Refusal(PortalUrl), gone);
            return;
        }

        context.Response.Cookies.Append(CookieName, GateTickets.NewCookie(person, password, now), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = CookieName != "stack", Path = "/", MaxAge = TimeSpan.FromHours(12),
        });
        Redirect(context, form["to"].ToString() is ['/', not ('/' or '\\'), ..] to ? to : "/");
    }

    private Task TellAsync(HttpContext context, CancellationToken gone)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var ticket = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        if (GateTickets.Read(ticket, password, stackUrl, "portal", now) is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return SendAsync(context, 401, null, "", gone);
        }

        var version = OpenCodeAge.Of(ImageName.Parse(container.Spec.Image).Tag).Version;
        return SendAsync(context, 200, "application/json", JsonSerializer.Serialize(new
        {
            gate = "0.1.0",
            now,
            started_at = container.Start,
            last_human_at = memory.LastHuman(host),
            last_terminal_input_at = (DateTimeOffset?)null,
            sessions_at_work = 0,
            sessions_waiting = 0,
            sessions_stored = !context.Request.Query.ContainsKey("sessions") ? (int?)null : container.Outcome is ImageOutcome.LosesSessions ? 2 : 3,
            last_agent_at = (DateTimeOffset?)null,
            memory_bytes = 123_000_000L,
            memory_limit_bytes = container.Spec.MemoryLimit,
            opencode = new { version, generation = version.StartsWith("1.", StringComparison.Ordinal) ? 1 : 2, state = "running", restarts = 0 },
            events = new { sent = 0, refused = 0, dropped = 0, waiting = 0 },
        }), gone);
    }

    private static void Redirect(HttpContext context, string path)
    {
        context.Response.StatusCode = 303;
        context.Response.Headers.Location = path;
    }

    private static Task SendAsync(HttpContext context, int status, string? type, string body, CancellationToken gone)
    {
        context.Response.Headers.CacheControl = "no-store";
        return EmulatedStack.SendAsync(context, status, type, body, gone);
    }
}
