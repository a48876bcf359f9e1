using System.Net;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// Keeps cookies as browsers and curl do, to whom 127.0.0.1 is as good as https. .NET's own would send none of those that Production sets.
/// </summary>
internal sealed class BrowserCookies(SocketsHttpHandler network) : DelegatingHandler(network)
{
    private readonly CookieContainer _jar = new();

    public BrowserCookies() : this(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
    }

    public IEnumerable<Cookie> Kept => _jar.GetAllCookies();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(request.RequestUri!) { Scheme = Uri.UriSchemeHttps }.Uri;
        if (_jar.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }
        var answer = await base.SendAsync(request, cancellationToken);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            _jar.SetCookies(address, cookie);
        }
        return answer;
    }
}
