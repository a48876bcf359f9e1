using System.Security.Claims;
using AiStackDeployer.Core.People;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiStackDeployer.Web.Security;

/// <summary>Who is asking, independent of how they were recognised: claims of the request's or the circuit's principal.</summary>
public static class PersonClaims
{
    /// <summary>The id of the session or of the token: what ends when the person is signed out.</summary>
    public const string Credential = "credential";

    /// <summary>What the token is called; a person in a browser has none.</summary>
    public const string TokenName = "token_name";

    /// <summary>What the token may do; a person in a browser has none, and may do all that is theirs.</summary>
    public const string Scope = "scope";

    /// <summary>The network address at which the session began: a circuit knows of no request.</summary>
    public const string Address = "address";

    /// <summary>Where nobody signs in: the person was made up for this request.</summary>
    public const string New = "new";

    public static ClaimsPrincipal Of(Person person, Role role, string scheme, params IEnumerable<Claim> more) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, person.Id), new Claim(ClaimTypes.Name, person.Name), new Claim(ClaimTypes.Role, role.ToString()), .. more,
        ],
        scheme));

    /// <summary>The owner id of what this person makes (<c>usr_…</c>).</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the page was reached past the identity it needs.</exception>
    public static string PersonId(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("The request carries no person.");

    /// <summary>Who stands in front of a component now; nobody where it was given no state. To be asked at each press.</summary>
    public static async Task<ClaimsPrincipal> UserAsync(this Task<AuthenticationState>? authentication) =>
        authentication is null ? new ClaimsPrincipal() : (await authentication).User;

    /// <summary>Null = nobody.</summary>
    public static string? PersonIdOrNull(this ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true ? user.FindFirstValue(ClaimTypes.NameIdentifier) : null;

    public static string? PersonName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name);

    public static Role PersonRole(this ClaimsPrincipal user) => Enum.TryParse<Role>(user.FindFirstValue(ClaimTypes.Role), out var role) ? role : Role.User;

    public static string? CredentialId(this ClaimsPrincipal user) => user.FindFirstValue(Credential);

    public static bool Has(this ClaimsPrincipal user, Scopes scope) =>
        user.FindFirstValue(Scope) is not { } words || ScopeWords.Parse(words).HasFlag(scope);
}
