using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>A running stack: OpenCode of its image's age and a web terminal behind one port, as far as a visitor can tell.</summary>
internal sealed class EmulatedStack(Generation container, string host, GateMemory memory, DateTimeOffset now)
{
    private const string ApiRefusal = "{\"name\":\"Unauthorized\",\"message\":\"Missing or wrong password\"}";
    private const string Json = "application/json";
    private const string Html = "text/html; charset=utf-8";

    private readonly EmulatedGate? _gate = EmulatedGate.Of(container, host, memory, now);

    public async Task HandleAsync(HttpContext context, CancellationToken gone)
    {
        if (_gate is null || container.Outcome is ImageOutcome.NeverHealthy or ImageOutcome.WrongProgram)
        {
            await AnswerAsync(context, gone);
        }
        else if (await _gate.TryAnswerAsync(context, IsAuthorized, gone))
        {
        }
        else if (_gate.IsSignedIn(context.Request) || IsAuthorized(context.Request))
        {
            _gate.NoteVisit(context.Request);
            await AnswerAsync(context, gone);
        }
        else
        {
            await _gate.RefuseAsync(context, gone);
        }
    }

    private Task AnswerAsync(HttpContext context, CancellationToken gone)
    {
        var path = context.Request.Path.Value ?? "/";
        if (container.Outcome is ImageOutcome.NeverHealthy)
        {
            return SendAsync(context, 503, "text/plain; charset=utf-8", "Service Unavailable\n", gone);
        }

        if (container.Outcome is ImageOutcome.WrongProgram)
        {
            return SendAsync(context, 200, Html, StackPages.Foreign, gone);
        }

        if (path == "/site.webmanifest")
        {
            return SendAsync(context, 200, "application/manifest+json", "{\"name\":\"OpenCode\",\"display\":\"standalone\"}", gone);
        }

        if (_gate is null && !IsAuthorized(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Secure Area\"";
            return path.StartsWith("/api/", StringComparison.Ordinal)
                ? SendAsync(context, 401, Json, ApiRefusal, gone)
                : SendAsync(context, 401, null, "", gone);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            // The program has no HEAD routes: such a request falls through to the page.
            return SendAsync(context, 200, Html, StackPages.Home(Name), gone);
        }

        var age = OpenCodeAge.Of(ImageName.Parse(container.Spec.Image).Tag);
        if (age.HealthAt(path) is { } health)
        {
            return SendAsync(context, 200, Json, health, gone);
        }

        return path switch
        {
            "/terminal" when HasTerminal => RedirectAsync(context),
            "/terminal/" when HasTerminal => SendAsync(context, 200, Html, StackPages.Terminal(Name), gone),
            "/terminal/token" when HasTerminal => SendAsync(context, 200, "application/json;charset=utf-8", "{\"token\": \"\"}", gone),
            _ when age.RefusesUnknown(path) => SendAsync(context, 404, Json, "{\"name\":\"NotFound\"}", gone),
            _ => SendAsync(context, 200, Html, StackPages.Home(Name), gone),
        };
    }

    private bool HasTerminal => container.Outcome is not ImageOutcome.NoTerminal;

    private string Name => host.Split('.')[0];

    private bool IsAuthorized(HttpRequest request)
    {
        if (container.Outcome is ImageOutcome.WrongPassword)
        {
            return false;
        }

        if (container.Spec.Variable("OPENCODE_SERVER_PASSWORD") is not { Length: > 0 } password)
        {
            // Without a password the program only warns; the stack is open.
            return true;
        }

        var user = container.Spec.Variable("OPENCODE_SERVER_USERNAME") is { Length: > 0 } name ? name : "opencode";
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? header["Basic ".Length..].Trim()
            : request.Query["auth_token"].ToString();
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(expected));
    }

    private static Task RedirectAsync(HttpContext context)
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = "/terminal/";
        return Task.CompletedTask;
    }

    public static Task SendAsync(HttpContext context, int status, string? type, string body, CancellationToken gone)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, gone).AsTask();
    }
}
