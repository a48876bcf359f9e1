using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Security.SignIn;
using AiStackDeployer.Web.Security.Tokens;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;

namespace AiStackDeployer.Web.Security;

internal static class SecurityServices
{
    /// <summary>Part of what a password is encrypted with: another name would open none.</summary>
    public const string ApplicationName = "ai-stack-deployer";

    public const string SessionScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Chooses by the request.</summary>
    private const string DefaultScheme = "Portal";

    /// <summary>In Production it has a prefix: <see cref="NameOf"/>.</summary>
    public const string SessionCookie = "aisd_session";

    public static IServiceCollection AddPortalSecurity(this IServiceCollection services, PortalSettings settings)
    {
        services.AddSingleton<ISecretProtector, DataProtectedSecrets>();
        services.AddSingleton(new Gate(settings)).AddSingleton(new StackHosts(settings));
        services.AddSingleton<AuditTrail>().AddSingleton<VisibleDeployments>().AddSingleton<StackActs>().AddSingleton<AdminActs>().AddSingleton<CareActs>().AddSingleton<RolloutActs>();
        services.AddHostedService<AuditRetention>();
        services.AddSingleton<LiveSessions>().AddHostedService(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<SessionTickets>();
        services.AddSingleton<PersonalTokens>().AddSingleton<PortalAddress>().AddPortalOAuth(settings);
        var authentication = services.AddAuthentication(DefaultScheme)
            .AddPolicyScheme(DefaultScheme, null, chosen => chosen.ForwardDefaultSelector = BearerTokens.SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, IngestKey>(IngestKey.SchemeName, null)
            .AddCookie(SessionScheme, cookie =>
        {
            cookie.Cookie.Name = NameOf(SessionCookie, settings);
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.IsEssential = true;
            cookie.LoginPath = SignInEndpoints.WayIn(settings.SignIn);
            cookie.ReturnUrlParameter = "returnUrl";
            // Where nobody signs in, the cookie is all there is of a person: 400 days is the longest a browser keeps one.
            (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = settings.SignIn.Mode == AuthMode.None ? (TimeSpan.FromDays(400), true) : (Session.Longest, false);
            cookie.Events.OnRedirectToLogin = LeadInAsync;
            cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        });
        if (settings.SignIn.Mode != AuthMode.None)
        {
            services.AddOptions<CookieAuthenticationOptions>(SessionScheme).Configure<SessionTickets>((cookie, tickets) => cookie.SessionStore = tickets);
        }
        if (settings.SignIn.Oidc is { } oidc)
        {
            authentication.AddPortalOpenIdConnect(oidc, settings);
        }
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = NameOf("aisd_antiforgery", settings);
            antiforgery.Cookie.Path = "/";
        });
        // Here and not with each cookie: antiforgery refuses to serve a page when it asks for https itself and the proxy does not say so.
        services.Configure<CookiePolicyOptions>(policy =>
            policy.Secure = settings.IsDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always);
        services.AddSingleton<IAuthorizationHandler, RightHandler>();
        services.AddAuthorizationBuilder().AddPolicies();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<CircuitGate>().Configure<HubOptions>(hubs => hubs.AddFilter<CircuitGate>());
        services.AddScoped(provider => new CircuitSession(provider.GetRequiredService<LiveSessions>(), provider.GetRequiredService<AuthenticationStateProvider>()));
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitSession>());
        return services;
    }

    /// <summary>
    /// With this prefix a browser takes a cookie over https alone and from this very host. Without it the page of a stack, a neighbour
    /// below the same domain, could set its own person's cookie here. In Development there is no https to have it.
    /// </summary>
    internal static string NameOf(string cookie, PortalSettings settings) => settings.IsDevelopment ? cookie : "__Host-" + cookie;

    /// <summary>A browser that goes to a page is led to the sign-in; whoever else asks is told that it takes one.</summary>
    private static Task LeadInAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        var isPage = HttpMethods.IsGet(request.Method) && !Gate.IsApi(request.Path) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (!isPage)
        {
            return Answer(context, StatusCodes.Status401Unauthorized);
        }
        // Blazor's own navigation may not follow to another site (connect-src), and the press would do nothing. After an answer that is no
        // page it loads the address whole.
        if (request.Headers.Accept.ToString().Contains("blazor-enhanced-nav=on", StringComparison.Ordinal))
        {
            return Answer(context, StatusCodes.Status204NoContent);
        }
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
