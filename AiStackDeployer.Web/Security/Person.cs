using System.Security.Claims;

namespace AiStackDeployer.Web.Security;

/// <summary>Who is asking, independent of how they were recognised.</summary>
public static class Person
{
    /// <summary>Null for nobody: a circuit can be opened without a page, so without whom the page was made for.</summary>
    public static string? FindPersonId(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier);

    /// <summary>The owner id of what this person makes (<c>usr_…</c>).</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the page was reached past the identity it needs.</exception>
    public static string PersonId(this ClaimsPrincipal user) =>
        user.FindPersonId() ?? throw new InvalidOperationException("The request carries no person.");
}
