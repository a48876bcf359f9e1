using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.SignIn;
using OpenIddict.Abstractions;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;
using Scopes = AiStackDeployer.Core.People.Scopes;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>A client that a person allowed to act for them.</summary>
internal sealed record AllowedClient(string AuthorizationId, string Name, string ClientId, Scopes Scopes, DateTimeOffset? Since);

/// <summary>Who stands behind a client's token.</summary>
internal sealed record ClientHolder(Person Person, string AuthorizationId, string Name, Scopes Scopes);

/// <summary>
/// What people allowed clients: one authorization for each person and client, which is the credential of all the client's tokens, on
/// whatever machine it runs.
/// </summary>
internal sealed class ClientAccess(
    IServiceScopeFactory scopes, OpenIddictValidationService tokens, IPeople people, LiveSessions live, AuditTrail audit, TimeProvider time)
{
    /// <summary>What the client asked for when the person decided, of which they may have allowed less.</summary>
    private const string Asked = "asked";

    /// <summary>Who stands behind this token; null when it is not live, or for another resource.</summary>
    public async Task<ClientHolder?> FindAsync(string token, string resource, CancellationToken cancellationToken)
    {
        ClaimsPrincipal principal;
        try
        {
            principal = await tokens.ValidateAccessTokenAsync(token, cancellationToken);
        }
        catch (ProtocolException)
        {
            return null;
        }
        return principal.HasAudience(resource)
            && principal.GetAuthorizationId() is { } id
            && await people.FindAsync(principal.GetClaim(Claims.Subject)!, cancellationToken) is { } person
            ? new ClientHolder(person, id, principal.GetClaim(PersonClaims.TokenName) ?? "", ScopesOf(principal.GetScopes()))
            : null;
    }

    /// <summary>How a client calls itself, and where a code for it may go; null = it is not known, or may not be sent there.</summary>
    public async Task<string?> FindNameAsync(string? clientId, string? redirectUri, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        return !string.IsNullOrEmpty(clientId) && !string.IsNullOrEmpty(redirectUri)
            && await applications.FindByClientIdAsync(clientId, cancellationToken) is { } application
            && await applications.ValidateRedirectUriAsync(application, redirectUri, cancellationToken)
            ? await applications.GetDisplayNameAsync(application, cancellationToken)
            : null;
    }

    /// <summary>What the person allowed this client, of what it asks for now; null = they were not asked for all of it yet.</summary>
    public async Task<Scopes?> RememberedAsync(ClaimsPrincipal person, string clientId, Scopes asked, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        if (await FindAsync(scope.ServiceProvider, person.PersonId(), clientId, cancellationToken) is not { } authorization
            || !AskedOf(await manager.GetPropertiesAsync(authorization, cancellationToken)).HasFlag(asked))
        {
            return null;
        }
        return ScopesOf(await manager.GetScopesAsync(authorization, cancellationToken)) & asked;
    }

    /// <summary>The person allows it: from now on the client need not ask again.</summary>
    public async Task AllowAsync(HttpContext context, string clientId, Scopes asked, Scopes granted, CancellationToken cancellationToken)
    {
        var person = context.User;
        await Visitors.KnowAsync(people, person, time.GetUtcNow());
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var application = await applications.FindByClientIdAsync(clientId, cancellationToken) ?? throw new InvalidOperationException("The client is gone.");
        var known = await FindAsync(scope.ServiceProvider, person.PersonId(), clientId, cancellationToken);
        var descriptor = new OpenIddictAuthorizationDescriptor
        {
            ApplicationId = await applications.GetIdAsync(application, cancellationToken), Subject = person.PersonId(), CreationDate = time.GetUtcNow(),
            Status = Statuses.Valid, Type = AuthorizationTypes.Permanent,
        };
        if (known is not null)
        {
            await manager.PopulateAsync(descriptor, known, cancellationToken);
            asked |= AskedOf(descriptor.Properties.ToImmutableDictionary());
        }
        descriptor.Scopes.Clear();
        descriptor.Scopes.UnionWith(WordsOf(granted));
        descriptor.Properties[Asked] = JsonSerializer.SerializeToElement(asked.ToWords());
        if (known is null)
        {
            await manager.CreateAsync(descriptor, cancellationToken);
        }
        else
        {
            await manager.UpdateAsync(known, descriptor, cancellationToken);
        }
        await audit.RecordAsync(
            Actor.Of(context), AuditActions.AllowClient, AuditOutcome.Done, clientId, await applications.GetDisplayNameAsync(application, cancellationToken),
            detail: granted.ToWords());
    }

    /// <summary>What the client's code and tokens say.</summary>
    public async Task<ClaimsPrincipal> PrincipalAsync(
        ClaimsPrincipal person, string clientId, Scopes granted, string resource, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var application = await applications.FindByClientIdAsync(clientId, cancellationToken) ?? throw new InvalidOperationException("The client is gone.");
        var authorization = await FindAsync(scope.ServiceProvider, person.PersonId(), clientId, cancellationToken);
        var identity = new ClaimsIdentity("OAuth", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.PersonId()).SetClaim(PersonClaims.TokenName, await applications.GetDisplayNameAsync(application, cancellationToken));
        identity.SetScopes([.. WordsOf(granted), OpenIddictConstants.Scopes.OfflineAccess]).SetResources(resource);
        identity.SetAuthorizationId(authorization is null ? null : await manager.GetIdAsync(authorization, cancellationToken));
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }

    public async Task<IReadOnlyList<AllowedClient>> ListAsync(string personId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        List<AllowedClient> all = [];
        await foreach (var authorization in manager.FindBySubjectAsync(personId, cancellationToken))
        {
            if (await manager.HasStatusAsync(authorization, Statuses.Valid, cancellationToken)
                && await manager.GetApplicationIdAsync(authorization, cancellationToken) is { } applicationId
                && await applications.FindByIdAsync(applicationId, cancellationToken) is { } application)
            {
                all.Add(new AllowedClient(
                    (await manager.GetIdAsync(authorization, cancellationToken))!,
                    await applications.GetDisplayNameAsync(application, cancellationToken) ?? "",
                    await applications.GetClientIdAsync(application, cancellationToken) ?? "",
                    ScopesOf(await manager.GetScopesAsync(authorization, cancellationToken)),
                    await manager.GetCreationDateAsync(authorization, cancellationToken)));
            }
        }
        return [.. all.OrderByDescending(client => client.Since)];
    }

    /// <summary>The client's tokens are over, and what is open for them ends.</summary>
    public async Task RevokeAsync(HttpContext context, string authorizationId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        if (await manager.FindByIdAsync(authorizationId, cancellationToken) is { } authorization
            && await manager.GetSubjectAsync(authorization, cancellationToken) == context.User.PersonId()
            && await manager.TryRevokeAsync(authorization, cancellationToken))
        {
            live.End(authorizationId);
            await audit.RecordAsync(Actor.Of(context), AuditActions.RevokeClient, AuditOutcome.Done, authorizationId);
        }
    }

    private static async Task<object?> FindAsync(IServiceProvider services, string personId, string clientId, CancellationToken cancellationToken)
    {
        var manager = services.GetRequiredService<IOpenIddictAuthorizationManager>();
        var applications = services.GetRequiredService<IOpenIddictApplicationManager>();
        if (await applications.FindByClientIdAsync(clientId, cancellationToken) is { } application)
        {
            await foreach (var authorization in manager.FindAsync(
                personId, await applications.GetIdAsync(application, cancellationToken), Statuses.Valid, AuthorizationTypes.Permanent, null, cancellationToken))
            {
                return authorization;
            }
        }
        return null;
    }

    private static Scopes AskedOf(ImmutableDictionary<string, JsonElement> properties) =>
        properties.TryGetValue(Asked, out var words) ? ScopeWords.Parse(words.GetString() ?? "") : Scopes.None;

    private static Scopes ScopesOf(ImmutableArray<string> words) => ScopeWords.Parse(string.Join(' ', words));

    private static string[] WordsOf(Scopes granted) => granted.ToWords().Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
