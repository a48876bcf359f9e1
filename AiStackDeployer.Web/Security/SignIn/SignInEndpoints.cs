using System.Globalization;
using System.Net.Mail;
using System.Security.Claims;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>The ways in and out. The pages belong to <c>Components/Pages</c>.</summary>
internal static partial class SignInEndpoints
{
    /// <summary>The page.</summary>
    public const string Path = "/sign-in";

    /// <summary>Where the identity provider sends people back to.</summary>
    public const string Callback = "/sign-in/callback";

    public const string Start = "/sign-in/start";
    public const string SignedOut = "/signed-out";

    public const string DevelopmentIssuer = "urn:ai-stack-deployer:development";

    private const int LongestName = 60;
    private const int LongestEmail = 254;

    /// <summary>After authentication, before authorization.</summary>
    public static void UseSignIn(this WebApplication app, SignInSettings settings)
    {
        if (settings.Mode == AuthMode.None)
        {
            app.UseMiddleware<Visitors>();
        }
        app.UseMiddleware<SessionEnd>();
    }

    public static void MapSignIn(this WebApplication app, SignInSettings settings)
    {
        if (settings.Mode == AuthMode.Oidc)
        {
            app.MapGet(Start, StartAsync).AllowAnonymous().ExcludeFromDescription();
        }
        if (settings.Mode == AuthMode.Development)
        {
            // Without antiforgery, so that a script can sign in with one call: the gate lets no other site's page in, and this is Development.
            app.MapPost(Path, SignInAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        }
        app.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Policies.ManageOwnAccess).ExcludeFromDescription();
    }

    public static bool IsCallback(HttpContext context) => context.Request.Path == Callback;

    /// <summary>Where somebody is led who has to sign in first.</summary>
    public static string WayIn(SignInSettings settings) => settings.Mode == AuthMode.Oidc ? Start : Path;

    public static string AddressOfRefusal(HttpContext context, string reason) =>
        QueryHelpers.AddQueryString(context.Request.PathBase + Path, "reason", reason);

    public static ClaimsPrincipal Principal(string issuer, string subject, string name, Role role, params IEnumerable<string> groups) => PersonClaims.Of(
        new Person
        {
            Id = Person.IdOf(issuer, subject), Issuer = issuer, Subject = subject, Name = name, Role = role, Groups = "", FirstSeenAt = default, SignedInAt = default,
        },
        role, SecurityServices.SessionScheme,
        [new Claim(SessionTickets.Issuer, issuer), new Claim(SessionTickets.Subject, subject), .. groups.Select(g => new Claim(SessionTickets.Group, g))]);

    /// <summary>A session with a key that nobody had before. The one that this browser was signed in with ends.</summary>
    /// <exception cref="StorageUnavailableException">Nobody is signed in.</exception>
    public static async Task BeginSessionAsync(HttpContext context, ClaimsPrincipal user)
    {
        await context.SignOutAsync(SecurityServices.SessionScheme);
        // The request's own cookie handler would go on with the key that came with the request, and so with its person.
        var handlers = ActivatorUtilities.CreateInstance<AuthenticationHandlerProvider>(context.RequestServices);
        var fresh = (IAuthenticationSignInHandler)(await handlers.GetHandlerAsync(context, SecurityServices.SessionScheme))!;
        await fresh.SignInAsync(user, new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>Where the person can be told what happens to their stacks, and in which language. That it cannot be stored keeps nobody out.</summary>
    public static async Task RememberAsync(HttpContext context, ClaimsPrincipal user, string? email)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        email = MailAddress.TryCreate(email, out var address) && address.Address == email && email.Length <= LongestEmail && email.All(char.IsAscii) ? email : null;
        try
        {
            await context.RequestServices.GetRequiredService<NoticeStore>().ChangeAsync(
                user.PersonId(), before => before with { Email = email, Language = language }, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The next sign-in tells it again.
        }
    }

    /// <summary>A path of the portal's own; anything else leads to its first page.</summary>
    public static string Local(HttpContext context, string? returnUrl)
    {
        var root = context.Request.PathBase + "/";
        return returnUrl is ['/', not ('/' or '\\'), ..] && returnUrl.All(c => c is > ' ' and < (char)127 and not '\\') && returnUrl.StartsWith(root, StringComparison.Ordinal)
            ? returnUrl
            : root;
    }

    private static async Task<IResult> StartAsync(HttpContext context, string? returnUrl, ILogger<SessionTickets> logger)
    {
        var properties = new AuthenticationProperties { RedirectUri = Local(context, returnUrl) };
        try
        {
            await context.ChallengeAsync(OpenIdConnect.Scheme, properties);
            return Results.Empty;
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException)
        {
            // Its metadata could not be read.
            ProviderAway(logger, e.Message);
            return Results.Redirect(AddressOfRefusal(context, "provider-away"));
        }
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, AuditTrail audit, [FromForm] string person, [FromForm] string? role, [FromForm] string? returnUrl, [FromForm] string? groups, [FromForm] string? email)
    {
        var name = person.Trim();
        if (name.Length is 0 or > LongestName || !Enum.TryParse<Role>(role ?? nameof(Role.User), ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen))
        {
            return Results.BadRequest();
        }
        var user = Principal(DevelopmentIssuer, name.ToLowerInvariant(), name, chosen, (groups ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
        await BeginSessionAsync(context, user);
        await audit.RecordAsync(Actor.Of(context, user), AuditActions.SignIn, AuditOutcome.Done, detail: chosen.ToString().ToLowerInvariant());
        await RememberAsync(context, user, email ?? $"{string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit))}@people.test");
        return Results.Redirect(Local(context, returnUrl));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, AuditTrail audit, IFormCollection _)
    {
        var actor = Actor.Of(context);
        await context.SignOutAsync(SecurityServices.SessionScheme);
        await audit.RecordAsync(actor, AuditActions.SignOut, AuditOutcome.Done);
        return Results.Redirect(context.Request.PathBase + SignedOut);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider cannot be reached: {Reason}")]
    private static partial void ProviderAway(ILogger logger, string reason);
}
