using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.Core;
using Microsoft.AspNetCore.Authentication;

namespace AiStackDeployer.Web.Security;

/// <summary>A caller that the portal does not know yet.</summary>
internal static class AnonymousCaller
{
    private const string Mark = "anonymous";

    public static ClaimsPrincipal With(string ownerId) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, ownerId), new Claim(Mark, "")], PersonCookie.Scheme));

    /// <summary>Who the request says it is, else the person of this key, else somebody new.</summary>
    public static ClaimsPrincipal OrNew(ClaimsPrincipal? user, string? key, Ids ids) =>
        user?.Identity?.IsAuthenticated == true ? user : With(key is null ? ids.NewOwnerId() : OwnerOfKey(key));

    /// <summary>
    /// A script that keeps no cookies repeats its call as nobody the portal knows; its key makes it the same person again.
    /// </summary>
    public static string OwnerOfKey(string key) =>
        "usr_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("ai-stack-deployer.person-of-key:" + key)))[..32];

    /// <summary>
    /// Whether a repeated call proves that it comes from the person who made the first one. A key that can be guessed does not:
    /// somebody else may have taken "test" too, or copied the same example, and must not be handed the password by it.
    /// </summary>
    public static bool IsProven(ClaimsPrincipal user, string key) => !IsMadeUp(user) || !GuessableKeys.Contains(key);

    /// <summary>Nobody who was here before: the next request may come as somebody else.</summary>
    public static bool IsMadeUp(ClaimsPrincipal user) => user.HasClaim(Mark, "");

    /// <summary>Gives the caller the cookie unless they already have one.</summary>
    public static async Task RememberAsync(HttpContext context)
    {
        if (IsMadeUp(context.User))
        {
            var person = new ClaimsPrincipal(
                new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, context.User.PersonId())], PersonCookie.Scheme));
            await context.SignInAsync(PersonCookie.Scheme, person, new AuthenticationProperties { IsPersistent = true });
        }
    }
}
