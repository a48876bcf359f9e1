using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiStackDeployer.Contract;

/// <summary>What a ticket is for; a ticket for one thing opens no other.</summary>
public static class TicketUse
{
    /// <summary>A person's way in, once.</summary>
    public const string Enter = "enter";

    /// <summary>The portal's own questions.</summary>
    public const string Portal = "portal";
}

/// <summary>A ticket that was found good.</summary>
/// <param name="Id">Its own id, by which a second use is known.</param>
/// <param name="Person">Who it was made for: <c>usr_…</c>, or <c>portal</c>.</param>
public sealed record StackTicket(string Id, string Person, DateTimeOffset ExpiresAt);

/// <summary>
/// The portal's tickets: JSON web tokens, HS256 under <see cref="StackKeys.TicketKey"/>, for one stack (<c>aud</c> = its address without a
/// trailing slash), one use (<c>use</c>) and <see cref="Lifetime"/>. That one opens only once is up to the gate, which keeps the ids.
/// </summary>
public static class StackTickets
{
    private const string Issuer = "ai-stack-deployer";
    private const string UseClaim = "use";

    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the two clocks may be apart.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromSeconds(10);

    /// <param name="id">Random, and never used before.</param>
    public static string Issue(string password, string stackUrl, string use, string person, string id, DateTimeOffset now)
    {
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = stackUrl.TrimEnd('/'),
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = person, ["jti"] = id, [UseClaim] = use },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(StackKeys.TicketKey(password)), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The ticket; null when it is none, forged, of another stack, for another use, or has expired.</summary>
    public static async Task<StackTicket?> ReadAsync(string text, string password, string stackUrl, string use, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = stackUrl.TrimEnd('/'),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = new SymmetricSecurityKey(StackKeys.TicketKey(password)),
            RequireExpirationTime = true,
            // Also no ticket that was signed for a life of years.
            LifetimeValidator = (_, expires, _, _) => expires is { } end && end > (now - ClockSkew).UtcDateTime && end <= (now + Lifetime + ClockSkew).UtcDateTime,
        });
        return result.IsValid && result.SecurityToken is JsonWebToken { Id.Length: > 0, Subject.Length: > 0 } token
            && token.TryGetPayloadValue<string>(UseClaim, out var isFor) && isFor == use
            ? new StackTicket(token.Id, token.Subject, new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
            : null;
    }
}
