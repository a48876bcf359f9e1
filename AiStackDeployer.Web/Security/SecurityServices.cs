using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Security;

internal static class SecurityServices
{
    /// <summary>Part of what a password is encrypted with: another name would open none.</summary>
    public const string ApplicationName = "ai-stack-deployer";

    public static IServiceCollection AddPortalSecurity(this IServiceCollection services, PortalSettings settings)
    {
        services.AddSingleton<ISecretProtector, DataProtectedSecrets>();
        services.AddSingleton(new Gate(settings));
        services.AddAuthentication(PersonCookie.Scheme).AddCookie(PersonCookie.Scheme, cookie =>
        {
            cookie.Cookie.Name = NameOf(PersonCookie.CookieName, settings);
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.IsEssential = true;
            // 400 days is the longest a browser keeps one; each visit restarts them.
            cookie.ExpireTimeSpan = TimeSpan.FromDays(400);
            cookie.SlidingExpiration = true;
            // There is nothing to sign in at: refusals are answers, not redirects.
            cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
            cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = NameOf("ai_stack_antiforgery", settings);
            antiforgery.Cookie.Path = "/";
        });
        // Here and not with each cookie: antiforgery refuses to serve a page when it asks for https itself and the proxy does not say so.
        services.Configure<CookiePolicyOptions>(policy =>
            policy.Secure = settings.IsDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always);
        services.AddSingleton<IAuthorizationHandler, OwnerHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.StartDeployment, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.CancelDeployment, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.RetryDeployment, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.ViewCredentials, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.DeleteStack, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.OperateStack, policy => policy.AddRequirements(new OwnerRequirement()))
            // Without sign-in the portal cannot tell who is an administrator: the company's own access control decides.
            .AddPolicy(Policies.ViewAdmin, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.RepairDns, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.AdministerDeployments, policy => policy.RequireAuthenticatedUser());
        services.AddCascadingAuthenticationState();
        return services;
    }

    /// <summary>
    /// With this prefix a browser takes a cookie over https alone and from this very host. Without it the page of a stack, a neighbour
    /// below the same domain, could set its own person's cookie here. In Development there is no https to have it.
    /// </summary>
    internal static string NameOf(string cookie, PortalSettings settings) => settings.IsDevelopment ? cookie : "__Host-" + cookie;

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
