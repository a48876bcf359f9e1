using AiStackDeployer.Core;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Until people sign in, a signed, http-only cookie stands for the person: whoever has none gets one with the first page or the
/// first deployment. Only this file is replaced when sign-in comes; owners and policies stay.
/// </summary>
internal sealed class PersonCookie(RequestDelegate next, Ids ids)
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string CookieName = "ai_stack_person";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated != true && context.GetEndpoint() is { } endpoint)
        {
            // Assets, probes and questions come without a cookie by the thousand; none of them owns anything.
            if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && !IsErrorPage(context))
            {
                context.User = Newcomer.With(ids.NewOwnerId());
                await Newcomer.RememberAsync(context);
            }
            else if (endpoint.Metadata.GetMetadata<NeedsPersonAttribute>() is not null)
            {
                context.User = context.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key
                    ? Newcomer.With(Newcomer.OwnerOfKey(key))
                    : Newcomer.With(ids.NewOwnerId());
            }
        }
        await next(context);
    }

    // A page put in place of a missing asset is no visit.
    private static bool IsErrorPage(HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}

/// <summary>An endpoint at which a caller becomes a person when he is none yet; it remembers him itself, once he owns something.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsPersonAttribute : Attribute;
