using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>Sessions in the portal's database: the cookie holds a random key and nothing else.</summary>
internal sealed class SessionTickets(IPeople people, LiveSessions live, Ids ids, TimeProvider time) : ITicketStore
{
    /// <summary>What a sign-in tells of the person, beside the claims that a request carries later.</summary>
    public const string Issuer = "iss";
    public const string Subject = "sub";
    public const string Group = "group";

    private const int LongestText = 200;
    private const int MostGroupText = 20_000;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw new NotSupportedException("The cookie handler has a request.");

    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var user = ticket.Principal;
        var now = time.GetUtcNow();
        var groups = string.Join('\n', user.FindAll(Group).Select(g => g.Value));
        var person = new Person
        {
            Id = user.PersonId(),
            Issuer = user.FindFirstValue(Issuer)!,
            Subject = user.FindFirstValue(Subject)!,
            Name = Shortened(user.PersonName())!,
            Role = user.PersonRole(),
            Groups = groups.Length > MostGroupText ? groups[..Math.Max(0, groups.LastIndexOf('\n', MostGroupText))] : groups,
            FirstSeenAt = now,
            SignedInAt = now,
        };
        var key = ids.NewSecret();
        var session = new Session
        {
            Id = ids.NewSessionId(),
            KeyHash = LiveSessions.HashOf(key),
            PersonId = person.Id,
            Role = person.Role,
            CreatedAt = now,
            SeenAt = now,
            EndsAt = now + Session.Longest,
            Address = httpContext.Connection.RemoteIpAddress?.ToString(),
            Browser = Shortened(httpContext.Request.Headers.UserAgent.ToString()),
        };
        // Stored even if the browser leaves now: an answer that gets lost is no reason to keep nothing.
        await people.SignInAsync(person, session, CancellationToken.None);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => throw new NotSupportedException("A sign-in begins a session of its own.");

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        try
        {
            return await RetrieveAsync(key, cancellationToken);
        }
        catch (StorageUnavailableException) when (httpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The page that tells of this very trouble needs nobody.
            return null;
        }
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken)
    {
        if (await live.FindAsync(key, cancellationToken) is not { Session: var session, Person: var person })
        {
            return null;
        }
        List<Claim> more = [new(PersonClaims.Credential, session.Id)];
        if (session.Address is { } address)
        {
            more.Add(new Claim(PersonClaims.Address, address));
        }
        return new AuthenticationTicket(
            PersonClaims.Of(person, session.Role, SecurityServices.SessionScheme, more),
            new AuthenticationProperties { IssuedUtc = session.CreatedAt, ExpiresUtc = session.EndsAt },
            SecurityServices.SessionScheme);
    }

    public async Task RemoveAsync(string key)
    {
        if (await live.FindAsync(key, CancellationToken.None) is { Session: var session })
        {
            await people.EndSessionAsync(session.PersonId, session.Id, time.GetUtcNow(), CancellationToken.None);
            live.End(session.Id);
        }
    }

    private static string? Shortened(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;
}
