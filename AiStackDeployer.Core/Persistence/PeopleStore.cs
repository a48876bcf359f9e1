using AiStackDeployer.Core.People;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Statuses = OpenIddict.Abstractions.OpenIddictConstants.Statuses;

namespace AiStackDeployer.Core.Persistence;

// Translated to SQL, which knows no culture and no StringComparison.
#pragma warning disable CA1304, CA1311, CA1862

/// <inheritdoc cref="IPeople"/>
internal sealed class PeopleStore(IDbContextFactory<PortalDbContext> contexts, StorageMeter storage) : IPeople
{
    public Task SignInAsync(Person person, Session session, CancellationToken cancellationToken) => storage.RunAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Two tabs may sign the same new person in at once.
        await using var transaction = await db.BeginWriteAsync([person.Id], cancellationToken);
        if (await db.People.SingleOrDefaultAsync(p => p.Id == person.Id, cancellationToken) is { } known)
        {
            (known.Name, known.Role, known.Groups, known.SignedInAt) = (person.Name, person.Role, person.Groups, person.SignedInAt);
        }
        else
        {
            db.People.Add(person);
        }
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    });

    public Task KnowAsync(Person person, CancellationToken cancellationToken) => WriteAsync(
        async db =>
        {
            await using var transaction = await db.BeginWriteAsync([person.Id], cancellationToken);
            if (!await db.People.AnyAsync(p => p.Id == person.Id, cancellationToken))
            {
                db.People.Add(person);
                await db.SaveChangesAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<Person?> FindAsync(string personId, CancellationToken cancellationToken) =>
        ReadAsync(db => db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == personId, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> NamesAsync(IReadOnlyCollection<string> personIds, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<string, string>>(
            async db => await db.People.Where(p => personIds.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<string, Role>> RolesAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyDictionary<string, Role>>(
        async db => await db.People.Where(p => p.Role != Role.User).ToDictionaryAsync(p => p.Id, p => p.Role, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<PersonRow>> ListAsync(string? search, DateTimeOffset now, int skip, int take, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<PersonRow>>(
            async db =>
            {
                var wanted = (search ?? "").Trim().ToLowerInvariant().Replace('\0', ' ');
                var idle = now - Session.Idle;
                return await db.People.AsNoTracking()
                    .Where(p => wanted == "" || p.Name.ToLower().Contains(wanted))
                    .OrderBy(p => p.Name.ToLower()).ThenBy(p => p.Id).Skip(skip).Take(take)
                    .Select(p => new PersonRow(
                        p,
                        db.Stacks.Count(s => s.OwnerId == p.Id && s.ReleasedAt == null),
                        db.Sessions.Count(s => s.PersonId == p.Id && s.EndedAt == null && s.EndsAt > now && s.SeenAt > idle)))
                    .ToListAsync(cancellationToken);
            },
            cancellationToken);

    public Task<bool> SetStackLimitAsync(string personId, int? limit, CancellationToken cancellationToken) => WriteAsync(
        async db => await db.People.Where(p => p.Id == personId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.StackLimit, limit), cancellationToken) > 0,
        cancellationToken);

    public Task<SignedIn?> FindSessionAsync(string keyHash, DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync(
        db => LiveSessions(db, now).Where(s => s.KeyHash == keyHash)
            .Join(db.People, s => s.PersonId, p => p.Id, (s, p) => new SignedIn(s, p)).AsNoTracking().SingleOrDefaultAsync(cancellationToken),
        cancellationToken);

    public Task<IReadOnlySet<string>> FindLiveAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlySet<string>>(
            async db =>
            {
                var sessions = LiveSessions(db, now).Where(s => ids.Contains(s.Id)).Select(s => s.Id);
                var tokens = LiveTokens(db, now).Where(t => ids.Contains(t.Id)).Select(t => t.Id);
                var clients = LiveAuthorizations(db).Where(a => ids.Contains(a.Id)).Select(a => a.Id!);
                return (await sessions.Concat(tokens).Concat(clients).ToListAsync(cancellationToken)).ToHashSet();
            },
            cancellationToken);

    public Task<IReadOnlyList<Session>> ListSessionsAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Session>>(
            async db => await LiveSessions(db, now).Where(s => s.PersonId == personId).OrderByDescending(s => s.SeenAt).AsNoTracking().ToListAsync(cancellationToken),
            cancellationToken);

    public Task SeenAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        async db =>
            await LiveSessions(db, now).Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancellationToken) > 0
            || await LiveTokens(db, now).Where(t => t.Id == id).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken) > 0,
        cancellationToken);

    public Task<bool> EndSessionAsync(string personId, string sessionId, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        async db => await LiveSessions(db, now).Where(s => s.Id == sessionId && s.PersonId == personId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellationToken) > 0,
        cancellationToken);

    public Task<IReadOnlyList<string>> EndAllAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync<IReadOnlyList<string>>(
            async db =>
            {
                await using var transaction = await db.BeginWriteAsync([personId], cancellationToken);
                var sessions = await LiveSessions(db, now).Where(s => s.PersonId == personId).ToListAsync(cancellationToken);
                var tokens = await LiveTokens(db, now).Where(t => t.PersonId == personId).ToListAsync(cancellationToken);
                sessions.ForEach(s => s.EndedAt = now);
                tokens.ForEach(t => t.RevokedAt = now);
                var clients = await LiveAuthorizations(db).Where(a => a.Subject == personId).Select(a => a.Id!).ToListAsync(cancellationToken);
                await LiveAuthorizations(db).Where(a => a.Subject == personId)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.Status, Statuses.Revoked), cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return [.. sessions.Select(s => s.Id), .. tokens.Select(t => t.Id), .. clients];
            },
            cancellationToken);

    public Task ForgetSessionsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var idle = before - Session.Idle;
        return WriteAsync(
            db => db.Sessions.Where(s => s.EndedAt < before || s.EndsAt < before || s.SeenAt < idle).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    public Task AddTokenAsync(AccessToken token, CancellationToken cancellationToken) => WriteAsync(
        db =>
        {
            db.AccessTokens.Add(token);
            return db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    public Task<TokenHolder?> FindTokenAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync(
        db => LiveTokens(db, now).Where(t => t.Hash == hash)
            .Join(db.People, t => t.PersonId, p => p.Id, (t, p) => new TokenHolder(t, p)).AsNoTracking().SingleOrDefaultAsync(cancellationToken),
        cancellationToken);

    public Task<IReadOnlyList<AccessToken>> ListTokensAsync(string personId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AccessToken>>(
            async db => await db.AccessTokens.AsNoTracking().Where(t => t.PersonId == personId).OrderByDescending(t => t.Id).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<bool> RevokeTokenAsync(string personId, string tokenId, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        async db => await LiveTokens(db, now).Where(t => t.Id == tokenId && t.PersonId == personId)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellationToken) > 0,
        cancellationToken);

    // As Session.IsLive has it.
    private static IQueryable<Session> LiveSessions(PortalDbContext db, DateTimeOffset now)
    {
        var idle = now - Session.Idle;
        return db.Sessions.Where(s => s.EndedAt == null && s.EndsAt > now && s.SeenAt > idle);
    }

    // As AccessToken.IsLive has it.
    private static IQueryable<AccessToken> LiveTokens(PortalDbContext db, DateTimeOffset now) =>
        db.AccessTokens.Where(t => t.RevokedAt == null && t.EndsAt > now);

    private static IQueryable<OpenIddictEntityFrameworkCoreAuthorization> LiveAuthorizations(PortalDbContext db) =>
        db.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(a => a.Status == Statuses.Valid);

    private Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancellationToken) =>
        storage.RepeatAsync(() => WithContextAsync(work, cancellationToken));

    private Task<T> WriteAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancellationToken) =>
        storage.RunAsync(() => WithContextAsync(work, cancellationToken));

    private async Task<T> WithContextAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await work(db);
    }
}
