using System.Net;
using System.Text.Json;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Developer;

/// <summary>
/// /emulator: the page for a developer and the same levers over HTTP, for tests that run the emulator as a process.
/// Loopback only, and no foreign web page may post here through a developer's browser.
/// </summary>
internal sealed class DeveloperServer(EmulatorWorld world)
{
    private const string Root = "/emulator";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Uri? StacksUrl { get; set; }

    public static bool Serves(HttpContext context) => context.Request.Path.StartsWithSegments(Root);

    public async Task HandleAsync(HttpContext context)
    {
        if (!IsLocal(context))
        {
            context.Response.StatusCode = 403;
            return;
        }

        try
        {
            await RouteAsync(context);
        }
        catch (FormatException problem)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(problem.Message, context.RequestAborted);
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimEnd('/');
        return (context.Request.Method, path[Root.Length..]) switch
        {
            ("GET", "") => PageAsync(context),
            ("GET", "/world") => WorldAsync(context),
            ("POST", "/faults") => FaultAsync(context),
            ("DELETE", "/faults") or ("POST", "/faults/clear") => DoAsync(context, world.Faults.Clear),
            ("POST", "/outcomes") => OutcomeAsync(context),
            ("DELETE", "/outcomes") or ("POST", "/outcomes/clear") => DoAsync(context, () => world.Outcomes.Clear()),
            ("POST", "/restart") => RestartAsync(context),
            ("POST", "/lose-database") => DoAsync(context, () => world.LoseDatabase()),
            _ => DoAsync(context, () => context.Response.StatusCode = 404),
        };
    }

    private async Task PageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        await context.Response.WriteAsync(DeveloperPage.Render(world, StacksUrl), context.RequestAborted);
    }

    private Task WorldAsync(HttpContext context)
    {
        var services = world.Services;
        return context.Response.WriteAsJsonAsync(new
        {
            Projects = world.Projects.Select(p => new { p.ProjectId, p.Name, p.Description }),
            Applications = world.Applications.Select(a => new { a.ApplicationId, a.ProjectId, a.Name, a.AppName, a.Status }),
            Domains = world.Domains.Select(d => new { d.DomainId, d.Host, d.Port, d.ApplicationId }),
            Mounts = world.Mounts,
            Deployments = world.Deployments.Select(d => new { d.DeploymentId, d.ApplicationId, d.Title, d.Status }),
            Queue = world.Jobs,
            Services = services.Select(s => new { s.Name, s.State, s.Image, s.IsOrphan, s.IsServing }),
            RoutedHosts = world.RoutedHosts,
            CallCounts = world.Calls.Counts,
            Faults = world.Faults.All.Select(f => new { f.Call, f.Times, f.After, Kind = FaultText.Describe(f.Kind) }),
            Outcomes = world.Outcomes.All.ToDictionary(o => o.Key, o => o.Value.ToString()),
        }, Format, context.RequestAborted);
    }

    private async Task FaultAsync(HttpContext context)
    {
        var values = await ValuesAsync(context);
        var fault = FaultText.Parse(values);
        await DoAsync(context, () => world.Faults.Add(fault));
    }

    private async Task OutcomeAsync(HttpContext context)
    {
        var values = await ValuesAsync(context);
        var appName = values.GetValueOrDefault("appName") is { Length: > 0 } given ? given : "*";
        if (!Enum.TryParse<ImageOutcome>(values.GetValueOrDefault("outcome"), ignoreCase: true, out var outcome) || !Enum.IsDefined(outcome))
        {
            throw new FormatException("outcome is one of " + string.Join(", ", Enum.GetNames<ImageOutcome>()));
        }

        await DoAsync(context, () => world.Outcomes.Set(appName, outcome));
    }

    private async Task RestartAsync(HttpContext context)
    {
        var values = await ValuesAsync(context);
        var seconds = FaultText.Number(values, "downSeconds");
        await DoAsync(context, () => world.Restart(seconds is { } down ? TimeSpan.FromSeconds(down) : null));
    }

    /// <summary>A browser's form goes back to the page; a program gets 204.</summary>
    private static Task DoAsync(HttpContext context, Action action)
    {
        action();
        if (context.Response.StatusCode != 200)
        {
            return Task.CompletedTask;
        }

        if (context.Request.HasFormContentType)
        {
            context.Response.StatusCode = 303;
            context.Response.Headers.Location = Root;
        }
        else
        {
            context.Response.StatusCode = 204;
        }

        return Task.CompletedTask;
    }

    private static async Task<Dictionary<string, string>> ValuesAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return form.ToDictionary(f => f.Key, f => f.Value.ToString());
        }

        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (text.Length == 0)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text)!.ToDictionary(v => v.Key, v => v.Value.ToString());
        }
        catch (JsonException)
        {
            throw new FormatException("a JSON object is wanted");
        }
    }

    private static bool IsLocal(HttpContext context)
    {
        var request = context.Request;
        var near = context.Connection.RemoteIpAddress is { } ip && IPAddress.IsLoopback(ip);
        var named = request.Host.Host is "localhost" or "127.0.0.1";
        var origin = request.Headers.Origin.ToString();
        return near && named && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}");
    }
}
