using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiStackDeployer.Contract;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiStackDeployer.StackGate.SignIn;

/// <param name="Id">The same for as long as it is renewed.</param>
internal sealed record Session(string Id, string Person, DateTimeOffset IssuedAt);

/// <summary>
/// The gate's cookie: a token signed with a key that comes from the stack's password, so a restart keeps it and a new password ends it.
/// Who signs out ends the session and what is open of it.
/// </summary>
internal sealed class Sessions(GateOptions options, TimeProvider time)
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(15);

    private readonly SymmetricSecurityKey _key = new(StackKeys.SessionKey(options.Password));
    private readonly ConcurrentDictionary<string, Known> _known = new();

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(12);

    /// <summary>A browser keeps a cookie with the prefix only from https, or from this machine.</summary>
    public string CookieName { get; } = IsPlain(options) ? "stack" : "__Host-stack";

    /// <summary>Signs a person in.</summary>
    public void Begin(HttpResponse response, string person) => Write(response, new Session(RandomNumberGenerator.GetHexString(32), person, default));

    /// <summary>A person did something: 12 hours more.</summary>
    public void Renew(HttpResponse response, Session session)
    {
        if (time.GetUtcNow() - session.IssuedAt >= RenewAfter)
        {
            Write(response, session);
        }
    }

    /// <summary>Null when there is none, or it was forged, has expired or was ended.</summary>
    public async Task<Session?> ReadAsync(HttpRequest request)
    {
        if (request.Cookies[CookieName] is not { Length: > 0 and < 2_048 } cookie)
        {
            return null;
        }
        var now = time.GetUtcNow();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(cookie, new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = _key,
            LifetimeValidator = (_, expires, _, _) => expires > now.UtcDateTime,
        });
        return result.IsValid && result.SecurityToken is JsonWebToken { Id.Length: > 0 } token && !EndOf(token.Id).IsCancellationRequested
            ? new Session(token.Id, token.Subject, new DateTimeOffset(token.IssuedAt, TimeSpan.Zero))
            : null;
    }

    /// <summary>Cancelled when the session is ended.</summary>
    public CancellationToken EndOf(string id)
    {
        var known = _known.GetOrAdd(id, static _ => new Known());
        known.LastUse = time.GetUtcNow();
        return known.End.Token;
    }

    public void End(HttpResponse response, Session session)
    {
        EndOf(session.Id);
        _known[session.Id].End.Cancel();
        response.Cookies.Delete(CookieName, Cookie());
    }

    private static bool IsPlain(GateOptions options) => options.StackUrl is { Scheme: "http" };

    private CookieOptions Cookie() => new() { HttpOnly = true, Secure = !IsPlain(options), SameSite = SameSiteMode.Lax, Path = "/" };

    private void Write(HttpResponse response, Session session)
    {
        var now = time.GetUtcNow();
        foreach (var (id, known) in _known)
        {
            if (now - known.LastUse > Lifetime)
            {
                // What an ended session could show has expired by now as well.
                _known.TryRemove(id, out _);
            }
        }
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = session.Person, ["jti"] = session.Id },
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
        var cookie = Cookie();
        cookie.MaxAge = Lifetime;
        response.Cookies.Append(CookieName, token, cookie);
    }

    private sealed class Known
    {
        public CancellationTokenSource End { get; } = new();

        public DateTimeOffset LastUse { get; set; }
    }
}
