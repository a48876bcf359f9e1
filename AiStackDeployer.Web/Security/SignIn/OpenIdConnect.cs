using System.Globalization;
using System.Security.Claims;
using System.Text;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>Sign-in by the company's identity provider: OpenID Connect, authorization code and PKCE.</summary>
internal static class OpenIdConnect
{
    public const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;

    private const string EmailClaim = "email";
    private const string EmailVerifiedClaim = "email_verified";

    public static AuthenticationBuilder AddPortalOpenIdConnect(this AuthenticationBuilder builder, OidcSettings oidc, PortalSettings settings) =>
        builder.AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = oidc.Authority.ToString();
            options.ClientId = oidc.ClientId;
            options.ClientSecret = oidc.ClientSecret;
            // Plain http passes the settings for this machine's own names alone.
            options.RequireHttpsMetadata = oidc.Authority.Scheme == "https";
            options.ResponseType = OpenIdConnectResponseType.Code;
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            // The portal calls nothing for the person, so it keeps nothing to call with.
            options.SaveTokens = false;
            options.GetClaimsFromUserInfoEndpoint = true;
            // By default both are thrown away: the one by which a person is known, the other when it comes from the user info endpoint.
            options.ClaimActions.Remove("iss");
            options.ClaimActions.MapJsonKey(oidc.GroupsClaim, oidc.GroupsClaim);
            options.ClaimActions.MapUniqueJsonKey(oidc.NameClaim, oidc.NameClaim);
            options.ClaimActions.MapUniqueJsonKey("preferred_username", "preferred_username");
            options.ClaimActions.MapUniqueJsonKey(EmailClaim, EmailClaim);
            options.ClaimActions.MapUniqueJsonKey(EmailVerifiedClaim, EmailVerifiedClaim);
            // A person waits for it.
            options.BackchannelTimeout = TimeSpan.FromSeconds(10);
            options.Scope.Clear();
            foreach (var scope in oidc.Scopes)
            {
                options.Scope.Add(scope);
            }
            options.CallbackPath = SignInEndpoints.Callback;
            // By default a link that anybody can make signs a person out.
            options.RemoteSignOutPath = options.SignedOutCallbackPath = default;
            options.TokenValidationParameters.NameClaimType = oidc.NameClaim;
            options.SignInScheme = SecurityServices.SessionScheme;
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.Name = SecurityServices.NameOf(ReferenceEquals(cookie, options.NonceCookie) ? "aisd_nonce." : "aisd_correlation.", settings);
                cookie.Path = "/";
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = settings.IsDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            }
            options.Events.OnRedirectToIdentityProvider = context =>
            {
                if (settings.PublicUrl is { } portal)
                {
                    context.ProtocolMessage.RedirectUri = portal.ToString().TrimEnd('/') + SignInEndpoints.Callback;
                }
                return Task.CompletedTask;
            };
            options.Events.OnTicketReceived = context => TakeAsync(context, oidc);
            options.Events.OnRemoteFailure = context => RefuseAsync(context, ReasonOf(context.Failure));
        });

    /// <summary>The provider's word becomes a person of ours, or is refused.</summary>
    private static async Task TakeAsync(TicketReceivedContext context, OidcSettings oidc)
    {
        var told = context.Principal!;
        var issuer = told.FindFirstValue("iss");
        var subject = told.FindFirstValue("sub");
        if (issuer is null || subject is null)
        {
            await RefuseAsync(context, "no-subject");
            return;
        }
        string[] groups = [.. told.FindAll(oidc.GroupsClaim).Select(g => g.Value).Distinct()];
        var name = ((string[])[oidc.NameClaim, "preferred_username", "email"]).Select(claim => Visible(told.FindFirstValue(claim) ?? "")).FirstOrDefault(n => n.Length > 0) ?? subject;
        if (oidc.RoleOf(groups) is not { } role)
        {
            await RefuseAsync(context, "no-group", Person.IdOf(issuer, subject), name);
            return;
        }
        var user = SignInEndpoints.Principal(issuer, subject, name, role, groups);
        try
        {
            await SignInEndpoints.BeginSessionAsync(context.HttpContext, user);
        }
        catch (StorageUnavailableException)
        {
            await RefuseAsync(context, "storage-away", user.PersonId(), name, AuditOutcome.Failed);
            return;
        }
        await context.HttpContext.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
            Actor.Of(context.HttpContext, user), AuditActions.SignIn, AuditOutcome.Done, detail: role.ToString().ToLowerInvariant());
        // An address that the provider says nobody has proven to be theirs may be somebody else's.
        var email = string.Equals(told.FindFirstValue(EmailVerifiedClaim), "false", StringComparison.OrdinalIgnoreCase) ? null : told.FindFirstValue(EmailClaim);
        await SignInEndpoints.RememberAsync(context.HttpContext, user, email);
        context.HandleResponse();
        context.Response.Redirect(SignInEndpoints.Local(context.HttpContext, context.ReturnUri));
    }

    /// <summary>Without what has no shape of its own and could change how the text around it looks.</summary>
    private static string Visible(string text) => string.Concat(text.EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))).Trim();

    private static async Task RefuseAsync(
        HandleRequestContext<RemoteAuthenticationOptions> context, string reason, string? personId = null, string? name = null,
        AuditOutcome outcome = AuditOutcome.Refused)
    {
        await context.HttpContext.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
            Actor.Of(context.HttpContext) with { PersonId = personId, Name = name }, AuditActions.SignIn, outcome, detail: reason);
        context.HandleResponse();
        context.Response.Redirect(SignInEndpoints.AddressOfRefusal(context.HttpContext, reason));
    }

    /// <summary>A word for the page and the audit log; the message itself may quote what a stranger sent.</summary>
    private static string ReasonOf(Exception? failure) => failure switch
    {
        OpenIdConnectProtocolException when failure.Message.Contains("access_denied", StringComparison.Ordinal) => "denied",
        HttpRequestException or OperationCanceledException or { InnerException: HttpRequestException or IOException } => "provider-away",
        _ when failure?.Message.Contains("Correlation failed", StringComparison.Ordinal) == true => "stale",
        _ => "not-valid",
    };
}
