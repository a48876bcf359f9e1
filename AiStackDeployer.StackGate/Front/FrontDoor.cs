using System.Net;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Pages;
using AiStackDeployer.StackGate.SignIn;
using AiStackDeployer.StackGate.Supervision;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AiStackDeployer.StackGate.Front;

/// <summary>Everything that is not the gate's own: checks who asks, and passes it on to OpenCode or the terminal.</summary>
internal sealed class FrontDoor(
    GateOptions options,
    OpenCodeEndpoint openCode,
    Visitors visitors,
    Sessions sessions,
    OwnOrigin origins,
    GatePages pages,
    ActivityNotes activity,
    IHttpForwarder forwarder) : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        // A quiet stream or terminal is no dead one.
        ActivityTimeout = TimeSpan.FromHours(12),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // Shorter than OpenCode's own, so that no request meets a connection that is just being closed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
    });

    public async Task PassAsync(HttpContext context)
    {
        var request = context.Request;
        var (visitor, password) = await visitors.FindAsync(request);
        if (visitor is null)
        {
            await pages.WriteUnknownAsync(context, password, challenge: password != PasswordResult.Absent || !BrowserRequest.Is(request));
            return;
        }
        var isTerminal = request.Path.StartsWithSegments("/terminal", StringComparison.Ordinal);
        var isBrowserOnly = visitor.Session is not null || (isTerminal && OwnOrigin.IsWebSocket(request));
        if (!origins.Allows(request, isBrowserOnly))
        {
            await pages.WriteAsync(context, StatusCodes.Status403Forbidden, GatePage.OtherSite);
        }
        else if (isTerminal && options.TerminalCommand is null)
        {
            await GatePages.NotFoundAsync(context);
        }
        else if (!isTerminal && openCode.Status.State != OpenCodeState.Running)
        {
            await pages.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, GatePage.Starting);
        }
        else
        {
            await ForwardAsync(context, visitor, isTerminal);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task ForwardAsync(HttpContext context, Visitor visitor, bool isTerminal)
    {
        if (BrowserRequest.IsHuman(context.Request))
        {
            activity.HumanRequest();
            if (visitor.Session is { } session)
            {
                sessions.Renew(context.Response, session);
            }
        }
        LiftLimits(context);
        var typing = isTerminal ? TypedMessages.OfTerminal : context.Request.Path.Value!.Contains("/pty/", StringComparison.Ordinal) ? TypedMessages.Any : null;
        if (typing is not null && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new WatchedUpgrade(upgrade, typing, activity.TerminalInput));
        }
        ToProgram to = isTerminal ? new ToTerminal(sessions.CookieName, visitor.Person) : new ToOpenCode(sessions.CookieName, openCode);
        var address = (isTerminal ? options.TerminalUrl : openCode.Address).GetLeftPart(UriPartial.Authority);
        var ended = visitor.Session is { Id: var id } ? sessions.EndOf(id) : CancellationToken.None;
        var error = await forwarder.SendAsync(context, address, _http, Config, to, ended);
        if (error != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            await pages.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, isTerminal ? GatePage.TerminalStarting : GatePage.Starting);
        }
    }

    /// <summary>Only for somebody who is signed in: an upload may be of any size and as slow as it likes.</summary>
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
