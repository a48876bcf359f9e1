using System.Net.Http.Headers;
using System.Text;
using AiStackDeployer.StackGate.SignIn;
using AiStackDeployer.StackGate.Supervision;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace AiStackDeployer.StackGate.Front;

/// <summary>What a program behind the gate gets of a request: everything but what signs the caller in here.</summary>
internal abstract class ToProgram(string cookieName) : HttpTransformer
{
    protected const string AuthUser = "X-Auth-User";

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, request.Path, AuthToken.Without(request.QueryString));
        // Both compare it with the Origin of a WebSocket.
        proxyRequest.Headers.Host = request.Host.Value;
        proxyRequest.Headers.Remove(HeaderNames.Authorization);
        proxyRequest.Headers.Remove(AuthUser);
        proxyRequest.Headers.Remove(HeaderNames.Cookie);
        if (OtherCookies(request) is { Length: > 0 } cookies)
        {
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies);
        }
        if (OwnOrigin.IsWebSocket(request))
        {
            // Compressed messages would not show whether somebody types.
            proxyRequest.Headers.Remove(HeaderNames.SecWebSocketExtensions);
        }
        SignIn(proxyRequest.Headers);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var passes = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // A page of another stack is of the same site: it could show this one in a frame, signed in, and have it clicked.
        httpContext.Response.Headers.TryAdd(HeaderNames.XFrameOptions, "SAMEORIGIN");
        if (proxyResponse?.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            // A stream is open from its headers on, however long its first event takes.
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        }
        return passes;
    }

    protected abstract void SignIn(HttpRequestHeaders headers);

    private string OtherCookies(HttpRequest request) => string.Join("; ", request.Headers.Cookie
        .SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(cookie => cookie.Split('=')[0].Trim() != cookieName));
}

internal sealed class ToOpenCode(string cookieName, OpenCodeEndpoint openCode) : ToProgram(cookieName)
{
    protected override void SignIn(HttpRequestHeaders headers) =>
        headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{openCode.User}:{openCode.Password}")));
}

/// <summary>The terminal trusts this header, whoever sends it: it listens on loopback alone.</summary>
internal sealed class ToTerminal(string cookieName, string person) : ToProgram(cookieName)
{
    protected override void SignIn(HttpRequestHeaders headers) => headers.TryAddWithoutValidation(AuthUser, person);
}
