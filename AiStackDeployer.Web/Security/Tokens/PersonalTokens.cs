using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.SignIn;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Security.Tokens;

/// <summary>Tokens that people make for their scripts.</summary>
internal sealed class PersonalTokens(IPeople people, LiveSessions live, AuditTrail audit, Ids ids, TimeProvider time)
{
    public const int LongestName = 60;

    /// <summary>In days; the first one is what a person gets who chooses nothing.</summary>
    public static IReadOnlyList<int> Lifetimes { get; } = [90, 30, 180, 365];

    /// <summary>What the person may give to a token or a client.</summary>
    public static IEnumerable<Scopes> ScopesOf(ClaimsPrincipal person) =>
        ScopeWords.All.Where(scope => scope != Scopes.Admin || person.PersonRole() >= Role.Operator);

    /// <returns>The token itself, which is kept nowhere; null when name, scopes or days do not fit.</returns>
    public async Task<string?> MakeAsync(HttpContext context, string? name, Scopes scopes, int days, CancellationToken cancellationToken)
    {
        name = new string([.. (name ?? "").Trim().Where(c => !char.IsControl(c))]);
        scopes = ScopesOf(context.User).Where(scope => scopes.HasFlag(scope)).Aggregate(Scopes.None, (sum, scope) => sum | scope);
        if (name.Length is 0 or > LongestName || scopes == Scopes.None || !Lifetimes.Contains(days))
        {
            return null;
        }
        var now = time.GetUtcNow();
        var text = TokenText.Of(ids.NewSecret());
        var token = new AccessToken
        {
            Id = ids.NewTokenId(), PersonId = context.User.PersonId(), Name = name, Hash = LiveSessions.HashOf(text), Scopes = scopes, CreatedAt = now,
            EndsAt = now.AddDays(days),
        };
        await Visitors.KnowAsync(people, context.User, now);
        await people.AddTokenAsync(token, cancellationToken);
        await audit.RecordAsync(Actor.Of(context), AuditActions.MakeToken, AuditOutcome.Done, token.Id, name, detail: scopes.ToWords());
        return text;
    }

    public async Task<bool> RevokeAsync(HttpContext context, string tokenId, CancellationToken cancellationToken)
    {
        if (!await people.RevokeTokenAsync(context.User.PersonId(), tokenId, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        live.End(tokenId);
        await audit.RecordAsync(Actor.Of(context), AuditActions.RevokeToken, AuditOutcome.Done, tokenId);
        return true;
    }

    /// <summary>The live token with this text; also counts as a use of it.</summary>
    public async Task<TokenHolder?> FindAsync(string text, CancellationToken cancellationToken)
    {
        var hash = LiveSessions.HashOf(text);
        if (!TokenText.IsWhole(text)
            || await people.FindTokenAsync(hash, time.GetUtcNow(), cancellationToken) is not { } found
            // A database may compare texts more loosely than we do, and tell by its time how much of one was right.
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(found.Token.Hash), Encoding.ASCII.GetBytes(hash)))
        {
            return null;
        }
        await live.SeenAsync(found.Token.Id, found.Token.UsedAt, cancellationToken);
        return found;
    }

    /// <summary>Whether somebody of this origin can sign in as the portal is set now: what test persons and visitors made must not outlive them.</summary>
    public static bool IsOf(SignInSettings settings, Person person) => settings.Mode switch
    {
        AuthMode.None => person.Issuer == Visitors.Issuer,
        AuthMode.Development => person.Issuer == SignInEndpoints.DevelopmentIssuer,
        _ => person.Issuer is not (Visitors.Issuer or SignInEndpoints.DevelopmentIssuer),
    };
}
