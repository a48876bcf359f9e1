using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Http.Extensions;

namespace AiStackDeployer.Web.Security;

/// <summary>The portal's own address, as programs are told it: <c>PUBLIC_URL</c>, else the one that this request came to.</summary>
internal sealed class PortalAddress(PortalSettings settings)
{
    /// <summary>Without a slash at its end.</summary>
    public string Of(HttpRequest request) =>
        (settings.PublicUrl?.AbsoluteUri ?? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase)).TrimEnd('/');

    /// <summary>What an assistant calls, and what its tokens are for.</summary>
    public string McpOf(HttpRequest request) => Of(request) + "/mcp";
}
