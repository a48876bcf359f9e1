using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace AiStackDeployer.Web.Security;

internal static class SecurityServices
{
    /// <summary>Part of what a password is encrypted with: another name would open none.</summary>
    public const string ApplicationName = "ai-stack-deployer";

    public static IServiceCollection AddPortalSecurity(this IServiceCollection services, PortalSettings settings)
    {
        services.AddDataProtection()
            .SetApplicationName(ApplicationName)
            .PersistKeysToFileSystem(new DirectoryInfo(settings.KeysDirectory));
        services.AddSingleton<ISecretProtector, DataProtectedSecrets>();
        services.AddSingleton(new ForeignPages(settings));
        services.AddAuthentication(PersonCookie.Scheme).AddCookie(PersonCookie.Scheme, cookie =>
        {
            cookie.Cookie.Name = PersonCookie.CookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.Cookie.IsEssential = true;
            // 400 days is the longest a browser keeps one; each visit begins them anew.
            cookie.ExpireTimeSpan = TimeSpan.FromDays(400);
            cookie.SlidingExpiration = true;
            // There is nothing to sign in at: refusals are answers, not redirects.
            cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
            cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        });
        services.AddSingleton<IAuthorizationHandler, OwnerHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.StartDeployment, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.CancelDeployment, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.RetryDeployment, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.ViewCredentials, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.DeleteStack, policy => policy.AddRequirements(new OwnerRequirement()))
            .AddPolicy(Policies.OperateStack, policy => policy.AddRequirements(new OwnerRequirement()))
            // Without sign-in nobody can be told to be an administrator: the company's own access control decides.
            .AddPolicy(Policies.ViewAdmin, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.RepairDns, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.AdministerDeployments, policy => policy.RequireAuthenticatedUser());
        services.AddCascadingAuthenticationState();
        return services;
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
