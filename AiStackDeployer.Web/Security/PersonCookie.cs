using AiStackDeployer.Core;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Until people sign in, a signed, http-only cookie stands for the person: whoever has none gets one with the first page or the
/// first deployment. Only this file is replaced when sign-in comes; owners and policies stay.
/// </summary>
internal sealed partial class PersonCookie(RequestDelegate next, Ids ids, PortalSettings settings, ILogger<PersonCookie> logger)
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>In Production it has a prefix: <see cref="SecurityServices.NameOf"/>.</summary>
    public const string CookieName = "ai_stack_person";

    private int _hasWarned;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated != true && context.GetEndpoint() is { } endpoint)
        {
            // Assets, probes and questions come without a cookie by the thousand; none of them owns anything.
            if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && !IsErrorPage(context))
            {
                WarnOfPlainHttp(context.Request);
                context.User = AnonymousCaller.With(ids.NewOwnerId());
                await AnonymousCaller.RememberAsync(context);
            }
            else if (endpoint.Metadata.GetMetadata<NeedsPersonAttribute>() is not null)
            {
                context.User = context.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key
                    ? AnonymousCaller.With(AnonymousCaller.OwnerOfKey(key))
                    : AnonymousCaller.With(ids.NewOwnerId());
            }
        }
        await next(context);
    }

    /// <summary>Once: a portal without https before it makes a new person of everybody with each page, and nothing else tells why.</summary>
    private void WarnOfPlainHttp(HttpRequest request)
    {
        // Browsers treat this machine's own names as they treat https.
        if (!settings.IsDevelopment && !request.IsHttps && !Gate.IsThisMachine(request.Host.Host) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            LogPlainHttp(logger);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A page was requested over plain http. Browsers keep the portal's cookie over https only; without it every visitor is anonymous on each "
        + "page and owns nothing. Put https in front of the portal; if it is there already, name the proxy in TRUSTED_PROXIES")]
    private static partial void LogPlainHttp(ILogger logger);

    // A page put in place of a missing asset is no visit.
    private static bool IsErrorPage(HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}

/// <summary>An endpoint that gives an anonymous caller an identity; it sets the cookie itself, once the caller owns something.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsPersonAttribute : Attribute;
