using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.Tokens;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>
/// With <c>AUTH=none</c> each browser is another person: whoever has no cookie gets one with the first page or the first deployment. All
/// are administrators, as nobody could be told apart.
/// </summary>
internal sealed partial class Visitors(RequestDelegate next, Ids ids, PortalSettings settings, ILogger<Visitors> logger)
{
    /// <summary>Of a visitor whom the portal must remember beyond the cookie.</summary>
    public const string Issuer = "urn:ai-stack-deployer:visitor";

    private int _hasWarned;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated != true && context.GetEndpoint()?.Metadata is var metadata && metadata?.GetMetadata<IAllowAnonymous>() is null
            // Whoever shows a token means to be somebody: one that is not valid must be told so.
            && !BearerTokens.IsIn(context.Request))
        {
            context.User = Known(ids.NewOwnerId(), new Claim(PersonClaims.New, ""));
            // Assets, probes and questions come without a cookie by the thousand; none of them owns anything.
            if (metadata?.GetMetadata<ComponentTypeMetadata>() is not null && !IsErrorPage(context))
            {
                WarnOfPlainHttp(context.Request);
                await RememberAsync(context);
            }
        }
        await next(context);
    }

    /// <summary>Gives somebody new the cookie that makes them the same person again.</summary>
    public static Task RememberAsync(HttpContext context) => context.User.HasClaim(PersonClaims.New, "")
        ? context.SignInAsync(SecurityServices.SessionScheme, Known(context.User.PersonId()), new AuthenticationProperties { IsPersistent = true })
        : Task.CompletedTask;

    /// <summary>Stores a visitor as a person, before something of theirs outlives their cookie. Others were stored when they signed in.</summary>
    public static Task KnowAsync(IPeople people, ClaimsPrincipal user, DateTimeOffset now) => user.PersonName() is not null
        ? Task.CompletedTask
        : people.KnowAsync(
            new Person
            {
                Id = user.PersonId(), Issuer = Issuer, Subject = user.PersonId(), Name = user.PersonId(), Role = user.PersonRole(), Groups = "", FirstSeenAt = now,
                SignedInAt = now,
            },
            CancellationToken.None);

    private static ClaimsPrincipal Known(string id, params IEnumerable<Claim> more) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Role, nameof(Role.Admin)), .. more], SecurityServices.SessionScheme));

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
