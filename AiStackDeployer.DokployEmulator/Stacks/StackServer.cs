using System.Text;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.DokployEmulator.Swarm;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>
/// Traefik in front of the stacks: finds the container by the Host header, or says why there is none.
/// There is one plain HTTP entrypoint: a domain's https is stored but answers here all the same, unlike Traefik's redirect.
/// </summary>
internal sealed class StackServer(EmulatorWorld world, CancellationToken stopping)
{
    private static readonly HttpMessageInvoker Behind = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    private readonly GateMemory _gates = new();

    public async Task HandleAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (await StrikeAsync(context, gone.Token))
            {
                return;
            }

            var host = context.Request.Host.Host.TrimEnd('.');
            var path = context.Request.Path.Value ?? "/";
            var (routed, container) = world.Read(state => Find(state, host, path));
            if (!routed && world.Options.CatchAll is { } catchAll)
            {
                await ForwardAsync(context, catchAll, gone.Token);
            }
            else if (!routed)
            {
                await TextAsync(context, 404, "404 page not found\n", gone.Token);
            }
            else if (container is null)
            {
                await TextAsync(context, 502, "Bad Gateway", gone.Token);
            }
            else
            {
                await new EmulatedStack(container, host, _gates, world.Time.GetUtcNow()).HandleAsync(context, gone.Token);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    /// <summary>The container that takes this request: one that runs, has booted, and listens on the route's port.</summary>
    private (bool Routed, Generation? Container) Find(WorldState state, string host, string path)
    {
        foreach (var file in state.Traefik)
        {
            var route = file.Routes.Find(r => r.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
                && path.StartsWith(r.Path, StringComparison.Ordinal));
            if (route is null)
            {
                continue;
            }

            if (state.Service(file.AppName) is not { } service)
            {
                return (true, null);
            }

            var now = world.Time.GetUtcNow();
            var rollouts = new Rollouts(service, now, world.Timings);
            var up = rollouts.Serving is { } serving
                && rollouts.RunningAt(serving) + world.Timings.Boot <= now
                && Port(serving.Spec) == route.Port;
            return (true, up ? rollouts.Serving : null);
        }

        return (false, null);
    }

    private int Port(ServiceSpec spec) =>
        int.TryParse(spec.Variable("STACK_PORT") ?? spec.Variable("PORT"), out var port) ? port : world.Options.ContainerPort;

    private async Task<bool> StrikeAsync(HttpContext context, CancellationToken gone)
    {
        switch (world.Faults.Take("stack"))
        {
            case FaultKind.Status status:
                context.Response.ContentType = status.ContentType;
                await TextAsync(context, status.Code, status.Body, gone);
                return true;
            case FaultKind.Garbage:
                context.Response.ContentType = "application/json";
                await TextAsync(context, 200, "{\"healthy\":tr", gone);
                return true;
            case FaultKind.Reset:
                context.Abort();
                return true;
            case FaultKind.Hang or FaultKind.AnswerHangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, gone);
                return true;
            case FaultKind.Delay delay:
                await Task.Delay(delay.Span, world.Time, gone);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Reading requests alone, and of their headers those that tell a browser from a program.</summary>
    private static async Task ForwardAsync(HttpContext context, Uri to, CancellationToken gone)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(to, context.Request.Path + context.Request.QueryString));
        request.Headers.Host = context.Request.Host.Value;
        foreach (var name in (string[])["Accept", "Sec-Fetch-Mode"])
        {
            request.Headers.TryAddWithoutValidation(name, (string?)context.Request.Headers[name]);
        }
        try
        {
            using var answer = await Behind.SendAsync(request, gone);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Where(h => h.Key is "Location" or "Retry-After" or "Cache-Control"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, gone);
        }
        catch (HttpRequestException)
        {
            await TextAsync(context, 502, "Bad Gateway", gone);
        }
    }

    private static Task TextAsync(HttpContext context, int status, string text, CancellationToken gone)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType ??= "text/plain; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, gone).AsTask();
    }
}
