using System.Security.Claims;
using AiStackDeployer.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Until people sign in, a signed, http-only cookie stands for the person: whoever has none gets one with the first page or the
/// first deployment. Only this class is replaced when sign-in comes; owners and policies stay.
/// </summary>
internal sealed class PersonCookie(RequestDelegate next, Ids ids)
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string CookieName = "ai_stack_person";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated != true && NeedsPerson(context))
        {
            var person = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, ids.NewOwnerId())], Scheme));
            await context.SignInAsync(Scheme, person, new AuthenticationProperties { IsPersistent = true });
            context.User = person;
        }
        await next(context);
    }

    // Assets, probes and questions come without a cookie by the thousand; none of them owns anything.
    private static bool NeedsPerson(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NeedsPersonAttribute>() is not null
        || (HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
}

/// <summary>An endpoint at which a caller becomes a person when he is none yet.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsPersonAttribute : Attribute;
