using System.Security.Claims;

namespace AiStackDeployer.Web.Security;

/// <summary>Who is asking, independent of how they were recognised.</summary>
public static class Person
{
    /// <summary>The owner id of what this person makes (<c>usr_…</c>).</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the page was reached past the identity it needs.</exception>
    public static string PersonId(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("The request carries no person.");
}
